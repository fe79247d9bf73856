/** Tests that mostly wait, a few at a time: each is still reported by itself. */
export interface SideBySide {
  it(name: string, work: () => Promise<void>): void;
  /** Called in `beforeAll`, when what the tests need is there. */
  start(): void;
}

export function sideBySide(atATime: number): SideBySide {
  const waiting: (() => Promise<void>)[] = [];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
  };
  return {
    it(name, work) {
      let settle!: (result: Promise<void>) => void;
      const result = new Promise<void>((resolve) => (settle = resolve));
      waiting.push(async () => {
        const running = work();
        settle(running);
        await running.catch(() => undefined); // the test reports it
      });
      it(name, () => result);
    },
    start() {
      for (let i = 0; i < atATime; i++) void lane();
    },
  };
}
