import type { Result } from '../results/result';
import type { Claim } from '../store/claim';
import { commitResult } from '../store/commit';
import { isOutage } from '../store/database';
import type { Failure } from '../store/end-attempt';
import { messageOf, say, type WorkerContext } from './context';
import type { Interruption } from './interruption';

export type Committed =
  | { readonly kind: 'committed' | 'fenced' | 'interrupted' }
  | ({ readonly kind: 'failed' } & Failure);

const LONGEST_PAUSE_MILLISECONDS = 15_000;

/** Commits, and while the database is down tries again until the run is interrupted. */
export async function commitWithPatience(
  context: WorkerContext,
  claim: Claim,
  result: Result,
  interruption: Interruption,
): Promise<Committed> {
  const { pool, reach, settings } = context;
  for (let pause = 250; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS)) {
    try {
      const isOurs = await commitResult(pool, claim, result, { loadRows: settings.loadRows, reach });
      return { kind: isOurs ? 'committed' : 'fenced' };
    } catch (error) {
      if (!isOutage(error))
        return {
          kind: 'failed',
          code: 'rows_refused',
          message: `the database refused the rows: ${messageOf(error)}`,
          retry: false,
        };
      say(context, 'cannot commit', { jobId: claim.jobId, attempt: claim.attempt, error: messageOf(error) });
    }
    if (interruption.reason !== undefined) return { kind: 'interrupted' };
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([interruption.happened, new Promise((resolve) => (timer = setTimeout(resolve, pause)))]);
    clearTimeout(timer);
  }
}
