// Environment -> layers. Wires, decides nothing: values are in cdktf.json, choices in the layers.
import { dirname, join } from 'node:path';
import { App } from 'cdktf';
import { EnvironmentLayers, readEnvironment, separateWorkingDirectories } from '@strata/layer';
import { BootstrapStack, bootstrapConfig, bootstrapStackId } from '@strata/stack-bootstrap';
import { CiCdStack, ciCdConfig, ciCdStackId } from '@strata/stack-ci-cd';
import { ComputeStack, computeConfig, computeStackId } from '@strata/stack-compute';
import { endpointNeeds as computeEndpointNeeds, jobCallers } from '@strata/stack-compute/config';
import { JobsStack, jobsConfig, jobsStackId } from '@strata/stack-jobs';
import { endpointNeeds as jobsEndpointNeeds } from '@strata/stack-jobs/config';
import { MlStack, mlConfig, mlStackId } from '@strata/stack-ml';
import { endpointNameOf, endpointNeeds as mlEndpointNeeds } from '@strata/stack-ml/config';
import { NetworkStack, networkConfig, networkStackId } from '@strata/stack-network';
import { RegistryStack, registryConfig, registryStackId } from '@strata/stack-registry';
import { repositoryNamesOf } from '@strata/stack-registry/config';
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
    [jobsStackId]: jobsConfig.optional(),
    [computeStackId]: computeConfig.prefault({}),
    [ciCdStackId]: ciCdConfig.optional(),
  },
  environment: process.env.STRATA_ENVIRONMENT,
  only: process.env.STRATA_LAYERS,
  add: process.env.STRATA_ADD_LAYERS,
  fixtures: process.env.STRATA_FIXTURES,
});

// What each layer takes from another's configuration. All else crosses in contracts.
const hasJobsLayer = environment.configures(jobsStackId);
const endpointNeeds = [
  environment.fromConfig(computeStackId, (config) => computeEndpointNeeds(config, { hasJobsLayer })),
  environment.fromConfig(mlStackId, mlEndpointNeeds),
  environment.fromConfig(jobsStackId, jobsEndpointNeeds),
].flatMap((needs) => needs ?? []);
const modelEndpointName = environment.fromConfig(mlStackId, endpointNameOf);
const repositoryNames = environment.fromConfig(registryStackId, (config) => Object.values(repositoryNamesOf(config)));
const callers = environment.fromConfig(computeStackId, jobCallers);
const hasModelLayer = environment.configures(mlStackId);
const stateKmsKeyArn = environment.fromConfig(bootstrapStackId, ({ kmsKeyArn }) => kmsKeyArn);
const trainingSourceDirectory = join(checkout, 'sagemaker', 'training');

const layers = new EnvironmentLayers(app, environment);
layers.add(bootstrapStackId, BootstrapStack);
layers.add(networkStackId, NetworkStack, { endpointNeeds });
layers.add(registryStackId, RegistryStack);
layers.add(mlStackId, MlStack, { trainingSourceDirectory });
layers.add(jobsStackId, JobsStack, { callerRoleNames: callers?.roleNames, pageOrigins: callers?.pageOrigins });
layers.add(computeStackId, ComputeStack, { modelEndpointName, hasJobsLayer, repositoryNames });
layers.add(ciCdStackId, CiCdStack, { hasModelLayer, stateKmsKeyArn });
layers.order();

separateWorkingDirectories(app, environment.folder);
app.synth();
