import type { Step } from '../../support/e2e/journey';
import { Pipeline, type DeployedService } from '../../support/e2e/pipeline';
import type { World } from '../../support/e2e/world';

const REGISTRY = '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/app-web';

/** Who owns the task definition (ADR 0004): the pipeline its image, Terraform the rest. */
export function taskDefinitionSteps(step: Step, world: World): void {
  let pipeline: Pipeline;
  const unchanged = async (): Promise<void> =>
    expect(await world.project.changes(['compute'])).toEqual({ compute: [] });

  step('an image that a pipeline rolls out leaves the plan empty', async () => {
    const outputs = await world.project.outputs('compute');
    const service = (outputs.services as Record<string, DeployedService>)['app-web']!;
    pipeline = new Pipeline(world.clients, String(outputs.cluster_name), service);
    expect((await pipeline.running()).image).toBe(`${REGISTRY}:not-yet-deployed`);

    await pipeline.rollOut(`${REGISTRY}:1`, { copyTags: true });
    await unchanged();
  });

  step('also one whose pipeline does not copy the tags', async () => {
    const revision = await pipeline.rollOut(`${REGISTRY}:2`, { copyTags: false });
    await unchanged();
    expect((await pipeline.running()).arn).toBe(revision);
  });

  step('an environment variable that changes in Terraform keeps the image', async () => {
    const { project, environment } = world;
    world.configure({
      ...environment,
      layers: { ...environment.layers, compute: { services: { 'app-web': { environment: { GREETING: 'hello' } } } } },
    });
    await project.apply('compute');
    expect(await pipeline.running()).toMatchObject({ image: `${REGISTRY}:2`, environment: { GREETING: 'hello' } });
    await unchanged();
  });

  step('a revision that was registered and never attached does not come into service', async () => {
    const abandoned = await pipeline.register(`${REGISTRY}:3`, true);
    await world.project.apply('compute', { STRATA_LAYERS: 'compute' });
    expect((await pipeline.running()).image).toBe(`${REGISTRY}:2`);
    await unchanged();
    await pipeline.deregister(abandoned);
    await unchanged();
  });
}
