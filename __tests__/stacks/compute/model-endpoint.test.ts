// How the services learn which endpoint they may invoke; see docs/adr/0008-the-endpoint-that-compute-invokes.md.
import { computeConfig, ComputeStack, type ComputeConfigInput } from '@strata/stack-compute';
import { endpointNeeds } from '@strata/stack-compute/config';
import { Testing } from 'cdktf';
import { SHOP_DEV } from '../../support/synth-layer';
import { json, synth, type Options } from './synth';

const S3 = { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' } as const;
const CLOUD = { type: 'cloud', organization: 'shop' } as const;

/** Name and ARN as app-was gets them. */
function endpointOf(config: ComputeConfigInput = {}, options: Options = {}) {
  const layer = synth(config, options);
  const [, name] = /"SAGEMAKER_ENDPOINT_NAME","value":(".*?"|\$\{.*?\})[,}]/.exec(layer.containers('app-was-td')) ?? [];
  return {
    name: name?.replaceAll('"', ''),
    resources: layer
      .statements('ecsWasTaskRole')
      .filter(({ Action }) => Action.includes('sagemaker:InvokeEndpoint'))
      .flatMap(({ Resource }) => Resource),
  };
}
const layerOf = (config: ComputeConfigInput, options: Options = {}) =>
  new ComputeStack(Testing.app(), 'compute', { ...SHOP_DEV, config, ...options }).modelLayer;
const found = (options: Options) =>
  JSON.parse(json(options)) as {
    readonly data: {
      readonly terraform_remote_state: Readonly<Record<string, { readonly count?: string }>>;
      readonly aws_s3_objects?: object;
    };
    readonly check?: Readonly<
      Record<string, { readonly assert: readonly { readonly condition: string; readonly error_message: string }[] }>
    >;
    readonly locals: Readonly<Record<string, string>>;
    readonly output: {
      readonly contract_consumes: {
        readonly value: Readonly<Record<string, { readonly range: string; readonly outputs: readonly string[] }>>;
      };
    };
  };

