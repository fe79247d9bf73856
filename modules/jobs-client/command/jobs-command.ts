import { createWriteStream, existsSync, openAsBlob } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { JobsApiError } from '../errors';
import type { DownloadFormat, Job, JobState } from '../job';
import type { JobsClient } from '../jobs-client';
import { connect } from './connect';
import { jobCells, table } from './table';
import { UsageError } from './usage-error';

export const USAGE = `Usage: strata-jobs <command>

Commands:
  submit <file> --kind <kind>   upload a file and submit a job; prints its id
    --parameter <name>=<value>    what the work is told, JSON or text; may be repeated
    --content-type <type>         of the file (text/csv)
    --wait                        and wait for it
  wait <job>                    show progress until it has ended; exit code 1 unless it succeeded
    --timeout <seconds>           no longer than that
  list                          the newest jobs
    --state <state>,...           queued, running, succeeded, failed, cancelled
    --kind <kind>, --limit <n>    (20)
  trace <job>                   what has happened to it
  download <job>                its rows, to a file
    --format csv|ndjson           (csv)
    --output <file>               (<job>.<format>)
  cancel <job>...               end jobs that wait or run
  redrive <job>...              begin a new series of attempts of failed or cancelled jobs
    --all --kind <kind>           of all failed jobs of a kind; --error <code> of those with an error code alone
  drain                         wait until no job waits or runs
    --kind <kind>, --timeout <seconds>
  help                          this text

The API is found by --url or STRATA_JOBS_URL. Requests are authorized by --auth or STRATA_JOBS_AUTH: iam (credentials of
AWS), token (STRATA_JOBS_TOKEN) or none; without it by the token if there is one, else by IAM, and not at all on this machine.
`;

export interface CommandContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly write: (text: string) => void;
  /** What is said of the way, beside the answer. */
  readonly say: (text: string) => void;
  /** Between two looks of drain. @default 3 s */
  readonly drainPauseMilliseconds?: number;
}

const STATES: readonly JobState[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled'];
const FORMATS: readonly DownloadFormat[] = ['csv', 'ndjson'];
const CONNECTION = { url: { type: 'string' }, auth: { type: 'string' } } as const;

type Command = (args: readonly string[], context: CommandContext) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = { submit, wait, list, trace, download, cancel, redrive, drain };

/** @returns the exit code: 0, 1 where the job or the API says no, 2 where the command was wrong */
export async function jobsCommand(args: readonly string[], context: CommandContext): Promise<number> {
  const [name = 'help', ...rest] = args;
  if (['help', '--help', '-h'].includes(name) || rest.includes('--help')) {
    context.write(USAGE);
    return 0;
  }
  try {
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined)
      throw new UsageError(`"${name}" is not a command; use one of ${Object.keys(COMMANDS).join(', ')}, help`);
    return await command(rest, context);
  } catch (error) {
    if (error instanceof UsageError) {
      context.say(`${error.message}\n`);
      return 2;
    }
    if (!(error instanceof JobsApiError)) throw error;
    context.say(`${error.message} (${error.status === 0 ? error.code : `${error.status} ${error.code}`})\n`);
    return 1;
  }
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** @throws UsageError for an option that is not among them, or lacks its value */
function read<const O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options: { ...CONNECTION, ...options }, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function one(words: readonly string[], command: string, what: string): string {
  if (words.length === 1) return words[0]!;
  const got = words.length === 0 ? 'none is given' : `${words.length} are given: ${words.join(' ')}`;
  throw new UsageError(`${command} takes one ${what}, and ${got}; use strata-jobs ${command} <${what}>`);
}

async function submit(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = read(args, {
    kind: { type: 'string' },
    parameter: { type: 'string', multiple: true, default: [] },
    'content-type': { type: 'string' },
    wait: { type: 'boolean', default: false },
    timeout: { type: 'string' },
  });
  const file = one(positionals, 'submit', 'file');
  if (values.kind === undefined) throw new UsageError('no kind of work is given; add --kind, such as --kind sentiment');
  if (!existsSync(file)) throw new UsageError(`the file "${file}" is not there; name one that is`);
  if (!(await stat(file)).isFile()) throw new UsageError(`"${file}" is not a file; name one`);
  const parameters = Object.fromEntries(values.parameter.map(parameterOf));
  const jobs = await connect(values, context.environment);
  const type = values['content-type'] ?? 'text/csv';
  const content = await openAsBlob(file, { type });
  const jobId = await jobs.submit({ kind: values.kind, content, contentType: type, parameters });
  context.write(`${jobId}\n`);
  return values.wait ? waitFor(jobs, jobId, secondsOf('timeout', values.timeout), context) : 0;
}

/** `name=value`; the value is JSON, or else a text. */
function parameterOf(word: string): [string, unknown] {
  const [, name, text] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
  if (name === undefined || text === undefined)
    throw new UsageError(`--parameter ${word} is not <name>=<value>; use one such as column=comment`);
  try {
    return [name, JSON.parse(text)];
  } catch {
    return [name, text];
  }
}

function secondsOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new UsageError(`--${name} ${text} is not a number of seconds above 0; use one such as 600`);
}

async function wait(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = read(args, { timeout: { type: 'string' } });
  const jobId = one(positionals, 'wait', 'job');
  const timeout = secondsOf('timeout', values.timeout);
  return waitFor(await connect(values, context.environment), jobId, timeout, context);
}

