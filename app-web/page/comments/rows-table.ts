import { Failure } from '../answer';
import { element } from '../element';
import { say } from '../language-switch';
import { formatCount, formatScore } from './format';
import type { Row } from './job';
import { getRows, persist } from './jobs-api';

const PAGE = 25;
const ATTEMPTS = 4;

/** The table of every comment, a page at a time. */
export class RowsTable {
  #jobId = '';
  #after = 0;
  #total = 0;
  #rows: readonly Row[] = [];
  #asking: AbortController | undefined;

  constructor() {
    element('previous').addEventListener('click', () => void this.#turn(this.#after - PAGE));
    element('next').addEventListener('click', () => void this.#turn(this.#after + PAGE));
  }

  async open(jobId: string): Promise<void> {
    this.#jobId = jobId;
    this.#after = this.#total = 0;
    this.#rows = [];
    this.show();
    await this.#turn(0);
  }

  close(): void {
    this.#asking?.abort();
  }

  async #turn(after: number): Promise<void> {
    this.#asking?.abort();
    const mine = new AbortController();
    this.#asking = mine;
    try {
      const { rows, total } = await persist(ATTEMPTS, mine.signal, () =>
        getRows(this.#jobId, after, PAGE, mine.signal),
      );
      [this.#rows, this.#total, this.#after] = [rows, total, after];
      element('table-missing').hidden = true;
      this.show();
      element('table-frame').scrollTop = 0;
    } catch (error) {
      if (error instanceof Failure && error.code === 'cancelled') return;
      element('table-missing').hidden = false;
    }
  }

  /** Shows the page that it has, in the page's language. */
  show(): void {
    const [from, to] = [this.#after + 1, this.#after + this.#rows.length];
    element('rows').replaceChildren(...this.#rows.map(rowOf));
    element('table-frame').hidden = this.#rows.length === 0;
    element('pager').hidden = this.#total <= PAGE;
    element('range').textContent = say('tableRange', {
      from: formatCount(from),
      to: formatCount(to),
      total: formatCount(this.#total),
    });
    element<HTMLButtonElement>('previous').disabled = this.#after === 0;
    element<HTMLButtonElement>('next').disabled = to >= this.#total;
  }
}

function rowOf({ line, comment, label, score, error }: Row): HTMLTableRowElement {
  const row = document.createElement('tr');
  const sound = document.createElement('td');
  if (label !== 'error') {
    const mark = document.createElement('span');
    mark.className = 'sound';
    mark.dataset['sound'] = label;
    mark.textContent = say(label);
    sound.append(mark);
  }
  row.append(
    cell(formatCount(line), 'number'),
    cell(comment ?? error ?? '', error === null ? 'comment' : 'comment bad'),
    sound,
    cell(score === null ? '' : formatScore(score), 'number'),
  );
  return row;
}

function cell(text: string, className: string): HTMLTableCellElement {
  const made = document.createElement('td');
  made.className = className;
  made.textContent = text;
  return made;
}
