import type { AskAws, Reading } from '../refusals/ask-aws';
import type { AwsCall } from '../refusals/models/read-call';
import type { Refusal } from '../refusals/refusal';
import { nameOf, parseArn } from '../refusals/rules/lookups';
import { document } from './role-policies';
import { simulate } from './simulate';

/** Claims of a token that are condition keys for every identity provider. */
interface Claims {
  readonly iss: string;
  readonly sub: string;
  readonly aud: string;
  /** Seconds since 1970. */
  readonly exp?: number;
}

/**
 * Whether a role trusts the token of a CI or another identity provider: AssumeRoleWithWebIdentity. The signature of the
 * token is not verified, which would take the provider's keys.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
export async function webIdentityRefusal(call: AwsCall, aws: AskAws): Promise<Refusal | undefined> {
  const { RoleArn, WebIdentityToken, RoleSessionName } = call.input as Reading;
  const claims = claimsOf(String(WebIdentityToken));
  if (claims === undefined) return invalid('The ID Token provided is not a valid JWT.');
  const [, partition, , , account] = String(RoleArn).split(':');
  const host = claims.iss.replace(/^https:\/\//, '');
  const provider = `arn:${partition}:iam::${account}:oidc-provider/${host}`;
  const known = await aws('iam', 'GetOpenIDConnectProvider', { OpenIDConnectProviderArn: provider });
  if (known === undefined) return invalid(`No OpenIDConnect provider found in your account for ${claims.iss}`);
  if (claims.exp !== undefined && claims.exp * 1000 < Date.now())
    return { code: 'ExpiredTokenException', status: 400, message: 'Token expired' };
  if (!(known.ClientIDList as string[]).includes(claims.aud)) return invalid('Incorrect token audience');
  const role: Reading | undefined = (await aws('iam', 'GetRole', { RoleName: nameOf(String(RoleArn)) }))?.Role;
  if (role !== undefined && (await trusts(role, provider, host, claims, String(RoleSessionName)))) return undefined;
  return { code: 'AccessDenied', status: 403, message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' };
}

async function trusts(
  role: Reading,
  provider: string,
  host: string,
  { sub, aud }: Claims,
  session: string,
): Promise<boolean> {
  const { result } = await simulate({
    request: {
      principal: provider,
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: { resource: role.Arn, accountId: parseArn(role.Arn).account },
      contextVariables: { [SUBJECT]: sub, [AUDIENCE]: aud, 'sts:RoleSessionName': session },
    },
    identityPolicies: [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: withKnownKeys(document(role.AssumeRolePolicyDocument), host),
  });
  return result === 'Allowed';
}

/** The keys of one provider stand for those of any other, as IAM's data does not list `<host>:sub` and `<host>:aud`. */
const SUBJECT = 'accounts.google.com:sub';
const AUDIENCE = 'accounts.google.com:aud';

function withKnownKeys(policy: unknown, host: string): unknown {
  const text = JSON.stringify(policy);
  return JSON.parse(text.replaceAll(`"${host}:sub"`, `"${SUBJECT}"`).replaceAll(`"${host}:aud"`, `"${AUDIENCE}"`));
}

function claimsOf(token: string): Claims | undefined {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Claims;
    return [claims.iss, claims.sub, claims.aud].every((claim) => typeof claim === 'string') ? claims : undefined;
  } catch {
    return undefined;
  }
}

function invalid(message: string): Refusal {
  return { code: 'InvalidIdentityToken', status: 400, message };
}
