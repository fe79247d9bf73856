import { HeldOperations } from '../../support/e2e/held-operation';
import { eventually, type Step } from '../../support/e2e/journey';
import { managedTypes } from '../../support/e2e/project';
import { added, inventory } from '../../support/e2e/remaining';
import type { StateBucketContents } from '../../support/e2e/state-bucket';
import type { World } from '../../support/e2e/world';

const LAYERS = ['compute', 'network', 'registry'];
const KEY = 'shop/e2e/network.tfstate';
const LOCK = `${KEY}.tflock`;
/**
 * Terraform saves a remote state when something is done and this time has passed since it last did, or since the first
 * was done.
 */
const SAVES_AFTER_MILLISECONDS = 20_000;

/** The first deploy of network, from two checkouts at once; the one that holds the lock is killed half-way. */
export function interruptedDeploySteps(step: Step, world: World, contents: () => StateBucketContents): void {
  let lineage = '';
  let lockId = '';

  step('of two applies at once the second is refused by the lock', async () => {
    world.configure({
      ...world.environment,
      layers: { ...world.environment.layers, network: {}, registry: {}, compute: {} },
    });
    const { project } = world;
    await project.synth();
    await project.init('network');
    const held = await HeldOperations.ofEc2(world.aws.port, ['CreateNatGateway', 'CreateVpcEndpoint']);
    const first = project.startTerraform('network', ['apply', '-auto-approve', '-input=false', '-no-color'], {
      AWS_ENDPOINT_URL: held.endpoint,
    });
    try {
      const began = await eventually('a resource that is made', () =>
        first.output().includes('Creation complete') ? Date.now() : undefined,
      );
      await eventually('an apply that holds the lock', () =>
        held.isReached('CreateNatGateway') && held.isReached('CreateVpcEndpoint') ? true : undefined,
      );
      expect(await contents().keys()).toContain(LOCK);

      const colleague = world.anotherCheckout();
      const second = await colleague.cdktf(['deploy', 'network', '--auto-approve']);
      expect(second.status).not.toBe(0);
      expect(second.output).toContain('Error acquiring the state lock');
      lockId = /ID:\s+([0-9a-f-]{36})/.exec(second.output)?.[1] ?? '';
      expect(lockId).not.toBe('');

      await eventually('the time after which Terraform saves', () =>
        Date.now() - began > SAVES_AFTER_MILLISECONDS ? true : undefined,
      );
      held.letGo('CreateVpcEndpoint');
      await eventually('a state in the bucket', async () =>
        (await contents().keys()).includes(KEY) ? true : undefined,
      );
    } finally {
      first.kill();
      await first.ended;
      held.close();
    }
    const halfWay = await contents().state(KEY);
    lineage = halfWay.lineage;
    expect(managedTypes(halfWay)).toEqual(expect.arrayContaining(['aws_vpc', 'aws_subnet', 'aws_vpc_endpoint']));
    expect(managedTypes(halfWay)).not.toContain('aws_nat_gateway');
  });

  step(
    'an apply that was killed leaves its lock; once that is taken away the next one completes it, and makes the rest from nothing',
    async () => {
      const { project } = world;
      const refused = await project.cdktf(['deploy', 'network', '--auto-approve']);
      expect(refused.status).not.toBe(0);
      expect(refused.output).toContain(lockId);

      const unlocked = await project.terraform('network', ['force-unlock', '-force', lockId]);
      expect(unlocked).toMatchObject({ status: 0 });
      await project.deploy(LAYERS);

      expect(await contents().keys()).toEqual(['bootstrap', ...LAYERS].map((layer) => `shop/e2e/${layer}.tfstate`));
      expect((await contents().state(KEY)).lineage).toBe(lineage);
      const made = added(world.before, await inventory(world.clients));
      expect(
        [made.vpcs, made.natGateways, made.addresses, made.internetGateways, made.subnets].map((ids) => ids?.length),
      ).toEqual([1, 1, 1, 1, 4]);
    },
  );
}
