import { eventually, type Step } from '../../support/e2e/journey';
import { HeldOperations } from '../../support/e2e/held-operation';
import { managedTypes } from '../../support/e2e/project';
import { added, inventory } from '../../support/e2e/remaining';
import type { World } from '../../support/e2e/world';

/**
 * The first deploy of network: while it stands still another is refused; it is killed, and the next one completes it.
 */
export function interruptedDeploySteps(step: Step, world: World): void {
  step('while an apply runs a second one is refused, and one that is killed is completed by the next', async () => {
    const { project } = world;
    await project.synth();
    await project.init('network');
    const held = await HeldOperations.ofEc2(world.aws.port, ['CreateNatGateway']);
    const first = project.startTerraform('network', ['apply', '-auto-approve', '-input=false', '-no-color'], {
      AWS_ENDPOINT_URL: held.endpoint,
    });
    try {
      await eventually('everything but the NAT gateway', () =>
        held.isReached('CreateNatGateway') && creating(first.output()) === 1 ? true : undefined,
      );
      const second = await project.cdktf(['deploy', 'network', '--auto-approve']);
      expect(second.output).toContain('Error acquiring the state lock');
      expect(second.status).not.toBe(0);
    } finally {
      first.kill();
      await first.ended;
      held.close();
    }

    const halfWay = project.localState('network');
    expect(managedTypes(halfWay)).toEqual(expect.arrayContaining(['aws_vpc', 'aws_subnet', 'aws_vpc_endpoint']));
    expect(managedTypes(halfWay)).not.toContain('aws_nat_gateway');

    await project.deploy(['network']);
    const complete = project.localState('network');
    expect(complete.lineage).toBe(halfWay.lineage);
    expect(complete.serial).toBeGreaterThan(halfWay.serial);
    const made = added(world.before, await inventory(world.clients));
    expect(
      [made.vpcs, made.natGateways, made.addresses, made.internetGateways, made.subnets].map((ids) => ids?.length),
    ).toEqual([1, 1, 1, 1, 4]);
  });
}

/** How many resources Terraform is making at this moment, by what it has said. */
export function creating(output: string): number {
  const count = (text: RegExp): number => [...output.matchAll(text)].length;
  return count(/: Creating\.\.\./g) - count(/: Creation complete/g);
}
