import { terraformTest } from '../../support/terraform';
import { validateStacks } from '../../support/validate-stacks';
import { everything } from './everything';
import { json } from './synth';

terraformTest('terraform validate passes: the defaults, with a model layer, and with everything switched on', () => {
  const found = validateStacks({
    defaults: json(),
    'with a model layer': json({}, { hasModelLayer: true }),
    'with workers': json(
      { pipelines: { 'jobs-sentiment': { kind: 'worker', worker: 'sentiment' } } },
      { state: { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } },
    ),
    everything: json(everything, { state: { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } }),
  });
  expect(found).toEqual({ defaults: [], 'with a model layer': [], 'with workers': [], everything: [] });
});
