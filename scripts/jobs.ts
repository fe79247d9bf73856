import { join, relative } from 'node:path';
import { readInventory } from '@strata/contract-cli/inventory';
import { startEmulator, stopEmulator } from '../local/aws/emulator';
import { EMULATOR_REGION, emulatorEnvironment, withEmulator } from '../local/aws/environment';
import { type Location, locate } from '../local/aws/location';
import { addedJobsLayer, EXAMPLE_KIND, JOBS_LAYER } from '../local/jobs/added-layer';
import { LocalJobs } from '../local/jobs/local-jobs';
import { forgetRunner, readRunner, stopRunner, writeRunner } from '../local/jobs/runner-state';
import { runCdktf } from '../local/run/run-cdktf';
import { chooseProviderSource, findTerraform, requireProviders, runCommand, UserError } from '../local/toolchain';
import { readArguments, wholeNumber } from './arguments';

const HELP = `Usage: npm run jobs [-- --destroy | options]

Runs the jobs layer on this machine: deploys it to the AWS emulator beside what is there, then starts PostgreSQL with the
migrations, the functions behind an HTTP API, and workers when there is work. Ctrl-C ends all of it.

Options:
  --kind <kind>=<folder>   a kind of work and the folder with its Dockerfile; may be repeated
                           (${EXAMPLE_KIND}=jobs/examples/${EXAMPLE_KIND})
  --port <number>          of the API (8090)
  --idle-seconds <number>  without work, after which workers are stopped (60)
  --skip-deploy            the layer is deployed already
  --destroy                end what runs, destroy the layer, and the network and the emulator if nothing else uses them
  --verbose                show everything cdktf and Terraform print
  --help                   this text
`;

/** The jobs layer reads the network alone. */
const LAYERS = ['network', JOBS_LAYER];
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  // A notice about versions of Node.js, from the SDKs of this process and of the workers.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const { values } = readArguments(
    {
      kind: { type: 'string', multiple: true, default: [`${EXAMPLE_KIND}=jobs/examples/${EXAMPLE_KIND}`] },
      port: { type: 'string', default: '8090' },
      'idle-seconds': { type: 'string', default: '60' },
      'skip-deploy': { type: 'boolean', default: false },
      destroy: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
    { positionals: false },
  );
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const location = locate();
  const state = join(location.directory, 'jobs', 'runner.json');
  if (values.destroy) return destroy(location, state, values.verbose);
  const programs = programsOf(values.kind, process.env.INIT_CWD ?? process.cwd());
  const [port, idleSeconds] = [wholeNumber('port', values.port), wholeNumber('idle-seconds', values['idle-seconds'])];
  const running = readRunner(state);
  if (running !== undefined)
    throw new UserError(`it already runs, with its API on ${running.url}: end it with "npm run jobs -- --destroy"`);

  if (!values['skip-deploy']) await cdktf('deploy', LAYERS, location, values.verbose, Object.keys(programs));
  const jobs = await LocalJobs.start({
    root: location.root,
    folder: join(location.directory, 'jobs'),
    aws: {
      endpoint: location.endpoint,
      region: EMULATOR_REGION,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    port,
    programs,
    idleSeconds,
    say: (text) => say(`  ${new Date().toISOString().slice(11, 19)}  ${text}`),
  });
  writeRunner(state, jobs.url);
  const logs = relative(process.cwd(), join(location.directory, 'jobs', 'logs'));
  say(`
The API of the jobs layer: ${jobs.url}
The database: ${jobs.databaseUrl}; the workers' logs: ${logs}/

In another terminal:
  export STRATA_JOBS_URL=${jobs.url}
  npm run job -- submit jobs/examples/sentiment/comments.csv --kind sentiment --wait
  npm run job -- help

Ctrl-C ends all of this; npm run jobs -- --destroy takes the layer away as well.
`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  say('\nstopping');
  await jobs.stop();
  forgetRunner(state);
  say('stopped; nothing of it runs');
  return 0;
}

async function destroy(location: Location, state: string, verbose: boolean): Promise<number> {
  if (await stopRunner(state)) say('stopped what ran');
  const deployed = await deployedLayers(location.root);
  // The network goes where nobody else is in it.
  const layers = deployed.every((layer) => LAYERS.includes(layer))
    ? deployed
    : deployed.filter((l) => l === JOBS_LAYER);
  if (layers.length > 0)
    await cdktf('destroy', LAYERS.filter((l) => layers.includes(l)).toReversed(), location, verbose);
  const left = deployed.filter((layer) => !layers.includes(layer));
  if (left.length > 0) {
    say(`\nThe jobs layer is gone; ${left.join(', ')} stay deployed at the emulator`);
    return 0;
  }
  await stopEmulator(location);
  say('\nNothing is left');
  return 0;
}

async function cdktf(
  what: 'deploy' | 'destroy',
  layers: readonly string[],
  location: Location,
  verbose: boolean,
  kinds?: readonly string[],
): Promise<void> {
  const terraform = await findTerraform();
  const source = chooseProviderSource({ generatedPath: location.terraformConfig });
  await requireProviders(source);
  say(`Terraform ${terraform.version}`);
  const started = await startEmulator(location, { progress: say });
  say(`the AWS emulator ${started ? 'runs' : 'already ran'} on ${location.endpoint}`);
  const environment = {
    ...withEmulator(emulatorEnvironment(location, source)),
    STRATA_LAYERS: layers.join(','),
    STRATA_ADD_LAYERS: addedJobsLayer(kinds),
  };
  const command = ['cdktf', what, ...layers, '--auto-approve'];
  const log = join(location.directory, `jobs-${what}.log`);
  say(`\n$ npx ${command.join(' ')}`);
  const code = await runCdktf(command, { cwd: location.root, environment, log, names: layers, verbose, say });
  if (code !== 0)
    throw new UserError(`'npx ${command.join(' ')}' ended with exit code ${code}; everything it printed is in ${log}`);
}

async function deployedLayers(root: string): Promise<string[]> {
  const { states } = await readInventory({ type: 'local' }, { workingDirectory: root });
  return states.flatMap(({ name, outputs }) => {
    const [, environment, layer = ''] = name.split('/');
    return environment === (process.env.STRATA_ENVIRONMENT ?? 'dev') && Object.keys(outputs).length > 0 ? [layer] : [];
  });
}

/** @throws UserError when a word is not <kind>=<folder> */
function programsOf(words: readonly string[], cwd: string): Record<string, string> {
  return Object.fromEntries(
    words.map((word) => {
      const [, kind, folder] = /^([a-z][a-z0-9-]{0,19})=(.+)$/.exec(word) ?? [];
      if (kind === undefined || folder === undefined)
        throw new UserError(`--kind ${word} is not <kind>=<folder>; use --kind sentiment=jobs/examples/sentiment`);
      return [kind, join(folder.startsWith('/') ? '' : cwd, folder)];
    }),
  );
}

runCommand(main);
