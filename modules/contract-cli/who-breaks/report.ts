import { compareContracts, whoBreaks, type ContractDescription, type ConsumerVerdict } from '@strata/contract';
import { byMessage, environmentsInWords } from './environments';
import type { FoundReaders } from './find-readers';

/** The contract before the change, and where it was found. */
export interface PreviousContract {
  readonly contract: ContractDescription;
  /** Such as `main` or a file's name. */
  readonly from: string;
}

export interface Report {
  readonly text: string;
  /** Whether a reader breaks. */
  readonly breaks: boolean;
  /** Whether everything could be searched. */
  readonly complete: boolean;
}

/** The answer to "who breaks if I publish this?", as a table. */
export function report(candidate: ContractDescription, found: FoundReaders, previous?: PreviousContract): Report {
  const verdicts = whoBreaks(candidate, found.readers, previous?.contract);
  const broken = verdicts.filter(({ reasons }) => reasons.length > 0).length;
  const { problems, refusals } = found;
  const lines = [
    ...headLines(candidate, found, previous),
    '',
    ...(verdicts.length === 0 ? [] : [...tableLines(verdicts), '']),
    ...byMessage(refusals).map(
      ({ message, environments }) =>
        `${environmentsInWords(environments)} no longer ` +
        `${environments.length === 1 ? 'synthesizes' : 'synthesize'}: ${message}`,
    ),
    ...problems.map((problem) => `not searched: ${problem}`),
    ...(refusals.length + problems.length === 0 ? [] : ['']),
    conclusion(candidate, verdicts.length, broken, found),
  ];
  return { text: `${lines.join('\n')}\n`, breaks: broken + refusals.length > 0, complete: problems.length === 0 };
}

function headLines(
  candidate: ContractDescription,
  { published }: FoundReaders,
  previous: PreviousContract | undefined,
): string[] {
  const changes = previous === undefined ? [] : compareContracts(previous.contract, candidate).changes;
  const changed = changes.length === 0 ? 'no output differs' : changes.map(({ text }) => text).join('; ');
  return [
    `contract "${candidate.layer}" ${candidate.version} (owner ${candidate.owner})`,
    ...(previous === undefined ? [] : [`before: ${previous.contract.version} at ${previous.from}; ${changed}`]),
    `deployed: ${published.length === 0 ? 'nowhere that was searched' : published.map(({ name, version }) => `${version} in ${name}`).join(', ')}`,
  ];
}

function tableLines(verdicts: readonly ConsumerVerdict[]): string[] {
  const rows = verdicts.map(({ consumer: { name, source, range }, reasons }) => [
    name,
    source,
    range,
    reasons.length === 0 ? 'ok' : `BREAKS: ${reasons.join('; ')}`,
  ]);
  const all = [
    ['reader', 'found in', 'range', 'verdict'],
    ...rows.sort(([a], [b]) => (a! < b! ? -1 : a! > b! ? 1 : 0)),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
}

function conclusion(
  candidate: ContractDescription,
  readers: number,
  broken: number,
  { problems, refusals }: FoundReaders,
): string {
  const what = `if contract "${candidate.layer}" ${candidate.version} is published`;
  const incomplete = problems.length === 0 ? '' : ' There may be more: not everything could be searched.';
  if (broken > 0)
    return `${broken} of ${count(readers, 'reader')} ${broken === 1 ? 'breaks' : 'break'} ${what}.${incomplete}`;
  if (refusals.length > 0)
    return (
      `${count(refusals.length, 'environment')} ${refusals.length === 1 ? 'breaks' : 'break'} ` +
      `${what}.${incomplete}`
    );
  if (problems.length > 0)
    return `No break was found in ${count(readers, 'reader')}, but not everything could be searched.`;
  return readers === 0
    ? `No reader of contract "${candidate.layer}" was found.`
    : `No reader breaks ${what}: ${count(readers, 'reader')}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
