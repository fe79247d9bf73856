import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

import type { JobMessage } from '../store/claim';
import type { Ending } from '../store/notified';

/** Tells others that a job has ended. An event may come twice; `eventId` is the same then. */
export class EventSender {
  constructor(
    private readonly client: EventBridgeClient,
    /** Undefined without an event bus. */
    private readonly bus: string | undefined,
  ) {}

  async send({ jobId, tenant }: JobMessage, ending: Ending): Promise<void> {
    if (this.bus === undefined) return;
    const { state, attempt, kind, rows, errorCode } = ending;
    const { FailedEntryCount: failed, Entries: entries } = await this.client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: this.bus,
            Source: 'strata.jobs',
            DetailType: 'Job ended',
            Detail: JSON.stringify({
              eventId: `${jobId}.${attempt}.${state}`,
              jobId,
              tenant,
              kind,
              state,
              attempt,
              rows,
              errorCode,
            }),
          },
        ],
      }),
    );
    if (failed !== undefined && failed > 0)
      throw new Error(
        `EventBridge refused the event of job ${jobId}: ${entries?.[0]?.ErrorMessage ?? 'without a reason'}`,
      );
  }
}
