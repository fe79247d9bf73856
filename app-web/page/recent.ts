import type { Result } from './answer';
import { element } from './element';
import { keep, readKept } from './kept-list';
import { currentLanguage, say } from './language-switch';

export interface Recent {
  readonly picture: string;
  readonly result: Result;
}

const KEY = 'recent-results';
const MOST = 12;

/** The last results, in this browser only. */
export function readRecent(): Recent[] {
  return readKept<Recent>(
    KEY,
    ({ picture, result }) => picture.startsWith('data:image/') && result.predictions.length > 0,
  );
}

export function addRecent(entry: Recent): void {
  keep(KEY, [entry, ...readRecent()].slice(0, MOST));
}

export function clearRecent(): void {
  keep(KEY, []);
}

export function showRecent(open: (entry: Recent) => void): void {
  const entries = readRecent();
  element('recent').hidden = entries.length === 0;
  element('recent-list').replaceChildren(
    ...entries.map((entry) => {
      const name = entry.result.names[currentLanguage()];
      const item = document.createElement('li');
      const button = document.createElement('button');
      button.type = 'button';
      button.setAttribute('aria-label', say('recentOpen', { name }));
      const picture = document.createElement('img');
      picture.src = entry.picture;
      picture.alt = '';
      const label = document.createElement('span');
      label.textContent = name;
      button.append(picture, label);
      button.addEventListener('click', () => open(entry));
      item.append(button);
      return item;
    }),
  );
}
