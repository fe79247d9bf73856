// A program: what `npm run apps` runs, and what `npm start` leaves running in the background.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand, UserError } from '../toolchain';
import { runApplication, type RunProps } from './application';

const HELP = `Usage: npm run apps [-- [<description.json>] [options]]

Runs app-web, app-was and the model on this machine and prints the address of the page. Without a description they run
with their defaults. A description is what deployed task definitions say:

  { "containers": [{ "image": "…/app-web:1", "port": 8000, "environment": {…}, "addresses": ["http://…"],
                     "taskRole": { "name": "…", "policies": [{…}] } }, …] }

The model is the one that was deployed last on this machine (npm run pipeline), else sagemaker/sample-model.

Options:
  --model <path>   a model's folder or model.tar.gz, in place of the sample
  --fake-endpoint  no model: answers come from the photo's checksum, and say so

Another SageMaker runtime is named by AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME.
`;

const DEFAULTS: RunProps = {
  containers: [
    { image: 'app-was', port: 8081, environment: {}, addresses: ['http://app-was.local'] },
    { image: 'app-web', port: 8000, environment: { APP_WAS_URL: 'http://app-was.local' } },
  ],
};

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help === true || positionals[0] === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const description = positionals[0] === undefined ? DEFAULTS : readDescription(positionals[0]);
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const application = await runApplication({
    ...description,
    endpointUrl: process.env['AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME'] || undefined,
    fakeEndpoint: values['fake-endpoint'],
    model: values.model === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? process.cwd(), values.model),
    progress: say,
    onLine: (app, line) => process.stderr.write(`${app} ${line}\n`),
  });
  for (const model of application.models) say(`endpoint ${model}`);
  process.stdout.write(`${application.url}\n`);
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      say('stopping');
      void application.stop().then(() => process.exit(0));
    });
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { help: { type: 'boolean' }, model: { type: 'string' }, 'fake-endpoint': { type: 'boolean' } },
    });
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${HELP}`);
  }
}

function readDescription(file: string): RunProps {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as RunProps;
    if (!Array.isArray(value.containers)) throw new Error('it has no list "containers"');
    return { containers: value.containers };
  } catch (error) {
    throw new UserError(`${file} is not a description of containers: ${(error as Error).message}`);
  }
}

runCommand(main);
