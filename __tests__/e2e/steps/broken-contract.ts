import { expectSaid } from '../../support/e2e/command';
import type { Step } from '../../support/e2e/journey';
import type { Project } from '../../support/e2e/project';
import { WorkspaceCopy } from '../../support/workspace-copy';
import type { World } from '../../support/e2e/world';

const LAYERS = ['network', 'registry', 'compute'];
const READS = 'reads contract "network" (owner platform-network) in the range ^1.0';
const READER = `layer "compute" ${READS}`;

/** Network's contract is broken in a copy of the checkout and deployed from there; compute stays as it is. */
export function brokenContractSteps(step: Step, world: World): void {
  let copy: WorkspaceCopy;
  let broken: Project;
  afterAll(() => copy?.remove());

  step('a contract with a higher major version fails at synth, where it is installed', async () => {
    copy = new WorkspaceCopy();
    copy.edit('stacks/network/contract/package.json', /"version": "1\.\d+\.\d+"/, '"version": "2.0.0"');
    broken = world.anotherCheckout(copy.folder);
    broken.configure({ ...world.environment, state: { type: 'local', directory: world.project.localStateFolder } });
    const { status, output } = await broken.cdktf(['synth']);
    expect(status).not.toBe(0);
    expectSaid(
      output,
      `${READER}, but the version installed is 2.0.0; install a version of its package in that range, or widen the range after adapting to the change`,
    );
  });

  step('and in CI', async () => {
    const { status, output } = await copy.run('tsx/dist/cli.mjs', 'scripts/contracts.ts', 'check');
    expect(status).toBe(1);
    // The checkout's own environments have more layers that read it; whichever is synthesized first is named.
    expectSaid(output, `${READS}, but the version installed is 2.0.0`);
  });

  step('and at plan, where it was deployed', async () => {
    await broken.deploy(['network'], { STRATA_LAYERS: 'network' });
    const { status, output } = await world.project.terraform('compute', ['plan', '-input=false', '-no-color']);
    expect(status).toBe(1);
    expectSaid(
      output,
      `${READER}, but the version deployed is 2.0.0. Deploy a version of layer "network" in that range, or adapt this layer and its range to 2.0.0; its CHANGELOG lists the changes.`,
    );
  });

  step('a contract without an output that is read fails in the type check', async () => {
    copy.edit('stacks/network/contract/package.json', /"version": "2\.0\.0"/, '"version": "1.0.0"');
    copy.edit('stacks/network/contract/index.ts', /^ {4}privateSubnetIds: \{[^}]*\},\n/m, '');
    copy.edit(
      'stacks/network/stack.ts',
      /^ {6}privateSubnetIds: this\.vpc\.privateSubnetIds,\n(?= {6}privateRouteTableIds: this)/m,
      '',
    );
    const { status, output } = await copy.run('typescript/bin/tsc', '--noEmit', '--pretty', 'false', '-p', '.');
    expect(status).not.toBe(0);
    expect(output).toMatch(/stacks\/compute\/\S+: error TS2339: Property 'privateSubnetIds' does not exist/);
  });

  step('in CI, unless its version is raised', async () => {
    const { status, output } = await copy.run('tsx/dist/cli.mjs', 'scripts/contracts.ts', 'check');
    expect(status).toBe(1);
    expectSaid(
      output,
      'contract "network" (owner platform-network): output "private_subnet_ids" was removed, which is a major change, but the version is still 1.0.0; raise it to 2.0.0 or higher',
    );
  });

  step('and at plan, where it was deployed in spite of that', async () => {
    await broken.deploy(['network'], { STRATA_LAYERS: 'network' });
    const { status, output } = await world.project.terraform('compute', ['plan', '-input=false', '-no-color']);
    expect(status).toBe(1);
    expectSaid(
      output,
      `${READER}, but version 1.0.0 was deployed without: private_subnet_ids. Deploy layer "network" again; if an output was removed, its contract needs a new major version.`,
    );
  });

  step('and all is well again when the contract is', async () => {
    await world.project.deploy(['network']);
    expect(await world.project.changes(LAYERS)).toEqual({ network: [], registry: [], compute: [] });
  });
}
