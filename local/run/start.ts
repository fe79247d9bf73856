import { join, relative } from 'node:path';

import { readInventory } from '@strata/contract-cli/inventory';

import { EMULATOR_REGION, emulatorEnvironment, withEmulator } from '../aws/environment';
import { startEmulator } from '../aws/emulator';
import { locate } from '../aws/location';
import { chooseProviderSource, findTerraform, requireProviders, runCommand, UserError } from '../toolchain';
import { startApplication, stopApplication } from './background-application';
import { runCdktf } from './run-cdktf';
import { inventoryTable, isEmpty, webAddresses } from './inventory-table';
import { readApplication } from './read-application';
import { addedJobsLayer, JOBS_LAYER } from '../jobs/added-layer';
import type { AwsReaderOptions } from './aws-reader-options';
import { AwsInventoryReader } from './read-inventory';

/** In the order they are deployed. */
const LAYERS = ['network', 'registry', 'ml', 'compute'];

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const destroy = args.includes('--destroy');
  const verbose = args.includes('--verbose');
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const began = Date.now();

  const location = locate();
  const terraform = await findTerraform();
  const source = chooseProviderSource({ generatedPath: location.terraformConfig });
  await requireProviders(source);
  const from =
    source.kind === 'mirror' ? source.mirror : source.kind === 'registry' ? 'its registry' : source.configFile;
  say(`Terraform ${terraform.version}, providers from ${from}`);
  const started = await startEmulator(location, { progress: say });
  say(`the AWS emulator ${started ? 'runs' : 'already ran'} on ${location.endpoint}`);

  if (destroy) await stopApplication(location.directory);
  const layers = destroy ? [...LAYERS, ...(await otherDeployedLayers(location.root))].reverse() : LAYERS;
  const command = ['cdktf', destroy ? 'destroy' : 'deploy', ...layers, '--auto-approve'];
  say(`\n$ STRATA_LAYERS=${layers.join(',')} npx ${command.join(' ')}`);
  // With these alone in the app, no other layer has to be deployed or destroyed with them, and compute waits for ml.
  const environment = {
    ...withEmulator(emulatorEnvironment(location, source)),
    STRATA_LAYERS: layers.join(','),
    // What "npm run jobs" deployed and cdktf.json does not name.
    ...(layers.includes(JOBS_LAYER) && { STRATA_ADD_LAYERS: addedJobsLayer() }),
  };
  const log = join(location.directory, destroy ? 'destroy.log' : 'deploy.log');
  const code = await runCdktf(command, { cwd: location.root, environment, log, names: layers, verbose, say });
  if (code !== 0)
    throw new UserError(`'npx ${command.join(' ')}' ended with exit code ${code}; everything it printed is in ${log}`);

  const aws: AwsReaderOptions = {
    endpoint: location.endpoint,
    region: EMULATOR_REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  };
  const inventory = await new AwsInventoryReader(aws).read();
  const seconds = Math.round((Date.now() - began) / 1000);
  if (destroy && isEmpty(inventory)) {
    say(`\nNothing is left (${seconds} s). The emulator still runs: npm run emulator -- stop`);
    return 0;
  }
  say(`\nWhat now exists, as the AWS API tells it (${seconds} s):\n\n${inventoryTable(inventory)}`);
  if (!destroy) {
    const application = await startApplication(location.root, location.directory, await readApplication(aws));
    say(
      'The application runs on this machine as the task definitions describe it, since the emulator only ' +
        'keeps records:\n',
    );
    say(`  ${application.url}   instead of ${webAddresses(inventory).join(', ')}`);
    for (const model of application.models) say(`  its model, ${model}`);
    say(`  its log: ${relative(process.cwd(), application.log)}\n`);
  }
  say(NEXT);
  return 0;
}

/** Further deployed layers, such as ci-cd: they depend on the others and are destroyed first. */
async function otherDeployedLayers(root: string): Promise<string[]> {
  const { states } = await readInventory({ type: 'local' }, { workingDirectory: root });
  return states.flatMap(({ name, outputs }) => {
    const [, environment, layer = ''] = name.split('/');
    return environment === (process.env['STRATA_ENVIRONMENT'] ?? 'dev') &&
      Object.keys(outputs).length > 0 &&
      !LAYERS.includes(layer)
      ? [layer]
      : [];
  });
}

const NEXT = `To look further:
  eval "$(npm run -s emulator)"          point this shell at the emulator; then, for example:
  npx cdktf output compute               what a layer publishes
  npx cdktf diff compute                 what a change of yours would do
  aws ecs describe-services --cluster AppEcsCluster --services app-web-service
  npm run pipeline -- --list             train and deploy a model of your own, on this machine
  npm start -- --destroy                 stop the application, destroy the layers
  npm run emulator -- stop               end the emulator`;

runCommand(main);
