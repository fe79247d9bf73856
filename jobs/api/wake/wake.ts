import { DescribeServicesCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { SendMessageCommand } from '@aws-sdk/client-sqs';

import type { ApiContext } from '../context';

/** Scale-in may write 0 just after a submit read 1: the wake function looks again, later than that takes. */
export const LOOK_AGAIN_SECONDS = 60;

/** Sees that a worker will come. A failure here loses no job: the delayed message and an alarm look again. */
export async function wake(context: ApiContext, kind: string): Promise<void> {
  const results = await Promise.allSettled([raise(context, kind), lookAgain(context, kind)]);
  for (const result of results) if (result.status === 'rejected') console.error('cannot wake', kind, result.reason);
}

/** From 0 to 1 and nothing else: any other count is the autoscaling's. */
export async function raise({ ecs, settings }: ApiContext, kind: string): Promise<void> {
  const { clusterName: cluster, serviceName: service } = settings.kinds[kind] ?? {};
  if (cluster === undefined || service === undefined) return;
  const { services: [found] = [] } = await ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
  if (found?.desiredCount === 0) await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount: 1 }));
}

export async function lookAgain({ sqs, settings }: ApiContext, kind: string): Promise<void> {
  if (settings.wakeQueueUrl === undefined) return;
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: settings.wakeQueueUrl,
      MessageBody: JSON.stringify({ kind }),
      DelaySeconds: LOOK_AGAIN_SECONDS,
    }),
  );
}
