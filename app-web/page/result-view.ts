import type { Result } from './answer';
import { element } from './element';
import { currentLanguage, percent, say } from './language-switch';

/** Below this probability the page says that it is not sure. */
const UNSURE_BELOW = 0.6;

/** Shows a result in the page's language. */
export function showResult(result: Result): void {
  const language = currentLanguage();
  element('stand-in').hidden = result.model.standIn !== true;
  element('result-name').textContent = result.names[language];
  element('result-sure').textContent = say('sure', { percent: percent(result.acc) });
  element('result-unsure').hidden = result.acc >= UNSURE_BELOW;
  element('result-description').textContent = result.descriptions[language];
  element('result-model').textContent = say('model', { name: result.model.name, version: result.model.version });
  element('chances').replaceChildren(
    ...result.predictions.map((prediction) => chance(prediction.names[language], prediction.acc)),
  );
  element('result').hidden = false;
}

function chance(name: string, share: number): HTMLLIElement {
  const item = document.createElement('li');
  const label = document.createElement('span');
  label.textContent = name;
  const number = document.createElement('span');
  number.className = 'share';
  number.textContent = percent(share);
  const track = document.createElement('div');
  track.className = 'track';
  track.setAttribute('aria-hidden', 'true');
  const fill = document.createElement('div');
  fill.className = 'fill';
  track.append(fill);
  item.append(label, number, track);
  // After the first frame, so that the bar visibly grows.
  requestAnimationFrame(() => requestAnimationFrame(() => (fill.style.width = `${share * 100}%`)));
  return item;
}
