import type { AskAws } from '../refusals/ask-aws';
import { type RoleCaller, roleOfSession, sessionOfRole } from './caller';

/**
 * The roles behind access keys: those that AssumeRole handed out, which moto knows, and those that the emulator was
 * told, as for the task roles of what runs on this machine.
 */
export class Callers {
  readonly #known = new Map<string, RoleCaller | undefined>();

  /** From now on an access key is a session of a role. */
  tell(accessKey: string, roleArn: string, session = 'local'): void {
    this.#known.set(accessKey, sessionOfRole(roleArn, session));
  }

  /** Undefined for who is no role, and so may do everything. */
  async find(accessKey: string, aws: AskAws): Promise<RoleCaller | undefined> {
    // Temporary credentials start so; asking for each key of a user or a test would cost a request.
    if (!this.#known.has(accessKey) && !accessKey.startsWith('ASIA')) return undefined;
    if (!this.#known.has(accessKey)) {
      const { Arn = '' } = (await aws('sts', 'GetCallerIdentity')) ?? {};
      const RoleName = roleOfSession(Arn)?.roleName;
      const path: string =
        RoleName === undefined ? '/' : ((await aws('iam', 'GetRole', { RoleName }))?.Role?.Path ?? '/');
      this.#known.set(accessKey, roleOfSession(Arn, path));
    }
    return this.#known.get(accessKey);
  }

  forget(): void {
    this.#known.clear();
  }
}
