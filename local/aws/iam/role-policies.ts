import type { AskAws, Reading } from '../refusals/ask-aws';

export interface NamedPolicy {
  readonly name: string;
  readonly policy: unknown;
}

/** What a role may do, as IAM has it. */
export interface RolePolicies {
  readonly identity: readonly NamedPolicy[];
  /** Undefined for a role without a permissions boundary. */
  readonly boundary: readonly NamedPolicy[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** A role's inline and attached policies, its boundary and its tags; undefined for a role that is gone. */
export async function readRolePolicies(aws: AskAws, RoleName: string): Promise<RolePolicies | undefined> {
  const role: Reading | undefined = (await aws('iam', 'GetRole', { RoleName }))?.Role;
  if (role === undefined) return undefined;
  const inline: string[] = (await aws('iam', 'ListRolePolicies', { RoleName }))?.PolicyNames ?? [];
  const attached: Reading[] = (await aws('iam', 'ListAttachedRolePolicies', { RoleName }))?.AttachedPolicies ?? [];
  const boundary: string | undefined = role.PermissionsBoundary?.PermissionsBoundaryArn;
  const tags: Reading[] = role.Tags ?? [];
  return {
    identity: [
      ...(await Promise.all(inline.map((name) => inlinePolicy(aws, RoleName, name)))),
      ...(await Promise.all(attached.map(({ PolicyArn }) => managedPolicy(aws, PolicyArn)))),
    ].filter((policy) => policy !== undefined),
    // A boundary that cannot be read allows nothing.
    boundary:
      boundary === undefined
        ? undefined
        : [(await managedPolicy(aws, boundary)) ?? { name: boundary, policy: NOTHING }],
    tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key as string, Value as string])),
  };
}

const NOTHING = { Version: '2012-10-17', Statement: [] };

async function inlinePolicy(aws: AskAws, RoleName: string, PolicyName: string): Promise<NamedPolicy | undefined> {
  const found = await aws('iam', 'GetRolePolicy', { RoleName, PolicyName });
  return found && { name: PolicyName, policy: document(found.PolicyDocument) };
}

async function managedPolicy(aws: AskAws, PolicyArn: string): Promise<NamedPolicy | undefined> {
  const policy: Reading | undefined = (await aws('iam', 'GetPolicy', { PolicyArn }))?.Policy;
  const version = { PolicyArn, VersionId: policy?.DefaultVersionId ?? 'v1' };
  const found: Reading | undefined = (await aws('iam', 'GetPolicyVersion', version))?.PolicyVersion;
  return found && { name: PolicyArn, policy: document(found.Document) };
}

/** A document as IAM hands it out: JSON, URL-encoded or not. */
export function document(text: unknown): unknown {
  const written = String(text);
  try {
    return JSON.parse(written.startsWith('%7B') ? decodeURIComponent(written) : written);
  } catch {
    return NOTHING;
  }
}
