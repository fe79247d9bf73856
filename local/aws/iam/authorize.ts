import type { AskAws } from '../refusals/ask-aws';
import type { AwsCall } from '../refusals/models/read-call';
import type { Refusal } from '../refusals/refusal';
import { parseArn } from '../refusals/rules/lookups';
import type { RoleCaller } from './caller';
import type { Need } from './need';
import { needsOf } from './needs';
import { requestContext } from './request-context';
import type { Place } from './place';
import { resourcePolicy } from './resource-policy';
import { readRolePolicies, type RolePolicies } from './role-policies';
import { simulate } from './simulate';

/**
 * Holds a call of a role against its own policies, its boundary and the policy of what it is about.
 *
 * @returns what AWS says to a call that is not allowed; undefined for one that is
 */
export async function authorize(call: AwsCall, caller: RoleCaller, aws: AskAws): Promise<Refusal | undefined> {
  const policies = await readRolePolicies(aws, caller.roleName);
  const gone = { code: 'InvalidClientTokenId', status: 403, message: `The role ${caller.roleArn} does not exist.` };
  if (policies === undefined) return gone;
  const place: Place = {
    partition: caller.roleArn.split(':')[1] ?? 'aws',
    region: call.region,
    account: caller.account,
  };
  for (const need of await needsOf(call, place, aws)) {
    const why = await denial(need, call, caller, policies, aws);
    if (why !== undefined) return denied(call, caller, need, why);
  }
  return undefined;
}

/** Why a permission is missing; undefined where it is given. */
async function denial(
  { action, resource, context = {} }: Need,
  call: AwsCall,
  caller: RoleCaller,
  policies: RolePolicies,
  aws: AskAws,
): Promise<string | undefined> {
  const ofResource = resource === '*' ? undefined : await resourcePolicy(aws, resource);
  const account = parseArn(resource).account;
  const { result, error } = await simulate({
    request: {
      principal: caller.sessionArn,
      action,
      resource: { resource, accountId: account === '' || account === '*' ? caller.account : account },
      contextVariables: { ...requestContext(call, caller, policies.tags), ...context },
    },
    identityPolicies: [...policies.identity],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: ofResource,
    permissionBoundaryPolicies: policies.boundary && [...policies.boundary],
  });
  if (error !== undefined) return `a policy cannot be read: ${error}`;
  if (result === 'Allowed') return undefined;
  if (result === 'ExplicitlyDenied') return 'with an explicit deny';
  const no =
    policies.boundary === undefined ? 'identity-based policy' : 'identity-based policy with its permissions boundary';
  return `because no ${no} allows the ${action} action`;
}

/** How services call it. */
const CODES: Readonly<Record<string, string>> = { ec2: 'UnauthorizedOperation', s3: 'AccessDenied' };

function denied({ model, protocol }: AwsCall, caller: RoleCaller, { action, resource }: Need, why: string): Refusal {
  const json = protocol === 'json' || protocol === 'rest-json';
  return {
    code: CODES[model.name] ?? (json ? 'AccessDeniedException' : 'AccessDenied'),
    status: json && protocol === 'json' ? 400 : 403,
    message: `User: ${caller.sessionArn} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
  };
}
