/** Who sent a request, where that is a role of the account: everybody else may do everything. */
export interface RoleCaller {
  readonly roleName: string;
  readonly roleArn: string;
  /** `arn:aws:sts::123456789012:assumed-role/AppRole/session`. */
  readonly sessionArn: string;
  readonly account: string;
}

const SESSION = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/(.+)$/;

/** The role behind what GetCallerIdentity says; undefined for a user. */
export function roleOfSession(sessionArn: string, path = '/'): RoleCaller | undefined {
  const [, partition, account, roleName] = SESSION.exec(sessionArn) ?? [];
  if (partition === undefined || account === undefined || roleName === undefined) return undefined;
  return { roleName, roleArn: `arn:${partition}:iam::${account}:role${path}${roleName}`, sessionArn, account };
}

/** A session of a role, by its ARN. */
export function sessionOfRole(roleArn: string, session: string): RoleCaller {
  const [, partition = 'aws', account = ''] = /^arn:([^:]+):iam::(\d+):role\//.exec(roleArn) ?? [];
  const roleName = roleArn.split('/').at(-1)!;
  const sessionArn = `arn:${partition}:sts::${account}:assumed-role/${roleName}/${session}`;
  return { roleName, roleArn, sessionArn, account };
}
