import { messages, type MessageKey } from '../messages';
import { Failure } from './answer';
import { drawCharts } from './comments/charts';
import { csvOf, saveFile } from './comments/csv';
import { followJob } from './comments/follow-job';
import { formatCount, formatTime } from './comments/format';
import { commentsOf, sounds, summaryOf, type Job, type Sound } from './comments/job';
import { cancelJob, createUpload, downloadUrl, persist, submitJob } from './comments/jobs-api';
import { addRecentFile, clearRecentFiles, nameOf, showRecentFiles } from './comments/recent-files';
import { RowsTable } from './comments/rows-table';
import { checkFile, uploadFile } from './comments/upload-file';
import { element } from './element';
import { onLanguageChange, percent, say, setText, startLanguageSwitch } from './language-switch';
import { takeFiles } from './take-files';

type State = 'idle' | 'busy' | 'done' | 'error';
type Step = 'upload' | 'queued' | 'running';

const STEPS: readonly Step[] = ['upload', 'queued', 'running'];
const JOB_ID = /^[\w-]{22}$/;
const CONTENT_TYPE = 'text/csv';
const ATTEMPTS = 5;
/** How often progress is said to a screen reader. */
const SPOKEN_EVERY = 0.25;
/** Errors of the work that say what is wrong with the file. */
const OF_THE_FILE: ReadonlySet<string> = new Set(['bad_file', 'bad_encoding', 'bad_delimiter']);

const progress = element<HTMLProgressElement>('progress');
const table = new RowsTable();
let running: AbortController | undefined;
/** The job that is waited for or shown; undefined while a file is uploaded. */
let followed: string | undefined;
let chosen: File | undefined;
let shown: Job | undefined;
let failed: { readonly failure: Failure; readonly said: string | null } | undefined;
let spoken = 0;

function enter(state: State): void {
  element('main').dataset['state'] = state;
  element('work').hidden = state !== 'busy';
  element('failure').hidden = state !== 'error';
  element('result').hidden = state !== 'done';
  setText(element('choose-text'), state === 'done' ? 'commentsAnother' : 'commentsChoose');
}

/** Begins something that ends whatever went on before. */
function start(): AbortController {
  running?.abort();
  table.close();
  running = new AbortController();
  shown = failed = undefined;
  spoken = 0;
  enter('busy');
  return running;
}

/** Shows the current step, and announces it once to screen readers. */
function report(step: Step, key: MessageKey, share?: number, places: Record<string, string> = {}): void {
  const text = say(key, places);
  if (element('work-text').textContent !== text) {
    element('work-text').textContent = text;
    element('status').textContent = text;
  }
  setText(element('work-note'), step === 'upload' ? 'jobStay' : 'jobLeave');
  element('work-share').textContent = share === undefined ? '' : percent(share);
  if (share === undefined) progress.removeAttribute('value');
  else progress.value = Math.round(share * 100);
  for (const [index, name] of STEPS.entries()) {
    const at = STEPS.indexOf(step);
    const mark = document.querySelector<HTMLElement>(`[data-step="${name}"]`);
    if (mark !== null) mark.dataset['at'] = index < at ? 'done' : index === at ? 'now' : '';
  }
}

async function begin(file: File): Promise<void> {
  const mine = start();
  const { signal } = mine;
  chosen = file;
  followed = undefined;
  try {
    checkFile(file);
    report('upload', 'jobUploading', 0, { name: file.name });
    const { jobId, upload } = await persist(ATTEMPTS, signal, () => createUpload(CONTENT_TYPE, signal));
    const onProgress = (share: number): void => report('upload', 'jobUploading', share, { name: file.name });
    await uploadFile(upload, file, { onProgress, signal });
    report('upload', 'jobSubmitting');
    await persist(ATTEMPTS, signal, () => submitJob(jobId, signal));
    addRecentFile({ jobId, name: file.name, at: new Date().toISOString() });
    showRecentFiles();
    history.pushState(null, '', `#${jobId}`);
    await follow(jobId, mine);
  } catch (error) {
    end(mine, error);
  }
}

