export interface SqsEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** What SQS delivers again, with `ReportBatchItemFailures`. */
export interface SqsBatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Handles each message by itself: one that fails does not bring back the others. */
export async function eachRecord(event: SqsEvent, work: (body: string) => Promise<void>): Promise<SqsBatchResponse> {
  const failed: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of event.Records) {
    try {
      await work(body);
    } catch (error) {
      console.error('cannot handle message', messageId, error);
      failed.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures: failed };
}