describe('without an ml layer', () => {
  test('the endpoint is known by its name', () => {
    expect(endpointOf()).toEqual({
      name: 'image-classifier',
      resources: [expect.stringMatching(/:endpoint\/image-classifier"\]\)$/)],
    });
    expect(endpointOf({ modelEndpointName: 'flowers' })).toEqual({
      name: 'flowers',
      resources: [expect.stringMatching(/:endpoint\/flowers"\]\)$/)],
    });
  });

  test('nothing of it is read', () => {
    const { data, check, output } = found({});
    expect(Object.keys(data.terraform_remote_state)).toEqual(['network']);
    expect(Object.keys(output.contract_consumes.value)).toEqual(['network']);
    expect(check).not.toHaveProperty('model_layer_is_deployed');
  });
});

describe('with an ml layer', () => {
  // In S3 Terraform itself looks whether there is a state.
  const ML: Options = { modelEndpointName: 'flowers', state: S3 };

  test('name and ARN are those of its contract, once it is deployed', () => {
    expect(endpointOf({}, ML)).toEqual({
      name: expect.stringContaining('local.contract_ml.endpoint_name'),
      resources: [expect.stringContaining('local.contract_ml.endpoint_arn')],
    });
    expect(found(ML).output.contract_consumes.value.ml).toEqual({
      range: '^1.0',
      outputs: ['endpoint_arn', 'endpoint_kind', 'endpoint_name'],
    });
    expect(found(ML).data.terraform_remote_state.ml!.count).toContain(
      'contains(data.aws_s3_objects.state-of-ml.keys, "shop/dev/ml.tfstate")',
    );
    expect(found(ML).data.aws_s3_objects).toBeDefined();
  });

  test('until then the endpoint is called as the ml layer is configured to call it', () => {
    expect(found(ML).locals.contract_ml).toMatch(
      /\{"is_deployed" = false, "endpoint_name" = "flowers", "endpoint_arn" = "arn:.*:endpoint\/flowers"\}/,
    );
    expect(found({ ...ML, config: { modelEndpointName: 'trees' } }).locals.contract_ml).toContain(
      '"endpoint_name" = "trees"',
    );
  });

  test('and Terraform says so, by a check', () => {
    expect(found(ML).check!.model_layer_is_deployed!.assert).toEqual([
      {
        condition: '${local.contract_ml.is_deployed}',
        error_message:
          'layer "ml" is not deployed: app-was may invoke the endpoint "flowers", which answers once that layer has deployed a model. Next: cdktf deploy ml, and this layer again if ' +
          'the endpoint has another name by then.',
      },
    ]);
  });

  test('an asynchronous endpoint is refused at plan, as services invoke it directly', () => {
    expect(JSON.stringify(found(ML).data.terraform_remote_state.ml)).toContain(
      'but its endpoint ${try(self.outputs.endpoint_name, \\"unknown\\")} is asynchronous',
    );
  });

  test('with local state the file is looked for while synthesizing; here it is not there', () => {
    const local: Options = { modelEndpointName: 'flowers' };
    expect(layerOf({}, local)).toBe('if-deployed');
    expect(endpointOf({}, local)).toEqual({
      name: 'flowers',
      resources: [expect.stringMatching(/:endpoint\/flowers"\]\)$/)],
    });
    expect(Object.keys(found(local).data.terraform_remote_state)).toEqual(['network']);
    expect(found(local).output.contract_consumes.value.ml).toEqual({
      range: '^1.0',
      outputs: ['endpoint_arn', 'endpoint_kind', 'endpoint_name'],
    });
    expect(found(local).check!.model_layer_is_deployed!.assert[0]!.condition).toBe('${terraform.workspace == ""}');
  });

  test('in HCP Terraform it has to be deployed, as it cannot be told whether it is', () => {
    expect(layerOf({}, { ...ML, state: CLOUD })).toBe('required');
    expect(endpointOf({}, { ...ML, state: CLOUD }).name).toContain(
      'data.terraform_remote_state.ml.outputs.endpoint_name',
    );
    expect(() => synth({ modelLayer: 'if-deployed' }, { ...ML, state: CLOUD })).toThrow(
      'Terraform cannot tell whether there is a state in workspace shop/shop-dev-ml',
    );
    expect(layerOf({ modelLayer: 'none' }, { ...ML, state: CLOUD })).toBe('none');
  });

  test('how it is read can be chosen, also where the layer is elsewhere', () => {
    expect(layerOf({ modelLayer: 'none' }, ML)).toBe('none');
    expect(layerOf({ modelLayer: 'required' })).toBe('required');
    expect(layerOf({ modelLayer: 'if-deployed' }, { neighbours: { ml: { project: 'vision' } } })).toBe('if-deployed');
    expect(found({ config: { modelLayer: 'required' } }).check).not.toHaveProperty('model_layer_is_deployed');
  });

  test('is not read where no service invokes the endpoint', () => {
    const config: ComputeConfigInput = { services: { 'app-was': { modelEndpoint: false } } };
    expect(layerOf(config, ML)).toBe('none');
    expect(layerOf({ ...config, modelLayer: 'required' })).toBe('none');
    expect(endpointOf(config, ML)).toEqual({ name: undefined, resources: [] });
  });

  test('fixtures plan without it', () => {
    const { data, check } = found({ ...ML, fixtures: ['ml'] });
    expect(Object.keys(data.terraform_remote_state)).toEqual(['network']);
    expect(check).not.toHaveProperty('model_layer_is_deployed');
  });
});

test('a service keeps the endpoint with environment variables and permissions of its own', () => {
  const services = {
    'app-was': {
      environment: { GREETING: 'hello' },
      permissions: [{ actions: ['s3:GetObject'], resources: ['arn:{partition}:s3:::photos/*'] }],
    },
  };
  expect(endpointOf({ services })).toEqual({
    name: 'image-classifier',
    resources: [expect.stringMatching(/:endpoint\/image-classifier"\]\)$/)],
  });
  expect(synth({ services }).containers('app-was-td')).toContain('GREETING');
});

test('another service may invoke it too', () => {
  const layer = synth({ services: { batch: { exposure: 'none', modelEndpoint: true } } });
  expect(layer.containers('batch-td')).toContain('SAGEMAKER_ENDPOINT_NAME');
  expect(layer.statements('batch-task-role')).toMatchObject([{ Action: ['sagemaker:InvokeEndpoint'] }]);
});

test('a network without NAT gateway gets the VPC endpoint for it', () => {
  expect(endpointNeeds(computeConfig.parse({})).flatMap(({ actions }) => actions)).toEqual([
    'sagemaker:InvokeEndpoint',
  ]);
  expect(
    endpointNeeds(computeConfig.parse({ services: { 'app-was': { modelEndpoint: false } } })).flatMap(
      ({ actions }) => actions,
    ),
  ).toEqual([]);
});

test.each<[ComputeConfigInput, string]>([
  [{ modelEndpointName: 'Flowers' }, 'modelEndpointName: use 1 to 63 lower-case letters'],
  [
    { modelLayer: 'required', modelEndpointName: 'flowers' },
    'modelEndpointName: with modelLayer "required" the name comes from the ml layer; leave it out',
  ],
  [{ modelLayer: 'optional' as 'none' }, 'modelLayer: '],
  [
    { services: { 'app-was': { environment: { SAGEMAKER_ENDPOINT_NAME: 'mine' } } } },
    "services.app-was.environment.SAGEMAKER_ENDPOINT_NAME: it is the name of the model's endpoint, from the ml layer or modelEndpointName; remove it here, or set modelEndpoint to false",
  ],
])('%j is refused', (config, message) => {
  const problems =
    computeConfig.safeParse(config).error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  expect(problems).toEqual([expect.stringContaining(message)]);
});