/** Goes on with a job that was handed in before, here or elsewhere. */
async function open(jobId: string): Promise<void> {
  const mine = start();
  chosen = undefined;
  report('queued', 'jobOpening');
  try {
    await follow(jobId, mine);
  } catch (error) {
    end(mine, error);
  }
}

async function follow(jobId: string, mine: AbortController): Promise<void> {
  followed = jobId;
  let step: Step = 'queued';
  const job = await followJob(jobId, {
    signal: mine.signal,
    onLost: () => report(step, 'jobLost'),
    onChange: ({ state, progress: share }) => {
      step = state === 'running' ? 'running' : 'queued';
      report(
        step,
        step === 'running' ? 'jobRunning' : 'jobQueued',
        step === 'running' ? (share ?? undefined) : undefined,
      );
      speakProgress(step === 'running' ? (share ?? 0) : 0);
    },
  });
  if (running !== mine) return;
  if (job.state === 'succeeded') show(job);
  else fail(new Failure(codeOf(job)), job.state === 'failed' ? job.errorMessage : null);
}

function speakProgress(share: number): void {
  if (share < spoken + SPOKEN_EVERY || share >= 1) return;
  spoken = share;
  element('status').textContent = say('jobProgressSpoken', { percent: percent(share) });
}

function codeOf({ state, errorCode }: Job): string {
  if (state === 'cancelled') return 'job_cancelled';
  if (errorCode === 'empty_file') return 'comments_empty';
  return OF_THE_FILE.has(errorCode ?? '') ? 'job_file' : 'job_failed';
}

function end(mine: AbortController, error: unknown): void {
  if (running !== mine) return;
  const failure = error instanceof Failure ? error : new Failure('other');
  if (failure.code === 'cancelled') leave();
  // Of the services' own codes; a job that is not there, or an address that was cut short.
  else fail(failure.code === 'not_found' ? new Failure('job_missing', failure.requestId) : failure, null);
}

/** Back to the beginning. */
function leave(): void {
  running = followed = shown = failed = undefined;
  table.close();
  enter('idle');
  element('status').textContent = '';
  if (location.hash !== '') history.pushState(null, '', location.pathname);
}

function show(job: Job): void {
  shown = job;
  enter('done');
  describe(job);
  void table.open(job.jobId);
  const summary = summaryOf(job);
  const counts = Object.fromEntries(sounds.map((sound) => [sound, formatCount(summary.labels[sound])]));
  element('status').textContent = say('jobDoneSpoken', {
    count: formatCount(commentsOf(summary)),
    ...(counts as Record<Sound, string>),
  });
  element('result-title').focus({ preventScroll: true });
}

/** What is said of a whole file, in the page's language. */
function describe(job: Job): void {
  const summary = summaryOf(job);
  const { count, first } = summary.errors;
  element('result-title').textContent = say('jobDone', { count: formatCount(commentsOf(summary)) });
  element('result-file').textContent = nameOf(job.jobId) ?? say('unnamedFile', { date: formatTime(job.createdAt) });
  drawCharts(summary);
  element('bad-lines').hidden = count === 0;
  element('bad-lines-heading').textContent = say('badLinesHeading', { count: formatCount(count) });
  element('bad-lines-list').replaceChildren(...first.map(({ line, message }) => badLine(line, message)));
  element('bad-lines-more').hidden = first.length >= count;
  element('bad-lines-more').textContent = say('badLinesMore', { shown: formatCount(first.length) });
}

function badLine(line: number, message: string): HTMLLIElement {
  const item = document.createElement('li');
  for (const text of [say('badLine', { line: formatCount(line) }), message]) {
    const part = document.createElement('span');
    part.textContent = text;
    item.append(part);
  }
  return item;
}

