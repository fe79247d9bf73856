/** What was typed cannot be done: names the value, what is allowed and what to change. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
