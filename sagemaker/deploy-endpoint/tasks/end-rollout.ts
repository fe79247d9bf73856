import type { Answer } from '../answer';
import { applyConfig } from '../apply-config';
import { DeployError } from '../deploy-error';
import type { Endpoint } from '../endpoint';
import { CANDIDATE_VARIANT, finalConfig, MAIN_VARIANT, variantNamed } from '../plan';
import type { Run } from '../run';

/**
 * Ends a weighted or shadow rollout: the candidate takes over, or is removed.
 * @throws DeployError when there is no candidate, or the endpoint does not take the change
 */
export async function endRollout(run: Run, endpoint: Endpoint, kind: 'promote' | 'discard'): Promise<Answer> {
  return await applyConfig(run, endpoint, async (current) => {
    const candidate = variantNamed(current, CANDIDATE_VARIANT)?.ModelName;
    const main = variantNamed(current, MAIN_VARIANT)?.ModelName;
    if (candidate === undefined || main === undefined)
      throw new DeployError(
        `endpoint ${endpoint.name} has no candidate to ${kind}; a weighted or shadow rollout makes one`,
      );
    // The configuration's tag names the candidate's package.
    return kind === 'promote'
      ? finalConfig(run.settings, candidate, await endpoint.configs.packageOf(current))
      : finalConfig(run.settings, main, await endpoint.models.packageOf(main));
  });
}