async function waitFor(
  jobs: JobsClient,
  jobId: string,
  timeoutSeconds: number | undefined,
  { say, write }: CommandContext,
): Promise<number> {
  try {
    const job = await jobs.wait(jobId, { timeoutSeconds, onChange: (seen) => say(`${progressOf(seen)}\n`) });
    write(`${JSON.stringify(job.summary, null, 2)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof JobsApiError || !['JobFailedError', 'WaitTimeoutError'].includes((error as Error).name))
      throw error;
    say(`${(error as Error).message}\n`);
    return 1;
  }
}

function progressOf({ state, attempt, progress, progressNote, rows, errorMessage }: Job): string {
  const parts = [
    state,
    state === 'running' && progress !== null ? `${Math.round(progress * 100)} %` : '',
    state === 'running' ? (progressNote ?? '') : '',
    attempt > 1 ? `attempt ${attempt}` : '',
    rows === null ? '' : `${rows} rows`,
    state === 'failed' ? (errorMessage ?? '') : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

async function list(args: readonly string[], context: CommandContext): Promise<number> {
  const { values } = read(args, {
    state: { type: 'string' },
    kind: { type: 'string' },
    limit: { type: 'string', default: '20' },
  });
  const limit = Number(values.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new UsageError(`--limit ${values.limit} is not a whole number from 1; use one such as 20`);
  const states = values.state?.split(',') as JobState[] | undefined;
  const wrong = states?.find((state) => !STATES.includes(state));
  if (wrong !== undefined) throw new UsageError(`--state "${wrong}" is not a state; use ${STATES.join(', ')}`);
  const jobs = await connect(values, context.environment);
  const found: Job[] = [];
  for await (const job of jobs.all({ states, kind: values.kind })) if (found.push(job) >= limit) break;
  if (found.length === 0) context.say('no jobs\n');
  else context.write(table(found.map(jobCells)));
  return 0;
}

async function trace(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = read(args, {});
  const events = await (await connect(values, context.environment)).trace(one(positionals, 'trace', 'job'));
  context.write(table(events.map(({ at, attempt, what, detail }) => [at, `attempt ${attempt}`, what, detail ?? ''])));
  return 0;
}

async function download(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = read(args, {
    format: { type: 'string', default: 'csv' },
    output: { type: 'string' },
  });
  const jobId = one(positionals, 'download', 'job');
  const format = FORMATS.find((known) => known === values.format);
  if (format === undefined)
    throw new UsageError(`--format "${values.format}" is not there; use one of ${FORMATS.join(', ')}`);
  const output = values.output ?? `${jobId}.${format}`;
  const { url } = await (await connect(values, context.environment)).download(jobId, { format });
  const response = await fetch(url);
  if (!response.ok || response.body === null)
    throw new JobsApiError(response.status, 'download_failed', 'S3 did not give the result; try again');
  // Under its name there is a whole file, or none.
  const part = `${output}.part`;
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(part));
    await rename(part, output);
  } finally {
    await rm(part, { force: true });
  }
  context.write(`${output}\n`);
  return 0;
}

async function cancel(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = read(args, {});
  if (positionals.length === 0)
    throw new UsageError('cancel takes jobs, and none is given; use strata-jobs cancel <job>');
  const jobs = await connect(values, context.environment);
  for (const jobId of positionals) context.write(`${jobId} ${(await jobs.cancel(jobId)).state}\n`);
  return 0;
}

async function redrive(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = read(args, {
    all: { type: 'boolean', default: false },
    kind: { type: 'string' },
    error: { type: 'string' },
  });
  if (values.all === positionals.length > 0 || (values.all && values.kind === undefined))
    throw new UsageError(
      'redrive takes jobs, or --all with --kind; use strata-jobs redrive <job> or --all --kind <kind>',
    );
  const jobs = await connect(values, context.environment);
  const chosen = [...positionals];
  if (values.all)
    for await (const { jobId, errorCode } of jobs.all({ states: ['failed'], kind: values.kind }))
      if (values.error === undefined || errorCode === values.error) chosen.push(jobId);
  for (const jobId of chosen) {
    await jobs.retry(jobId);
    context.write(`${jobId} queued\n`);
  }
  if (chosen.length === 0) context.say('no failed jobs\n');
  return 0;
}

async function drain(args: readonly string[], context: CommandContext): Promise<number> {
  const { values } = read(args, { kind: { type: 'string' }, timeout: { type: 'string' } });
  const timeout = secondsOf('timeout', values.timeout);
  const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeout * 1000;
  const jobs = await connect(values, context.environment);
  let said: string | undefined;
  for (;;) {
    const open: Job[] = [];
    for await (const job of jobs.all({ states: ['queued', 'running'], kind: values.kind })) open.push(job);
    const running = open.filter(({ state }) => state === 'running').length;
    const text = `${open.length - running} wait, ${running} run\n`;
    if (text !== said) context.say(text);
    said = text;
    if (open.length === 0) return 0;
    if (Date.now() >= deadline) {
      context.say(`${open.length} jobs have not ended within ${timeout} s; wait longer, or cancel them\n`);
      return 1;
    }
    await new Promise((resolve) => setTimeout(resolve, context.drainPauseMilliseconds ?? 3000));
  }
}
