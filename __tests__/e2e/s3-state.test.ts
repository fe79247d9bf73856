import { journey } from '../support/e2e/journey';
import { managedTypes } from '../support/e2e/project';
import { StateBucketContents } from '../support/e2e/state-bucket';
import { World } from '../support/e2e/world';
import { destroySteps } from './steps/destroy';
import { interruptedDeploySteps } from './steps/interrupted-s3-deploy';

const BUCKET = 'shop-e2e-terraform-state';
const STATE = { type: 's3', bucket: BUCKET, region: 'ap-northeast-2' };
const LAYERS = ['network', 'registry', 'compute'];

journey('layers with state in S3', (step) => {
  const world = new World();
  const contents = () => new StateBucketContents(world.clients, BUCKET);
  afterAll(() => world.stop());

  step('the emulator starts', () => world.start());

  step('bootstrap makes the bucket, with local state', async () => {
    world.configure({ state: { type: 'local' }, layers: { bootstrap: { bucketName: BUCKET } } });
    await world.project.deploy(['bootstrap']);
    expect(JSON.parse(String((await world.project.outputs('bootstrap')).state_backend))).toEqual(STATE);
  });

  step('its own state moves into the bucket', async () => {
    const { project } = world;
    const local = project.localState('bootstrap');
    world.configure({ state: STATE, layers: { bootstrap: { bucketName: BUCKET } } });
    expect(await project.deploy(['bootstrap'], {}, ['--migrate-state'])).toContain('No changes.');
    expect(await contents().keys()).toEqual(['shop/e2e/bootstrap.tfstate']);
    const moved = await contents().state('shop/e2e/bootstrap.tfstate');
    expect(managedTypes(moved)).toEqual(managedTypes(local));
  });

  interruptedDeploySteps(step, world, contents);

  step('the second plan of every layer is empty', async () => {
    expect(await world.project.changes(['bootstrap', ...LAYERS])).toEqual({
      bootstrap: [],
      network: [],
      registry: [],
      compute: [],
    });
  });

  destroySteps(step, world, { buckets: [BUCKET] });

  step("the states that are left are empty, but for the bucket's own", async () => {
    const left = await Promise.all(LAYERS.map((layer) => contents().state(`shop/e2e/${layer}.tfstate`)));
    expect(left.map(({ resources }) => resources)).toEqual([[], [], []]);
    expect((await contents().state('shop/e2e/bootstrap.tfstate')).resources).not.toEqual([]);
  });
});