/** @param said what the work itself says, in its own language */
function fail(failure: Failure, said: string | null): void {
  failed = { failure, said };
  enter('error');
  element('status').textContent = '';
  element('failure-text').textContent = say(failureKey(failure.code));
  const [saying, request] = [element('failure-said'), element('failure-request')];
  saying.hidden = said === null;
  saying.textContent = say('error_job_said', { message: said ?? '' });
  request.hidden = failure.requestId === undefined;
  request.textContent = say('requestId', { id: failure.requestId ?? '' });
  element('retry').hidden = chosen === undefined || FINAL.has(failure.code);
}

/** Errors that the same file would only cause again. */
const FINAL: ReadonlySet<string> = new Set([
  'comments_empty',
  'not_csv',
  'too_large',
  'job_file',
  'job_missing',
  'jobs_not_offered',
]);

function failureKey(code: string): MessageKey {
  const known = `error_${code}`;
  if (known in messages.en) return known as MessageKey;
  return code.startsWith('was_') || code.startsWith('database_') ? 'error_jobs_unavailable' : 'error_other';
}

/** Does what the address says: a job's id behind the sign stands for its file. */
function followAddress(): void {
  const jobId = location.hash.slice(1);
  if (jobId === followed && jobId !== '') return;
  if (JOB_ID.test(jobId)) void open(jobId);
  else if (jobId === '') {
    running?.abort();
    leave();
  } else fail(new Failure('job_missing'), null);
}

async function takeCsv(): Promise<void> {
  if (shown === undefined) return;
  const { jobId } = shown;
  const button = element<HTMLButtonElement>('csv');
  const { signal } = new AbortController();
  button.disabled = true;
  setText(element('csv-text'), 'takingCsv');
  try {
    const url = await persist(ATTEMPTS, signal, () => downloadUrl(jobId, signal));
    const name = (nameOf(jobId) ?? jobId).replace(/\.[^.]*$/, '');
    saveFile(await csvOf(url, signal), `${name}-result.csv`);
  } catch (error) {
    fail(error instanceof Failure ? error : new Failure('offline'), null);
  } finally {
    button.disabled = false;
    setText(element('csv-text'), 'takeCsv');
  }
}

async function cancel(): Promise<void> {
  const [jobId, mine] = [followed, running];
  if (mine === undefined) return;
  if (jobId !== undefined) {
    try {
      await persist(ATTEMPTS, mine.signal, () => cancelJob(jobId, mine.signal));
    } catch (error) {
      end(mine, error);
    }
    // The job's end is seen by whoever follows it.
    return;
  }
  mine.abort();
}

takeFiles(
  { drop: element('drop'), input: element<HTMLInputElement>('file'), button: element('choose') },
  (file) => void begin(file),
);
// A larger target for the mouse; keyboards and screen readers have the button.
element('invitation').addEventListener('click', () => element<HTMLInputElement>('file').click());
element('cancel').addEventListener('click', () => void cancel().finally(() => element('choose').focus()));
element('csv').addEventListener('click', () => void takeCsv());
element('retry').addEventListener('click', () => {
  if (chosen !== undefined) void begin(chosen);
});
element('recent-clear').addEventListener('click', () => {
  clearRecentFiles();
  showRecentFiles();
  element('choose').focus();
});
window.addEventListener('hashchange', followAddress);
window.addEventListener('popstate', followAddress);
// What is uploaded is lost with the page; a job is not.
window.addEventListener('beforeunload', (event) => {
  if (running !== undefined && followed === undefined && element('main').dataset['state'] === 'busy')
    event.preventDefault();
});

startLanguageSwitch('commentsTitle');
onLanguageChange(() => {
  if (shown !== undefined) {
    describe(shown);
    table.show();
  }
  if (failed !== undefined) fail(failed.failure, failed.said);
  showRecentFiles();
});
showRecentFiles();
if (location.hash !== '') followAddress();
