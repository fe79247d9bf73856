import type { Diagnostic } from './terraform';

/** A lock on a layer's state, as Terraform tells of it. */
export interface StateLock {
  readonly id: string;
  readonly who: string;
  readonly created: string;
}

/** The lock that stopped Terraform; `undefined` when something else did, or it does not say which lock. */
export function lockOf(errors: readonly Diagnostic[]): StateLock | undefined {
  const error = errors.find(({ summary }) => summary === 'Error acquiring the state lock');
  if (error === undefined) return undefined;
  const field = (name: string): string =>
    new RegExp(`^\\s*${name}:\\s+(.+)$`, 'm').exec(error.detail)?.[1]?.trim() ?? '';
  return { id: field('ID'), who: field('Who'), created: field('Created') };
}

/** What the lock means and what to do. */
export function lockInWords({ id, who, created }: StateLock, layer: string): string {
  return (
    `the state of "${layer}" is locked by ${who || 'someone'} since ${created || 'an unknown time'}. If that deploy ` +
    'still runs, wait for it. If it was killed, its lock is left over; take it away and recover:\n\n' +
    `  npm run recover -- ${layer} --unlock ${id || '<ID>'}`
  );
}
