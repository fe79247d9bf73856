// Environment -> layers. Wires, decides nothing: values are in cdktf.json, choices in the layers.
import { App } from 'cdktf';
import { readEnvironment, separateWorkingDirectories } from '@strata/environment';
import { BootstrapStack, bootstrapConfig, bootstrapStackId } from '@strata/stack-bootstrap';
import { ComputeStack, computeConfig, computeStackId } from '@strata/stack-compute';
import { endpointNeeds } from '@strata/stack-compute/config';
import { MlStack, mlConfig, mlStackId } from '@strata/stack-ml';
import { NetworkStack, networkConfig, networkStackId } from '@strata/stack-network';
import { RegistryStack, registryConfig, registryStackId } from '@strata/stack-registry';
import cdktfJson from './cdktf.json';

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
  },
  environment: process.env.STRATA_ENVIRONMENT,
  only: process.env.STRATA_LAYERS,
  fixtures: process.env.STRATA_FIXTURES,
});
const { config } = environment;

if (environment.has(bootstrapStackId)) {
  new BootstrapStack(app, bootstrapStackId, { ...environment.propsFor(bootstrapStackId), config: config[bootstrapStackId] });
}
const network = environment.has(networkStackId)
  ? new NetworkStack(app, networkStackId, { ...environment.propsFor(networkStackId), config: config[networkStackId], endpointNeeds: endpointNeeds(config[computeStackId]) })
  : undefined;
const registry = environment.has(registryStackId)
  ? new RegistryStack(app, registryStackId, { ...environment.propsFor(registryStackId), config: config[registryStackId] })
  : undefined;
const ml = environment.has(mlStackId) ? new MlStack(app, mlStackId, { ...environment.propsFor(mlStackId), config: config[mlStackId] }) : undefined;
const compute = environment.has(computeStackId)
  ? new ComputeStack(app, computeStackId, {
      ...environment.propsFor(computeStackId), config: config[computeStackId], modelEndpointName: config[mlStackId]?.endpointName,
    })
  : undefined;
if (network !== undefined) {
  ml?.addDependency(network);
  compute?.addDependency(network);
}
if (registry !== undefined) ml?.addDependency(registry);
// Else compute goes without: the CLI refuses to deploy a layer without those it depends on.
if (ml !== undefined && compute?.modelLayer === 'required') compute.addDependency(ml);

separateWorkingDirectories(app, environment.folder);
app.synth();
