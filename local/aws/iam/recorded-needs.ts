import type { Need } from './need';

/** What calls took, each once; what asks for the record empties it. */
export class RecordedNeeds {
  readonly #needs = new Map<string, Need>();
  readonly #unknown = new Set<string>();

  add(needs: readonly Need[]): void {
    for (const need of needs) this.#needs.set(JSON.stringify(need), need);
  }

  /** A call of which IAM's data has no action, such as one that needs none. */
  addUnknown(operation: string): void {
    this.#unknown.add(operation);
  }

  take(): NeedsRecord {
    const record = { needs: [...this.#needs.values()], unknown: [...this.#unknown].sort() };
    this.#needs.clear();
    this.#unknown.clear();
    return record;
  }
}

export interface NeedsRecord {
  readonly needs: readonly Need[];
  /** Operations of which IAM's data has no action: `sts:GetCallerIdentity`. */
  readonly unknown: readonly string[];
}
