import { element } from '../element';
import { percent, say } from '../language-switch';
import { formatCount } from './format';
import { commentsOf, sounds, type Sound, type Summary } from './job';

const SVG = 'http://www.w3.org/2000/svg';
const GAP = 1;
const HEIGHT = 100;

function shape(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function picture(kind: string, viewBox: string, label: string, shapes: readonly SVGElement[]): SVGElement {
  const svg = shape('svg', { class: kind, viewBox, preserveAspectRatio: 'none', role: 'img', 'aria-label': label });
  svg.append(...shapes);
  return svg;
}

/** Draws a summary: the share of each sound, and how many comments there are from very negative to very positive. */
export function drawCharts(summary: Summary): void {
  const total = commentsOf(summary);
  const share = (sound: Sound): number => (total === 0 ? 0 : summary.labels[sound] / total);
  const shares = Object.fromEntries(sounds.map((sound) => [sound, percent(share(sound))]));
  let x = 0;
  const bars = sounds.map((sound) => {
    const width = share(sound) * 100;
    const bar = shape('rect', { class: sound, x, y: 0, width, height: 10 });
    x += width;
    return bar;
  });
  element('shares').replaceChildren(picture('shares', '0 0 100 10', say('sharesLabel', shares), bars));
  element('legend').replaceChildren(
    ...sounds.map((sound) => legendItem(sound, summary.labels[sound], shares[sound] ?? '')),
  );
  element('histogram').replaceChildren(histogram(summary.histogram));
}

function histogram(counts: readonly number[]): SVGElement {
  const most = Math.max(1, ...counts);
  const width = 100 / Math.max(1, counts.length);
  const bars = counts.map((count, index) => {
    const height = (count / most) * HEIGHT;
    return shape('rect', {
      class: soundOf((index + 0.5) / counts.length),
      x: index * width + GAP / 2,
      y: HEIGHT - height,
      width: width - GAP,
      height,
    });
  });
  const axis = shape('line', { class: 'axis', x1: 0, x2: 100, y1: HEIGHT, y2: HEIGHT });
  const label = say('histogramLabel', { counts: counts.map(formatCount).join(', ') });
  return picture('histogram', `0 0 100 ${HEIGHT}`, label, [...bars, axis]);
}

/** The colour of a step: the middle ones are neither. */
function soundOf(place: number): Sound {
  if (place < 0.4) return 'negative';
  return place < 0.6 ? 'neutral' : 'positive';
}

function legendItem(sound: Sound, count: number, share: string): HTMLLIElement {
  const item = document.createElement('li');
  const swatch = document.createElement('span');
  swatch.className = 'swatch';
  swatch.dataset['sound'] = sound;
  swatch.setAttribute('aria-hidden', 'true');
  const [name, number, part] = [say(sound), formatCount(count), share].map((text) => {
    const span = document.createElement('span');
    span.textContent = text;
    return span;
  });
  part!.className = 'share';
  item.append(swatch, name!, number!, part!);
  return item;
}
