import { existsSync } from 'node:fs';
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
 * The first deploy of network, from two checkouts at once; the one that holds the lock is killed half-way, before it has
 * saved anything, and what it has made is recovered.
 */
export function interruptedDeploySteps(step: Step, world: World, contents: () => StateBucketContents): void {
  let lockId = '';
  // Nothing, but for a machine so slow that Terraform saves meanwhile, as it does every 20 seconds.
  let saved: readonly string[] = [];

  step('of two applies at once the second is refused by the lock', async () => {
    world.configure({
      ...world.environment,
      layers: { ...world.environment.layers, network: {}, registry: {}, compute: {} },
    });
    const { project } = world;
    await project.synth();
    await project.init('network');
    const held = await HeldOperations.ofEc2(
      world.aws.port,
      ['CreateNatGateway', 'CreateVpcEndpoint'],
      ['CreateVpcEndpoint'],
    );
    const first = project.startTerraform('network', ['apply', '-auto-approve', '-input=false', '-no-color'], {
      AWS_ENDPOINT_URL: held.endpoint,
    });
    try {
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
    } finally {
      first.kill();
      await first.ended;
      held.close();
    }
    saved = (await contents().keys()).includes(KEY) ? managedTypes(await contents().state(KEY)) : [];
    // It was made, and Terraform was not told.
    expect(saved).not.toContain('aws_vpc_endpoint');
    const made = added(world.before, await inventory(world.clients));
    expect(made.vpcEndpoints).toHaveLength(1);
  });

  step('its lock stays, and the recovery says by which command it is taken away', async () => {
    const { status, output } = await world.project.recover('network');
    expect(status).toBe(1);
    expect(output).toContain('the state of "network" is locked by');
    expect(output).toContain(`npm run recover -- network --unlock ${lockId}`);
    expect(await contents().keys()).toContain(LOCK);
  });

  step('the recovery finds what was made and not saved, by its tags and by what it is part of', async () => {
    const { status, output } = await world.project.recover('network', ['--unlock', lockId]);
    expect(output).toContain('missing from the state of "network"');
    const listed = [...output.matchAll(/^ {2}(aws_\w+)\.\S+ +\S+ +(?:tags|name|what it is part of)$/gm)].map(
      ([, type]) => type,
    );
    const made = [
      'aws_vpc',
      'aws_subnet',
      'aws_eip',
      'aws_internet_gateway',
      'aws_route_table',
      'aws_route_table_association',
    ];
    expect(listed).toEqual(
      expect.arrayContaining(['aws_vpc_endpoint', ...made.filter((type) => !saved.includes(type))]),
    );
    expect(listed).not.toContain('aws_nat_gateway');
    expect(output).not.toContain('Not imported');
    expect(status).toBe(0);
    expect(await contents().keys()).not.toContain(LOCK);
  });

  step('the next deploy imports it and makes the rest: nothing exists twice, and all layers follow', async () => {
    const { project } = world;
    expect(await project.deploy(LAYERS)).toMatch(/Resources: \d+ imported, \d+ added, \d+ changed, 0 destroyed/);
    expect(await contents().keys()).toEqual(['bootstrap', ...LAYERS].map((layer) => `shop/e2e/${layer}.tfstate`));
    const made = added(world.before, await inventory(world.clients));
    expect(
      [made.vpcs, made.natGateways, made.addresses, made.internetGateways, made.subnets].map((ids) => ids?.length),
    ).toEqual([1, 1, 1, 1, 4]);

    // The next synth takes the import blocks away.
    expect(existsSync(project.recoveryFile('network'))).toBe(true);
    await project.synth();
    expect(existsSync(project.recoveryFile('network'))).toBe(false);
  });
}
