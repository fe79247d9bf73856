import { join } from 'node:path';

import type { ChildOutcome } from '../child/child-outcome';
import { runChild } from '../child/run-child';
import { PROTOCOL_VERSION } from '../protocol/messages';
import type { Result } from '../results/result';
import { InputChanged } from '../results/result-store';
import { RowFile } from '../results/row-file';
import type { Claim } from '../store/claim';
import type { Failure } from '../store/end-attempt';
import type { WorkerContext } from './context';
import type { Heartbeat } from './heartbeat';
import type { Interruption } from './interruption';

export type Computed =
  | { readonly kind: 'result'; readonly result: Result }
  | ({ readonly kind: 'failed' } & Failure)
  | { readonly kind: 'interrupted' };

/** Runs the program on a job's input, in a folder of the job, until its result is in S3. */
export async function compute(
  context: WorkerContext,
  claim: Claim,
  folder: string,
  heartbeat: Heartbeat,
  interruption: Interruption,
): Promise<Computed> {
  const { settings, store, command, reach } = context;
  const path = join(folder, 'input');
  let bytes: number;
  try {
    bytes = await store.download(claim, path);
  } catch (error) {
    if (!(error instanceof InputChanged)) throw error;
    return { kind: 'failed', code: 'input_changed', message: error.message, retry: false };
  }
  if (interruption.reason !== undefined) return { kind: 'interrupted' };
  const rows = new RowFile(join(folder, 'rows'));
  const { jobId: id, tenant, kind, attempt, parameters, checkpoint } = claim;
  const child = runChild({
    command,
    hello: {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      job: { id, tenant, kind, attempt },
      input: { path, bytes },
      parameters,
      checkpoint,
    },
    onRows: async (batch) => {
      await rows.add(batch);
      await reach('running');
    },
    onProgress: (fraction, note) => heartbeat.say({ fraction, note }),
    onCheckpoint: (value) => heartbeat.say({ checkpoint: JSON.stringify(value) }),
  });
  const first = await Promise.race([child.outcome, interruption.happened]);
  if (typeof first === 'string') {
    await child.end(first === 'stopping' || first === 'timeout' ? 'stop' : 'cancel', settings.graceSeconds);
    await rows.close();
    return { kind: 'interrupted' };
  }
  return await ended(context, claim, rows, first);
}

async function ended({ store }: WorkerContext, claim: Claim, rows: RowFile, outcome: ChildOutcome): Promise<Computed> {
  if (outcome.kind === 'done') return { kind: 'result', result: await store.upload(claim, rows, outcome.summary) };
  await rows.close();
  return outcome;
}
