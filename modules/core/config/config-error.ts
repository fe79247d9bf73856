const CONFIG_ERROR = Symbol.for('@strata/core.ConfigError');

/**
 * Invalid configuration. The message lists every problem, each with the key, the value found and what is allowed, so
 * that one run shows everything to fix.
 */
export class ConfigError extends Error {
  /** Whether `error` is a ConfigError, from any copy of this package. */
  static isConfigError(error: unknown): error is ConfigError {
    return typeof error === 'object' && error !== null && CONFIG_ERROR in error;
  }

  /** One line per problem, such as `environments.dev.region: "eu" is not allowed; …`. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[], source = 'configuration') {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(`${count} in the ${source}:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    Object.defineProperty(this, CONFIG_ERROR, { value: true });
    this.problems = problems;
  }
}
