import { messages, type MessageKey } from '../messages';
import { Failure, type Result } from './answer';
import { element } from './element';
import { currentLanguage, onLanguageChange, percent, say, setText, startLanguageSwitch } from './language-switch';
import { preparePhoto, thumbnail } from './prepare-photo';
import { addRecent, clearRecent, showRecent, type Recent } from './recent';
import { showResult } from './result-view';
import { takeChosen, takeFiles } from './take-files';
import { classify } from './upload';

type State = 'idle' | 'busy' | 'result' | 'error';

const maxBytes = Number(document.body.dataset['maxBytes']);
const main = element('main');
const drop = element('drop');
const photo = element<HTMLImageElement>('photo');
const progress = element<HTMLProgressElement>('progress');
const fileInput = element<HTMLInputElement>('file');
const cameraInput = element<HTMLInputElement>('camera-file');

let chosen: File | undefined;
let running: AbortController | undefined;
let shown: Result | undefined;
let failed: Failure | undefined;

function enter(state: State): void {
  main.dataset['state'] = state;
  element('work').hidden = state !== 'busy';
  element('failure').hidden = state !== 'error';
  if (state !== 'result') element('result').hidden = true;
  setText(element('choose-text'), state === 'idle' ? 'choose' : 'another');
}

function showPhoto(address: string): void {
  if (photo.src.startsWith('blob:')) URL.revokeObjectURL(photo.src);
  photo.hidden = false;
  photo.src = address;
  element('invitation').hidden = true;
}

/** Shows the current step, and announces it once to screen readers. */
function report(key: MessageKey, share?: number): void {
  const text = element('work-text');
  if (text.getAttribute('data-i18n') !== key) {
    setText(text, key);
    element('status').textContent = say(key);
  }
  if (share === undefined) progress.removeAttribute('value');
  else progress.value = Math.round(share * 100);
}

async function look(file: File): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  chosen = file;
  shown = undefined;
  failed = undefined;
  showPhoto(URL.createObjectURL(file));
  enter('busy');
  element('work-text').removeAttribute('data-i18n');
  report('preparing');
  try {
    const prepared = await preparePhoto(file, maxBytes);
    if (mine.signal.aborted) throw new Failure('cancelled');
    report('uploading', 0);
    const result = await classify(prepared, file.name, {
      onProgress: (share) => (share < 1 ? report('uploading', share) : report('analysing')),
      signal: mine.signal,
    });
    if (running !== mine) return;
    show(result);
    const picture = await thumbnail(prepared, 176).catch(() => undefined);
    if (picture !== undefined) addRecent({ picture, result });
    showRecent(open);
  } catch (error) {
    if (running !== mine) return;
    fail(error instanceof Failure ? error : new Failure('other'));
  }
}

function show(result: Result): void {
  shown = result;
  enter('result');
  showResult(result);
  element('status').textContent = say('resultSpoken', {
    name: result.names[currentLanguage()],
    percent: percent(result.acc),
  });
  element('result-name').focus({ preventScroll: true });
  element('result').scrollIntoView({ block: 'nearest' });
}

function open({ picture, result }: Recent): void {
  running?.abort();
  running = undefined;
  showPhoto(picture);
  show(result);
}

function fail(failure: Failure): void {
  failed = failure;
  enter('error');
  element('status').textContent = '';
  const request = element('failure-request');
  request.hidden = failure.requestId === undefined;
  request.textContent = say('requestId', { id: failure.requestId ?? '' });
  element('failure-text').textContent = say(failureKey(failure.code), { size: formatBytes(maxBytes) });
  element('retry').hidden = chosen === undefined || FINAL.has(failure.code);
}

/** Errors that the same photo would only cause again. */
const FINAL: ReadonlySet<string> = new Set([
  'file_empty',
  'file_too_large',
  'image_too_many_pixels',
  'unsupported_type',
  'image_unreadable',
  'image_incomplete',
  'image_refused',
]);

/** The text for an error code. Codes that call for the same action share a text. */
function failureKey(code: string): MessageKey {
  const known = `error_${code}`;
  if (known in messages.en) return known as MessageKey;
  if (code === 'model_busy') return 'error_overloaded';
  if (code.startsWith('model_')) return 'error_model_error';
  if (code === 'image_refused') return 'error_image_unreadable';
  if (code.startsWith('was_')) return 'error_was_unreachable';
  return 'error_other';
}

function formatBytes(bytes: number): string {
  return new Intl.NumberFormat(currentLanguage(), { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }).format(
    bytes / (1024 * 1024),
  );
}

const take = (file: File): void => void look(file);
takeFiles({ drop, input: fileInput, button: element('choose') }, take);
takeChosen(cameraInput, element('camera'), take);

// A larger target for the mouse; keyboards and screen readers have the button.
element('invitation').addEventListener('click', () => fileInput.click());
element('cancel').addEventListener('click', () => {
  running?.abort();
  element('choose').focus();
});
element('retry').addEventListener('click', () => {
  if (chosen !== undefined) void look(chosen);
});
element('recent-clear').addEventListener('click', () => {
  clearRecent();
  showRecent(open);
  element('choose').focus();
});
// A file that is not a picture has no preview.
photo.addEventListener('error', () => {
  photo.hidden = true;
  element('invitation').hidden = false;
});

startLanguageSwitch('title');
onLanguageChange(() => {
  if (shown !== undefined) showResult(shown);
  if (failed !== undefined) fail(failed);
  showRecent(open);
});
showRecent(open);
