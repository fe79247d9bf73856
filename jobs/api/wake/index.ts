import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';

import { type ApiContext, openContext } from '../context';
import { eachRecord, type SqsBatchResponse, type SqsEvent } from '../sqs-records';
import { lookAgain, raise } from './wake';

/** Raises the service while work is visible, and looks again only then. */
export async function handleWake(context: ApiContext, event: SqsEvent): Promise<SqsBatchResponse> {
  return eachRecord(event, async (text) => {
    const { kind } = JSON.parse(text) as { kind: string };
    const queueUrl = context.settings.kinds[kind]?.queueUrl;
    if (queueUrl === undefined) return; // the kind was taken away
    const { Attributes: attributes } = await context.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    if (Number(attributes?.ApproximateNumberOfMessages ?? 0) === 0) return;
    await raise(context, kind);
    await lookAgain(context, kind);
  });
}

export const handler = (event: SqsEvent): Promise<SqsBatchResponse> => handleWake((context ??= openContext()), event);
let context: ApiContext | undefined;
