import Ajv from 'ajv';
import * as sdk from '@aws-sdk/client-sagemaker';
import fc from 'fast-check';
import { definitionSchema, modelPipelines, pytorchTrainingImage } from '@strata/sagemaker-pipeline';
import { checkStructure } from '../../../sagemaker/pipeline/definition/check-structure';
import { shapes } from '../../../sagemaker/pipeline/definition/schema';
import { props } from './props';

const { train, model, deploy } = modelPipelines(props);
const validate = new Ajv({ allErrors: true, discriminator: true, strictTypes: false, strictRequired: false }).compile(
  definitionSchema(),
);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every place in a value, as the keys that lead to it. */
function places(value: Json, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, inner]) =>
      places(inner, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

/** The value with something else at one place, or without it. */
function changed(value: Json, [key, ...rest]: (string | number)[], replacement: Json | undefined): Json | undefined {
  if (key === undefined) return replacement;
  const copy = structuredClone(value) as Record<string | number, Json>;
  const inner = changed(copy[key]!, rest, replacement);
  if (inner !== undefined) copy[key] = inner;
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy as Json;
}

describe('the check without a compiler', () => {
  it.each([
    ['train', train],
    ['model', model],
    ['deploy', deploy],
  ])('agrees with ajv that the %s pipeline is right', (_, definition) => {
    expect(validate(definition)).toBe(true);
    expect(checkStructure(definition)).toEqual([]);
  });

  it('agrees with ajv about what became of the deploy pipeline by any change', () => {
    const all = places(deploy as unknown as Json).filter(({ length }) => length > 0);
    const replacements: (Json | undefined)[] = [
      undefined,
      null,
      true,
      0,
      -1,
      1.5,
      21,
      99_999,
      '',
      'x',
      'P30D',
      'T12H',
      'Training',
      'Lambda',
      'Not',
      'Integer',
      'x'.repeat(5000),
      [],
      ['x'],
      [{}],
      {},
      { Get: 'Parameters.Epoch' },
      { Get: 1 },
      { Extra: 1 },
      { Type: 'Or', Conditions: [] },
      { 'Std:Join': { On: '', Values: ['a', { Get: 'b' }] } },
      { 'Std:Join': {} },
      { Type: 'Fail', Name: 'f', Arguments: { ErrorMessage: 'x' } },
    ];
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.constantFrom(...replacements), (path, replacement) => {
        const definition = changed(deploy as unknown as Json, path, replacement);
        const verdict = validate(definition);
        refused += verdict ? 0 : 1;
        expect({ path, replacement, right: checkStructure(definition).length === 0 }).toEqual({
          path,
          replacement,
          right: verdict,
        });
      }),
      { numRuns: 1500 },
    );
    expect(refused).toBeGreaterThan(500);
  });
});

describe('the requests', () => {
  it('are those that the SDK knows, with what it requires', () => {
    // A newer SDK may know more: `node scripts/sagemaker-api/generate.mjs` takes it over.
    const all = sdk as unknown as Record<
      string,
      readonly [number, string, string, unknown, readonly string[], readonly unknown[], number?]
    >;
    const missing = Object.entries(shapes).flatMap(([name, { members }]) => {
      const schema = all[`${name}$`];
      return schema === undefined
        ? [name]
        : Object.keys(members)
            .filter((member) => !schema[4].includes(member))
            .map((member) => `${name}.${member}`);
    });
    expect(missing).toEqual([]);
    expect(shapes.CreateTrainingJobRequest!.required).toEqual(['OutputDataConfig', 'RoleArn']);
    expect(shapes.CreateTrainingJobRequest!.members).not.toHaveProperty('TrainingJobName');
  });
});

describe('the training image', () => {
  it.each([
    [
      { region: 'ap-northeast-2' },
      '763104351884.dkr.ecr.ap-northeast-2.amazonaws.com/pytorch-training:2.8.0-cpu-py312-ubuntu22.04-sagemaker',
    ],
    [
      { region: 'ap-northeast-3', instanceType: 'ml.m5.xlarge' },
      '364406365360.dkr.ecr.ap-northeast-3.amazonaws.com/pytorch-training:2.8.0-cpu-py312-ubuntu22.04-sagemaker',
    ],
    [
      { region: 'us-east-1', instanceType: 'ml.g5.xlarge' },
      '763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.8.0-gpu-py312-cu129-ubuntu22.04-sagemaker',
    ],
    [
      { region: 'cn-north-1', tag: '2.6.0-cpu-py312' },
      '727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-training:2.6.0-cpu-py312',
    ],
  ])('%j', (options, image) => {
    expect(pytorchTrainingImage(options)).toBe(image);
  });

  it('refuses a region that it does not know', () => {
    expect(() => pytorchTrainingImage({ region: 'ap-northeast-9' })).toThrow(
      /no Deep Learning Container is known in region "ap-northeast-9"; did you mean/,
    );
  });
});
