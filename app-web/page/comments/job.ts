/** The part of a job that the page shows. */
export interface Job {
  readonly jobId: string;
  readonly state: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
  /** 0 to 1; `null` until the work says it. */
  readonly progress: number | null;
  readonly summary: unknown;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly createdAt: string;
}

export const sounds = ['positive', 'neutral', 'negative'] as const;
export type Sound = (typeof sounds)[number];

/** What the work says of a whole file. */
export interface Summary {
  readonly rows: number;
  readonly labels: Readonly<Record<Sound, number>>;
  /** Comments for each of ten equal steps of the score, from -1 to 1. */
  readonly histogram: readonly number[];
  readonly errors: {
    readonly count: number;
    readonly first: readonly { readonly line: number; readonly message: string }[];
  };
}

/** A comment and how it sounds, or why its row could not be read. */
export interface Row {
  readonly line: number;
  readonly comment: string | null;
  readonly label: Sound | 'error';
  /** -1 to 1. */
  readonly score: number | null;
  readonly error: string | null;
}

/** A summary as the page needs it, whatever the work has left out. */
export function summaryOf({ summary }: Job): Summary {
  const given = (summary ?? {}) as Partial<Summary>;
  const labels = Object.fromEntries(sounds.map((sound) => [sound, given.labels?.[sound] ?? 0])) as Summary['labels'];
  return {
    rows: given.rows ?? 0,
    labels,
    histogram: given.histogram ?? [],
    errors: { count: given.errors?.count ?? 0, first: given.errors?.first ?? [] },
  };
}

/** How many comments were read: all but the broken rows. */
export function commentsOf({ labels }: Summary): number {
  return sounds.reduce((sum, sound) => sum + labels[sound], 0);
}
