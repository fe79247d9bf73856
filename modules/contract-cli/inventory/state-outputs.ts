import type { DeployedState, Inventory } from './deployed-state';

export const STATE_SUFFIX = '.tfstate';

/**
 * How many states are read at once: enough to hide a network's latency, few enough for HCP Terraform's limit of 30
 * requests a second.
 */
const CONCURRENCY = 6;

interface Source extends Omit<DeployedState, 'outputs'> {
  /** The state's outputs; `undefined` where nothing is deployed. */
  read(): Promise<DeployedState['outputs'] | undefined>;
}

/** Reads each of `items`, in order, a few at a time. One that cannot be read is a problem and not the end. */
export async function collectStates<T>(items: readonly T[], sourceOf: (item: T) => Source): Promise<Inventory> {
  const found: (DeployedState | string | undefined)[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      const { name, location, read } = sourceOf(item);
      try {
        const outputs = await read();
        found[index] = outputs === undefined ? undefined : { name, location, outputs };
      } catch (error) {
        found[index] = `${location}: ${describeError(error)}`;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, worker));
  return {
    states: found.filter((entry) => typeof entry === 'object'),
    problems: found.filter((entry) => typeof entry === 'string'),
  };
}

/**
 * The outputs in a state file, without those that are sensitive.
 * @throws Error when it is no state, or an encrypted one.
 */
export function stateOutputs(text: string): DeployedState['outputs'] {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    throw new Error('is no Terraform state: it does not hold JSON');
  }
  if (!isRecord(state)) throw new Error('is no Terraform state');
  if ('encrypted_data' in state) throw new Error('is encrypted, so that its outputs cannot be read');
  if (state.version !== 4)
    throw new Error(
      `has the state format ${JSON.stringify(state.version ?? 'unknown')}; this reads format 4, which ` +
        'Terraform writes since 0.12',
    );
  const outputs = Object.entries(isRecord(state.outputs) ? state.outputs : {});
  return Object.fromEntries(
    outputs.flatMap(([name, output]) => (isRecord(output) && output.sensitive !== true ? [[name, output.value]] : [])),
  );
}

/** An error in one line. */
export function describeError(error: unknown): string {
  // A connection that was refused on several addresses comes as several errors without a message of their own.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const { name, message, cause } = inner as Partial<Error>;
  const text = message === undefined || message === '' ? String(name ?? inner) : message;
  const reason = cause === undefined ? '' : ` (${describeError(cause)})`;
  const prefix = name === undefined || name.endsWith('Error') || text.includes(name) ? '' : `${name}: `;
  return `${prefix}${text}${reason}`.replaceAll(/\s*\n\s*/g, ' ');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
