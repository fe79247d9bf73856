import type { DeployedState, Inventory } from './deployed-state';

export const STATE_SUFFIX = '.tfstate';

/**
 * How many states are read in parallel: enough to hide network latency, few enough for HCP Terraform's limit of 30
 * requests per second.
 */
const CONCURRENCY = 6;

interface Source extends Omit<DeployedState, 'outputs'> {
  /** The state's outputs; `undefined` if nothing is deployed. */
  read(): Promise<DeployedState['outputs'] | undefined>;
}

/** Reads `items` in order, a few at a time. A failed read is reported as a problem and does not stop the rest. */
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
 * The outputs in a state file, without sensitive ones.
 * @throws Error if it is not a state, or is encrypted.
 */
export function stateOutputs(text: string): DeployedState['outputs'] {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    throw new Error('is not a Terraform state: it is not JSON');
  }
  if (!isRecord(state)) throw new Error('is not a Terraform state');
  if ('encrypted_data' in state) throw new Error('is encrypted, so its outputs cannot be read');
  if (state.version !== 4)
    throw new Error(
      `has the state format ${JSON.stringify(state.version ?? 'unknown')}; only format 4 is supported, which ` +
        `Terraform has written since 0.12`,
    );
  const outputs = Object.entries(isRecord(state.outputs) ? state.outputs : {});
  return Object.fromEntries(
    outputs.flatMap(([name, output]) => (isRecord(output) && output.sensitive !== true ? [[name, output.value]] : [])),
  );
}

/** An error in one line. */
export function describeError(error: unknown): string {
  // A connection refused on several addresses is an AggregateError with an empty message.
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
