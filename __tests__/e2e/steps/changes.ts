import { oneLine } from '../../support/e2e/command';
import type { Step } from '../../support/e2e/journey';
import type { World } from '../../support/e2e/world';

const LAYERS = ['network', 'registry', 'compute'];

const CHANGES: Readonly<
  Record<string, { readonly config: object; readonly planned: RegExp; readonly untouched?: RegExp }>
> = {
  network: { config: { natGateways: 'per-az' }, planned: /^aws_nat_gateway\.\S+ will be created$/ },
  registry: {
    config: { repositories: { 'app-web': { maxTaggedImages: 7 } } },
    planned: /^aws_ecr_lifecycle_policy\.\S+ (will be updated in-place|must be replaced)$/,
  },
  compute: {
    // The port: no other target group of the same name, no rule that cuts off the running tasks.
    config: { services: { 'app-web': { maxCapacity: 6, containerPort: 8005 } } },
    planned: /^aws_appautoscaling_target\.\S+ will be updated in-place$/,
    untouched: /^aws_(lb|vpc_security_group|security_group)/,
  },
};

/** A change of one layer is planned there and nowhere else; once all are deployed nothing is left to change. */
export function changeSteps(step: Step, world: World): void {
  let unchanged: Record<string, string>;

  step('before the changes the layers are synthesized as they were deployed', async () => {
    const { project } = world;
    const deployed = project.synthesized(LAYERS);
    await project.synth();
    unchanged = project.synthesized(LAYERS);
    expect(unchanged).toEqual(deployed);
  });

  for (const [layer, { config, planned, untouched }] of Object.entries(CHANGES)) {
    step(`a change of ${layer} leaves the plans of the others empty`, async () => {
      const { project, environment } = world;
      project.configure({ ...environment, layers: { ...environment.layers, [layer]: config } });
      await project.synth();
      // The same JSON, which reads the same states, has the same plan.
      expect({ ...project.synthesized(LAYERS), [layer]: '' }).toEqual({ ...unchanged, [layer]: '' });
      const { [layer]: own } = await project.changes([layer]);
      expect(own).toContainEqual(expect.stringMatching(planned));
      if (untouched !== undefined) expect(own).not.toContainEqual(expect.stringMatching(untouched));
    });
  }

  step('a plan that would replace the VPC of a protected environment fails, and says which resources', async () => {
    const { project, environment } = world;
    const protection = { deletionProtection: true };
    project.configure({
      ...environment,
      ...protection,
      layers: { ...environment.layers, network: { cidrBlock: '10.7.0.0/16' } },
    });
    await project.synth();
    const { status, output } = await project.terraform('network', ['plan', '-input=false', '-no-color']);
    expect(status).toBe(1);
    expect(output).toContain('Error: Instance cannot be destroyed');
    expect(oneLine(output)).toMatch(/Resource aws_vpc\.\S+ has lifecycle\.prevent_destroy set/);
  });

  step('all changes deployed at once leave every plan empty', async () => {
    const { project, environment } = world;
    const changed = Object.fromEntries(Object.entries(CHANGES).map(([layer, { config }]) => [layer, config]));
    world.configure({ ...environment, layers: { ...environment.layers, ...changed } });
    await project.deploy(LAYERS);
    expect(await project.changes(LAYERS)).toEqual({ network: [], registry: [], compute: [] });
    expect(await project.outputs('network')).toMatchObject({
      nat_mode: 'per-az',
      nat_public_ips: [expect.any(String), expect.any(String)],
    });
  });
}
