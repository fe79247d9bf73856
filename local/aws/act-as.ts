import { randomBytes } from 'node:crypto';

import { CALLERS_PATH } from './shim';

/** What the SDKs and the AWS CLI sign with. */
export interface EmulatorCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Credentials of a role for what AWS would start with them: a task, a build, a function. The emulator holds what is
 * signed with them against the role's policies, without AssumeRole, since such roles trust services alone.
 *
 * @param endpoint address of the emulator
 * @param session the session's name, which AccessDenied repeats
 * @param accessKeyId @default a new one
 * @throws Error when the emulator does not take it
 */
export async function actAs(
  endpoint: string,
  roleArn: string,
  session: string,
  accessKeyId = `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
): Promise<EmulatorCredentials> {
  const tell = () =>
    fetch(`${endpoint}${CALLERS_PATH}`, {
      method: 'POST',
      body: JSON.stringify({ accessKeyId, roleArn, session }),
    });
  // Once more, as the emulator may have closed a kept connection while this process was busy.
  const response = await tell().catch(tell);
  if (!response.ok)
    throw new Error(
      `the emulator on ${endpoint} does not take the role ${roleArn}: ${response.status} ${await response.text()}`,
    );
  return { accessKeyId, secretAccessKey: 'local' };
}
