/** A failure the person at the terminal can act on: printed as its message alone, without a stack trace. */
export class UserError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UserError';
  }
}

/**
 * Runs a command-line entry point: a `UserError` ends it with its message and exit code 1, anything else with its
 * stack.
 */
export function runCommand(main: () => Promise<number | void>): void {
  // A `fetch` whose peer hangs up immediately may wait on nothing but its AbortSignal, whose timer keeps no process: it
  // would end here, in silence and with 0.
  const awake = setInterval(() => undefined, 60_000);
  main()
    .finally(() => clearInterval(awake))
    .then(
      (code) => {
        process.exitCode = code ?? 0;
      },
      (error: unknown) => {
        const text =
          error instanceof UserError
            ? error.message
            : error instanceof Error
              ? (error.stack ?? error.message)
              : String(error);
        process.stderr.write(`\n${text}\n`);
        process.exitCode = 1;
      },
    );
}
