import { runSimulation, runUnsafeSimulation, type Simulation } from '@cloud-copilot/iam-simulate';

export interface Simulated {
  readonly result: 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';
  /** Why there is no result of policies: one of them is no policy. */
  readonly error?: string;
}

/** Evaluates a request against policies, also for a kind of resource that IAM's data does not list for the action. */
export async function simulate(simulation: Simulation): Promise<Simulated> {
  const simulated = await runSimulation(simulation, {});
  if (simulated.resultType === 'error') {
    if (!UNLISTED.has(simulated.errors.message)) return { result: 'ImplicitlyDenied', error: simulated.errors.message };
    // It takes no policy of the resource; a resource that has one is listed.
    return { result: runUnsafeSimulation({ ...simulation, resourcePolicy: undefined }, {}) };
  }
  if (simulated.overallResult === 'Allowed') return { result: 'Allowed' };
  // An ARN with a part that the request does not tell: allowed for some is allowed.
  if (simulated.resultType === 'wildcard' && simulated.results.some(({ analysis }) => analysis.result === 'Allowed'))
    return { result: 'Allowed' };
  return { result: simulated.overallResult };
}

const UNLISTED = new Set(['no.resource.types', 'multiple.resource.types']);
