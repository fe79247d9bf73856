import { emulatorRefusal } from './emulator-refusal';
import { mayInvoke, type TaskRole } from './task-role';

/**
 * The roles behind access keys: what an app may not do when it is deployed, it may not do here. A key without a role
 * may do everything.
 */
export class Roles {
  readonly #roles = new Map<string, TaskRole>();

  set(accessKey: string, role: TaskRole): void {
    this.#roles.set(accessKey, role);
  }

  /** What a request lacks, as IAM words it; undefined when it may be made. */
  async refusal(
    accessKey: string,
    action: 'sagemaker:InvokeEndpoint' | 'sagemaker:InvokeEndpointAsync',
    endpoint: string,
  ): Promise<string | undefined> {
    const role = this.#roles.get(accessKey);
    if (role?.emulated !== undefined) return emulatorRefusal(role.emulated, accessKey, action, endpoint);
    if (role === undefined || mayInvoke(role, endpoint, action)) return undefined;
    return `${role.name} is not authorized to perform: ${action} on resource: endpoint/${endpoint}`;
  }
}
