import type { Step } from '../../support/e2e/journey';
import { added, inventory, type Inventory } from '../../support/e2e/remaining';
import type { World } from '../../support/e2e/world';

/**
 * All layers are destroyed, readers before what they read.
 * @param remains what is there afterwards, besides what AWS never deletes
 */
export function destroySteps(step: Step, world: World, remains: Inventory): void {
  step('cdktf destroy takes the layers down in reverse order and leaves nothing', async () => {
    const said = await world.project.destroy(['network', 'registry', 'compute']);
    const lastOfCompute = Math.max(
      ...[...said.matchAll(/aws_(lb|ecs_service|ecs_cluster)\..*: Destruction complete/g)].map(({ index }) => index),
    );
    expect(lastOfCompute).toBeGreaterThan(0);
    expect(said.search(/aws_(subnet|nat_gateway|vpc)\..*: Destroying/)).toBeGreaterThan(lastOfCompute);

    // AWS keeps revisions of task definitions that were deregistered.
    const { inactiveTaskDefinitions = [], ...left } = added(world.before, await inventory(world.clients));
    expect(left).toEqual(remains);
    expect(inactiveTaskDefinitions.filter((name) => !/^app-(web|was)-td:\d+$/.test(name))).toEqual([]);
  });
}
