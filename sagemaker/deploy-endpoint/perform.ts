import { answer, type Answer } from './answer';
import { DeployError } from './deploy-error';
import { Endpoint } from './endpoint';
import type { Task } from './event';
import { servingImage } from './model-version';
import type { Run } from './run';
import { awaitModel } from './tasks/await-model';
import { deploy } from './tasks/deploy';
import { endRollout } from './tasks/end-rollout';
import { refresh } from './tasks/refresh';
import { settle } from './tasks/settle';

/** Does what the event asks for. @throws DeployError when it cannot be done; what serves continues to serve. */
export async function perform(run: Run, task: Task): Promise<Answer> {
  const endpoint = new Endpoint(run);
  switch (task.kind) {
    case 'deploy':
      return await deploy(run, endpoint, task);
    case 'refresh':
      return await refresh(run, endpoint, task);
    case 'await':
      return await awaitModel(endpoint, task.modelName);
    case 'promote':
    case 'discard':
      return await endRollout(run, endpoint, task.kind);
    case 'image':
      return { ...answer(endpoint, 'unchanged'), imageUri: await servingImage(run) };
    case 'ignore':
      return answer(endpoint, task.approval === 'PendingManualApproval' ? 'awaiting-approval' : 'unchanged');
    case 'settle':
      return await settle(endpoint, task.endpointName);
    default:
      throw new DeployError(`unknown task ${JSON.stringify(task satisfies never)}`);
  }
}
