import { median, percentile } from '../load';
import type { Agreement } from './agreement';
import type { Contender } from './contenders';

/** One round of one server at one concurrency. */
export interface Row {
  readonly contender: string;
  readonly concurrency: number;
  readonly perSecond: number;
  readonly milliseconds: readonly number[];
  /** Processor time for each photo: the server's, and the load's. */
  readonly cpuMilliseconds: number;
  readonly loadMilliseconds: number;
  readonly memoryMiB: number;
  /** Share of the machine that went to programs other than the server and the load. */
  readonly others: number;
}

export interface Measurement {
  readonly rows: readonly Row[];
  readonly ceilings: readonly number[];
  readonly contenders: readonly Contender[];
  readonly agreement: Agreement;
  readonly cores: number;
  readonly seconds: number;
  readonly rounds: number;
  readonly photos: number;
  readonly machine: string;
  /** Version of the Node.js that the endpoint ran on. */
  readonly node: string;
  readonly python: string;
}

/** What was measured, as the guide shows it. */
export function render(run: Measurement): string {
  const { agreement } = run;
  const concurrencies = [...new Set(run.rows.map(({ concurrency }) => concurrency))];
  const ceiling = median(run.ceilings);
  const of = (contender: string, concurrency: number, key: Exclude<keyof Row, 'contender' | 'milliseconds'>): number =>
    median(
      run.rows.filter((row) => row.contender === contender && row.concurrency === concurrency).map((row) => row[key]),
    );
  const latency = (contender: string, concurrency: number, share: number): number =>
    median(
      run.rows
        .filter((row) => row.contender === contender && row.concurrency === concurrency)
        .map((row) => percentile(row.milliseconds, share)),
    );
  const [ours] = run.contenders;

  const lines = [
    '| concurrency | server | requests/s | ours is | p50 ms | p99 ms | CPU ms a photo | MiB | other programs |',
    '|---|---|---|---|---|---|---|---|---|',
  ];
  for (const concurrency of concurrencies) {
    for (const { name, title } of run.contenders) {
      const perSecond = of(name, concurrency, 'perSecond');
      const ratio = name === ours!.name ? '' : `${(of(ours!.name, concurrency, 'perSecond') / perSecond).toFixed(2)} x`;
      const cells = [
        concurrency,
        title,
        perSecond.toFixed(0),
        ratio,
        latency(name, concurrency, 0.5).toFixed(1),
        latency(name, concurrency, 0.99).toFixed(1),
        of(name, concurrency, 'cpuMilliseconds').toFixed(2),
        of(name, concurrency, 'memoryMiB').toFixed(0),
        `${(of(name, concurrency, 'others') * 100).toFixed(0)} %`,
      ];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  const best = Math.max(...concurrencies.map((concurrency) => of(ours!.name, concurrency, 'perSecond')));
  return [
    ...lines,
    '',
    `Decoding and inference alone, in a loop on ${run.cores} threads: ${ceiling.toFixed(0)} photos/s; the ` +
      `endpoint reaches ${((best / ceiling) * 100).toFixed(0)} % of it, the load included`,
    `(${median(run.rows.map(({ loadMilliseconds }) => loadMilliseconds)).toFixed(2)} ms of processor time ` +
      `for each request). Of ${agreement.photos} photos, both give ${agreement.sameClass}`,
    `the same class; probabilities differ by at most ${agreement.largestDifference.toExponential(0)}.`,
    '',
    `Node.js ${run.node}; ${run.python}; ${run.machine}; ${run.photos} JPEGs; medians of ` +
      `${run.rounds} rounds of ${run.seconds} s, the servers in turn.`,
    'Memory is the proportional set size of all processes of a server, at its peak; the last column is what ' +
      'other programs took of the machine meanwhile.',
  ].join('\n');
}
