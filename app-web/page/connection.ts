import { element } from './element';
import { say, setText, startLanguageSwitch, onLanguageChange } from './language-switch';

type Part = 'web' | 'was' | 'model';
type Health = 'ok' | 'bad' | 'pending' | 'unknown';

const texts = { ok: 'checkOk', bad: 'checkBad', pending: 'checkPending', unknown: 'checkUnknown' } as const;

let verdict: 'checkAllGood' | 'checkTrouble' | undefined;

function mark(part: Part, health: Health): void {
  const item = document.querySelector(`[data-part="${part}"]`);
  item?.setAttribute('data-state', health);
  const state = item?.querySelector('.state');
  if (state !== null && state !== undefined) setText(state, texts[health]);
}

async function ask(path: string): Promise<{ readonly ok: boolean; readonly body: unknown }> {
  try {
    const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(40_000) });
    return { ok: response.ok, body: await response.json() };
  } catch {
    return { ok: false, body: undefined };
  }
}

/** Each part is reached through those before it, so the state of everything behind a failed one is unknown. */
async function check(): Promise<void> {
  verdict = undefined;
  showVerdict();
  element('stand-in').hidden = true;
  for (const part of ['web', 'was', 'model'] as const) mark(part, 'pending');
  const all: [Part, string][] = [
    ['web', '/health'],
    ['was', '/was/health'],
    ['model', '/was/ready'],
  ];
  let reached = true;
  for (const [part, path] of all) {
    if (!reached) {
      mark(part, 'unknown');
      continue;
    }
    const { ok, body } = await ask(path);
    mark(part, ok ? 'ok' : 'bad');
    reached = ok;
    if (part === 'model')
      element('stand-in').hidden = (body as Ready | undefined)?.checks?.endpoint?.model?.standIn !== true;
  }
  verdict = reached ? 'checkAllGood' : 'checkTrouble';
  showVerdict();
}

interface Ready {
  readonly checks?: { readonly endpoint?: { readonly model?: { readonly standIn?: boolean } } };
}

function showVerdict(): void {
  element('verdict').textContent = verdict === undefined ? '' : say(verdict);
}

element('check-again').addEventListener('click', () => void check());
startLanguageSwitch('checkTitle');
onLanguageChange(showVerdict);
void check();
