// Environment -> layers. Wires, decides nothing: values are in cdktf.json, choices in the layers.
import { dirname, join } from 'node:path';
import { App } from 'cdktf';
import { readEnvironment, separateWorkingDirectories } from '@strata/layer';
import { BootstrapStack, bootstrapConfig, bootstrapStackId } from '@strata/stack-bootstrap';
import { CiCdStack, ciCdConfig, ciCdStackId } from '@strata/stack-ci-cd';
import { ComputeStack, computeConfig, computeStackId } from '@strata/stack-compute';
import { endpointNeeds as computeEndpointNeeds } from '@strata/stack-compute/config';
import { MlStack, mlConfig, mlStackId } from '@strata/stack-ml';
import { endpointNameOf, endpointNeeds as mlEndpointNeeds } from '@strata/stack-ml/config';
import { NetworkStack, networkConfig, networkStackId } from '@strata/stack-network';
import { RegistryStack, registryConfig, registryStackId } from '@strata/stack-registry';
import cdktfJson from './cdktf.json';

// This runs as a bundle, from wherever the CLI was started.
const checkout = dirname(require.resolve('@strata/sagemaker-pipeline/package.json')).replace(
  /[\\/]sagemaker[\\/]pipeline$/,
  '',
);

const app = new App({ stackTraces: false });
// The CLI hands over the context of cdktf.json; without it (a plain `node`) the file itself is read.
const context = (key: keyof typeof cdktfJson.context): unknown => app.node.tryGetContext(key) ?? cdktfJson.context[key];

const environment = readEnvironment({
  context: { project: context('project'), environment: context('environment'), environments: context('environments') },
  layers: {
    [bootstrapStackId]: bootstrapConfig.optional(),
    [networkStackId]: networkConfig.prefault({}),
    [registryStackId]: registryConfig.prefault({}),
    [mlStackId]: mlConfig.optional(),
    [computeStackId]: computeConfig.prefault({}),
    [ciCdStackId]: ciCdConfig.optional(),
  },
  environment: process.env.STRATA_ENVIRONMENT,
  only: process.env.STRATA_LAYERS,
  fixtures: process.env.STRATA_FIXTURES,
});
const { config } = environment;

if (environment.has(bootstrapStackId)) {
  new BootstrapStack(app, bootstrapStackId, {
    ...environment.propsFor(bootstrapStackId),
    config: config[bootstrapStackId],
  });
}
// What runs in the private subnets talks to AWS: over VPC endpoints where there is no NAT gateway.
const endpointNeeds = [
  ...computeEndpointNeeds(config[computeStackId]),
  ...(config[mlStackId] === undefined ? [] : mlEndpointNeeds(config[mlStackId])),
];
const network = environment.has(networkStackId)
  ? new NetworkStack(app, networkStackId, {
      ...environment.propsFor(networkStackId),
      config: config[networkStackId],
      endpointNeeds,
    })
  : undefined;
const registry = environment.has(registryStackId)
  ? new RegistryStack(app, registryStackId, {
      ...environment.propsFor(registryStackId),
      config: config[registryStackId],
    })
  : undefined;
const ml = environment.has(mlStackId)
  ? new MlStack(app, mlStackId, {
      ...environment.propsFor(mlStackId),
      config: config[mlStackId],
      trainingSourceDirectory: join(checkout, 'sagemaker', 'training'),
    })
  : undefined;
const compute = environment.has(computeStackId)
  ? new ComputeStack(app, computeStackId, {
      ...environment.propsFor(computeStackId),
      config: config[computeStackId],
      modelEndpointName: config[mlStackId] && endpointNameOf(config[mlStackId]),
    })
  : undefined;
const ciCd = environment.has(ciCdStackId)
  ? new CiCdStack(app, ciCdStackId, {
      ...environment.propsFor(ciCdStackId),
      config: config[ciCdStackId],
      hasModelLayer: config[mlStackId] !== undefined,
    })
  : undefined;
if (network !== undefined) {
  ml?.addDependency(network);
  compute?.addDependency(network);
}
if (registry !== undefined) ml?.addDependency(registry);
// Compute does without ml, as the CLI refuses to deploy a layer without those it depends on; where both are asked for
// by name, they are deployed in order.
if (
  ml !== undefined &&
  compute !== undefined &&
  (compute.modelLayer === 'required' || process.env.STRATA_LAYERS !== undefined)
)
  compute.addDependency(ml);
for (const neighbour of [registry, compute]) if (neighbour !== undefined) ciCd?.addDependency(neighbour);
if (ml !== undefined && ciCd?.modelLayer === 'required') ciCd.addDependency(ml);

separateWorkingDirectories(app, environment.folder);
app.synth();
