/**
 * Why a job's run ends early. `cancelled`: not wanted; `lost`: another attempt has it; `timeout`: it ran for the
 * longest time; `stopping`: this task ends.
 */
export type Reason = 'cancelled' | 'lost' | 'timeout' | 'stopping';

/** The first reason to end a run early. */
export class Interruption {
  private first: Reason | undefined;
  private settle!: (reason: Reason) => void;
  readonly happened = new Promise<Reason>((resolve) => (this.settle = resolve));

  get reason(): Reason | undefined {
    return this.first;
  }

  /** Later reasons are not heard, but that a job is lost or cancelled counts more than that the task stops. */
  interrupt(reason: Reason): void {
    if (this.first === undefined || reason === 'lost' || reason === 'cancelled') this.first = reason;
    this.settle(reason);
  }
}
