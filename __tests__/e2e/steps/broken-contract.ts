import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expectSaid } from '../../support/e2e/command';
import type { Step } from '../../support/e2e/journey';
import type { Project } from '../../support/e2e/project';
import { WorkspaceCopy } from '../../support/workspace-copy';
import type { World } from '../../support/e2e/world';

const READS = 'reads contract "network" (owner platform-network) in the range ^1.0';
const READER = `layer "compute" ${READS}`;

/**
 * Network's contract is broken in a copy of the checkout and deployed from there; compute stays as it is. What
 * `npm run contracts` says to it in CI is in its own tests.
 */
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

  step('and at plan, where it was deployed', async () => {
    await broken.apply('network', { STRATA_LAYERS: 'network' });
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
    const reader = { extends: './tsconfig.json', include: ['stacks/compute/**/*.ts'] };
    writeFileSync(path.join(copy.folder, 'tsconfig.reader.json'), JSON.stringify(reader));
    const { status, output } = await copy.run(
      'typescript/bin/tsc',
      ...['--noEmit', '--pretty', 'false', '-p', 'tsconfig.reader.json'],
    );
    expect(status).not.toBe(0);
    expect(output).toMatch(/stacks\/compute\/\S+: error TS2339: Property 'privateSubnetIds' does not exist/);
  });

  step('and at plan, where it was deployed in spite of that', async () => {
    await broken.apply('network', { STRATA_LAYERS: 'network' });
    const { status, output } = await world.project.terraform('compute', ['plan', '-input=false', '-no-color']);
    expect(status).toBe(1);
    expectSaid(
      output,
      `${READER}, but version 1.0.0 was deployed without: private_subnet_ids. Deploy layer "network" again; if an output was removed, its contract needs a new major version.`,
    );
  });

  step('and all is well again when the contract is', async () => {
    await world.project.deploy(['network']);
    expect(await world.project.changes(['network', 'compute'])).toEqual({ network: [], compute: [] });
  });
}
