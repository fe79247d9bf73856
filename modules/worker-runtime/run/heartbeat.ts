import type { Pool } from 'pg';

import type { JobQueue } from '../queue/job-queue';
import type { Claim } from '../store/claim';
import { renewLease, type Saying } from '../store/renew';
import type { Interruption } from './interruption';

export interface HeartbeatOptions {
  readonly pool: Pool;
  readonly queue: JobQueue;
  readonly claim: Claim;
  readonly receipt: string;
  readonly everySeconds: number;
  readonly leaseSeconds: number;
  readonly interruption: Interruption;
  readonly warn: (what: string, error: unknown) => void;
}

/**
 * Keeps a job while it runs: renews its lease and its message's visibility, saves what the program said, and hears of
 * cancel. A database or queue that does not answer is asked again at the next beat.
 */
export class Heartbeat {
  private saying: Saying = {};
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();
  private stopped = false;
  /** Whether this attempt saved a checkpoint. */
  hasCheckpoint = false;

  constructor(private readonly options: HeartbeatOptions) {
    this.schedule();
  }

  /** Said to the database at the next beat; of several, the last. */
  say(saying: Saying): void {
    this.saying = { ...this.saying, ...saying };
    if (saying.checkpoint !== undefined) this.hasCheckpoint = true;
  }

  /** One more beat with what is still unsaid, then none. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.beating;
    if (Object.keys(this.saying).length > 0) await this.renew();
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.beating = this.beat().finally(() => this.schedule());
    }, this.options.everySeconds * 1000);
  }

  private async beat(): Promise<void> {
    const { queue, receipt, leaseSeconds, warn } = this.options;
    await Promise.all([
      this.renew(),
      queue.setVisibility(receipt, leaseSeconds).catch((error: unknown) => warn('cannot extend the visibility', error)),
    ]);
  }

  private async renew(): Promise<void> {
    const { pool, claim, leaseSeconds, interruption, warn } = this.options;
    const said = this.saying;
    this.saying = {};
    try {
      const renewal = await renewLease(pool, claim, leaseSeconds, said);
      if (renewal !== 'held') interruption.interrupt(renewal);
    } catch (error) {
      this.saying = { ...said, ...this.saying };
      warn('cannot renew the lease', error);
    }
  }
}
