import { stripVTControlCharacters } from 'node:util';

/** How long nothing new is said about a layer while resources come and go. */
const QUIET_MILLISECONDS = 5000;

interface Layer {
  planned: number;
  finished: number;
  lastSaid: number;
}

/**
 * Turns what `cdktf deploy` and `cdktf destroy` print into a few calm lines: the plan of each layer in numbers, how far
 * it is every few seconds, how it ended, and errors in full. Feed it lines; it answers with the lines to show.
 */
export class DeployProgress {
  private readonly layers = new Map<string, Layer>();
  private current = '';
  private box: string[] | undefined;
  private errors = 0;

  public constructor(
    private readonly names: readonly string[],
    private readonly now: () => number = Date.now,
  ) {}

  /** Whether an error was shown. */
  public get hasErrors(): boolean {
    return this.errors > 0;
  }

  public line(raw: string): string[] {
    const text = this.withoutPrefix(stripVTControlCharacters(raw).trimEnd());
    if (text.startsWith('╷')) {
      this.box = [];
      return [];
    }
    if (this.box !== undefined) {
      if (!text.startsWith('╵')) {
        this.box.push(text.replace(/^│ ?/, ''));
        return [];
      }
      const lines = this.box;
      this.box = undefined;
      if (!lines.some((line) => line.startsWith('Error:'))) return [];
      this.errors++;
      return [
        '',
        ...lines.filter((line, index) => line !== '' || index > 0).map((line) => `${this.label()}${line}`),
        '',
      ];
    }

    const plan = /^Plan: (?:\d+ to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy/.exec(text);
    if (plan !== null) {
      const [add, change, destroy] = plan.slice(1).map(Number) as [number, number, number];
      this.layers.set(this.current, { planned: add + change + destroy, finished: 0, lastSaid: this.now() });
      return [this.say(`${add} to add, ${change} to change, ${destroy} to destroy`)];
    }
    if (text.startsWith('No changes.')) return [this.say('no changes')];
    if (text.startsWith('Initializing the backend')) return [this.say('preparing')];

    const done = /^(Apply|Destroy) complete! Resources: (.+)\.$/.exec(text);
    if (done !== null) return this.layers.delete(this.current) ? [this.say(`done: ${done[2]}`)] : [];

    const finished = /^(\S+): (?:Creation|Modifications|Destruction) complete/.exec(text);
    const waiting = /^(\S+): Still (?:creating|modifying|destroying)\.\.\./.exec(text);
    const layer = this.layers.get(this.current);
    if (layer === undefined || (finished === null && waiting === null)) return [];
    if (finished !== null) layer.finished++;
    if (this.now() - layer.lastSaid < QUIET_MILLISECONDS) return [];
    layer.lastSaid = this.now();
    const what = finished?.[1] ?? `waiting for ${waiting?.[1]}`;
    return [this.say(`${layer.finished} of ${layer.planned}: ${what}`)];
  }

  /** The CLI names the layer at the start of a message and indents the lines that follow. */
  private withoutPrefix(text: string): string {
    const name = this.names.find((candidate) => text === candidate || text.startsWith(`${candidate}  `));
    if (name === undefined) return text.trimStart();
    this.current = name;
    return text.slice(name.length).trimStart();
  }

  private say(text: string): string {
    return `${this.label()}${text}`;
  }

  private label(): string {
    return `  ${this.current.padEnd(Math.max(0, ...this.names.map((name) => name.length)))}  `;
  }
}
