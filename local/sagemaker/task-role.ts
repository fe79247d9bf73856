/** A task's role as IAM describes it: its name and its policies' documents. */
export interface TaskRole {
  readonly name: string;
  readonly policies: readonly PolicyDocument[];
  /** Where the role is, for everything else that its task asks of AWS. @default nowhere: the policies alone decide */
  readonly emulated?: EmulatedRole;
}

/** A role that the AWS emulator has. */
export interface EmulatedRole {
  readonly arn: string;
  /** Address of the emulator. */
  readonly endpoint: string;
  readonly region: string;
}

export interface PolicyDocument {
  readonly Statement: Statement | readonly Statement[];
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

/**
 * Whether a role may invoke an endpoint, by its name: what runs here must not be able to do more than what is deployed.
 */
export function mayInvoke(
  role: TaskRole,
  endpoint: string,
  action: 'sagemaker:InvokeEndpoint' | 'sagemaker:InvokeEndpointAsync' = 'sagemaker:InvokeEndpoint',
): boolean {
  const matching = role.policies
    .flatMap(({ Statement }) => Statement)
    .filter(
      ({ Action, Resource }) =>
        covers(Action, action) &&
        list(Resource).some((resource) => matches(lastPart(resource), `endpoint/${endpoint}`)),
    );
  return matching.some(({ Effect }) => Effect === 'Allow') && !matching.some(({ Effect }) => Effect === 'Deny');
}

function covers(patterns: string | readonly string[] | undefined, action: string): boolean {
  return list(patterns).some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase()));
}

/** The part of an ARN behind the account; `*` alone stays what it is. */
function lastPart(resource: string): string {
  return resource.startsWith('arn:') ? resource.split(':').slice(5).join(':') : resource;
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`).test(text);
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? (value as readonly T[]) : [value as T];
}
