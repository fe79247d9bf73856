import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand, UserError } from '../local/toolchain';
import { readArguments } from './arguments';
import { buildEndpoint, startEndpoint } from '../local/run/child-endpoint';

const root = join(__dirname, '..');

const HELP = `Usage: npm run endpoint [-- --model <folder>] [--port 8080]

Runs the inference container's server on this machine, as SageMaker runs it, and prints its address. The folder is what
model.tar.gz unpacks to. Other settings are environment variables: docs/endpoint.md.
`;

async function main(): Promise<void> {
  const { values } = readArguments(
    { model: { type: 'string' }, port: { type: 'string', default: '8080' }, help: { type: 'boolean' } },
    { positionals: false },
  );
  if (values.help === true) {
    process.stdout.write(HELP);
    return;
  }
  const model = resolve(process.env['INIT_CWD'] ?? '.', values.model ?? join(root, 'sagemaker/sample-model'));
  if (!existsSync(model)) throw new UserError(`there is no folder ${model}; name the folder of a model by --model`);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UserError(`--port ${values.port} is not a port; use 0 to 65535, 0 for a free one`);
  await buildEndpoint();
  const endpoint = await startEndpoint({
    modelDirectory: model,
    port,
    environment: ofThisMachine(),
    onLine: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${endpoint.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void endpoint.stop('SIGINT').then((code) => process.exit(code ?? 1)));
  endpoint.process.once('close', (code) => process.exit(code ?? 1));
}

/** The container's settings may be given; what else is set on this machine is not its business. */
function ofThisMachine(): Record<string, string> {
  const settings = /^(MODEL_|MAX_|REQUEST_|LOG_LEVEL$|METRICS_|WORKERS$|THREADS_|TURBOJPEG_|DRAIN_|STOP_|HOST$|TZ$)/;
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => settings.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}

runCommand(main);
