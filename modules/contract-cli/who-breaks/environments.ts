/** An environment that does not synthesize, and the error message. */
export interface Failure {
  readonly environment: string;
  readonly message: string;
}

/** Groups failures by message, as environments mostly share their code. */
export function byMessage(
  failures: readonly Failure[],
): { readonly message: string; readonly environments: readonly string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { environment, message } of failures) groups.set(message, [...(groups.get(message) ?? []), environment]);
  return [...groups].map(([message, environments]) => ({ message, environments }));
}

/** `environment dev`, or `environments dev, staging`. */
export function environmentsInWords(environments: readonly string[]): string {
  return `environment${environments.length === 1 ? '' : 's'} ${environments.join(', ')}`;
}
