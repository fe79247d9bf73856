/**
 * Configuration that no schema accepts. The message lists every problem, each with the key, the value found and what is
 * allowed, so that one run shows all there is to mend.
 */
export class ConfigError extends Error {
  /** One line a problem, such as `environments.dev.region: "eu" is not allowed; …`. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[], source = 'configuration') {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(`${count} in the ${source}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}
