/** Quotes a text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A command that fails the build with a message on standard error. The message is in double quotes, so it may contain
 * variables.
 */
export function fail(message: string): string {
  return `{ echo "${message}" >&2; false; }`;
}

/** Fails where a variable that the project must set is empty or missing. */
export function requireVariables(names: readonly string[]): string {
  return (
    `for name in ${names.join(' ')}; do eval "value=\\\${$name-}"; [ -n "$value" ] || ` +
    `${fail('the build project must set the environment variable $name')} || break; done && [ -n "$value" ]`
  );
}
