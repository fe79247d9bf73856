import { awsClients, type Clients } from './clients';
import type { Answer } from './answer';
import { readEvent, type Task } from './event';
import { perform } from './perform';
import type { Run } from './run';
import { readSettings, type Settings } from './settings';

/** What is left of Lambda's time must be enough to clean up and answer. */
const RESERVE_MILLISECONDS = 30_000;

export interface HandlerProps {
  readonly clients: Clients;
  /** @default that of the process, read at each invocation */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** @default 5000 */
  readonly pollMilliseconds?: number;
  /** @default JSON lines on standard output */
  readonly log?: Run['log'];
}

/** Part of Lambda's context that is used. */
export interface LambdaContext {
  readonly getRemainingTimeInMillis?: () => number;
}

export type Handler = (event: unknown, context?: LambdaContext) => Promise<Answer>;

/** The function, for other clients than those of AWS's own addresses. */
export function createHandler({
  clients,
  environment,
  pollMilliseconds = 5_000,
  log = logLine,
}: HandlerProps): Handler {
  return async (event, context) => {
    try {
      const given = readSettings(environment ?? process.env);
      const task = readEvent(event);
      const settings = shortened(given, task);
      const remaining = context?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
      const deadline =
        Date.now() + Math.max(0, Math.min(settings.waitSeconds * 1000, remaining - RESERVE_MILLISECONDS));
      log('asked', { ...task, endpoint: settings.endpointName });
      const answered = await perform({ ...clients, settings, deadline, pollMilliseconds, log }, task);
      log('done', { ...answered });
      return answered;
    } catch (error) {
      log('failed', { error: (error as Error).message, name: (error as Error).name });
      throw error;
    }
  };
}

/** An invocation may wait for less than the settings say, not for more. */
function shortened(settings: Settings, task: Task): Settings {
  const asked = task.kind === 'refresh' || task.kind === 'await' ? task.waitSeconds : undefined;
  return asked === undefined ? settings : { ...settings, waitSeconds: Math.min(settings.waitSeconds, asked) };
}

let clients: Clients | undefined;

/** The Lambda function's entry. */
export const handler: Handler = async (event, context) => {
  clients ??= awsClients();
  return await createHandler({ clients })(event, context);
};

function logLine(message: string, details: Readonly<Record<string, unknown>> = {}): void {
  console.log(JSON.stringify({ message, ...details }));
}
