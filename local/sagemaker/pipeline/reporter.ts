/** Shows a run on a terminal, or in a file: what begins, what jobs write, and how each step ended. */
export interface ReporterStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class Reporter {
  #bar = '';

  constructor(
    private readonly stream: ReporterStream,
    private readonly total: number,
  ) {}

  say(text: string): void {
    this.#clearBar();
    this.stream.write(`${text}\n`);
  }

  begins(number: number, name: string, type: string): void {
    this.say(`[${number}/${this.total}] ${name} (${type})`);
  }

  /** A line that a job wrote. */
  line(text: string): void {
    this.say(`        ${text}`);
  }

  /** A progress bar of a job; undefined where it would not move. */
  get bar(): ((text: string) => void) | undefined {
    if (this.stream.isTTY !== true) return undefined;
    return (text) => {
      const shown = `        ${text}`.slice(0, (this.stream.columns ?? 80) - 1);
      if (shown === this.#bar) return;
      this.#bar = shown;
      this.stream.write(`\r\u001B[2K${shown}`);
    };
  }

  ends(number: number, name: string, outcome: string, milliseconds: number): void {
    this.say(`[${number}/${this.total}] ${name}: ${outcome} (${duration(milliseconds)})`);
  }

  #clearBar(): void {
    if (this.#bar === '') return;
    this.#bar = '';
    this.stream.write('\r\u001B[2K');
  }
}

export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
