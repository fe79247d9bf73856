// Kills deploys at many moments and recovers each without a hand.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { resetEmulator, startEmulator, stopEmulator } from '../../local/aws/emulator';
import { EMULATOR_REGION, emulatorEnvironment, withEmulator } from '../../local/aws/environment';
import { locate } from '../../local/aws/location';
import { findMotoServer, freePort } from '../../local/aws/moto';
import { chooseProviderSource, findTerraform, runCommand, UserError } from '../../local/toolchain';
import { readArguments } from '../arguments';
import { BACKENDS, LAYERS, MOMENTS, type Backend, type CaseResult, type KillTestResults } from './case';
import { document } from './document';
import { runCase } from './run-case';
import { Shop, STATE_BUCKET } from './shop';

const HELP = `Usage: npm run kill-test [-- --backend local|s3] [--moment 10|30|50|70|90] [--again]

Kills first deploys of ${LAYERS.join(', ')} and recovers each, in an emulator of its own. Results are kept in
docs/kill-test.json and docs/kill-test.md; what has recovered there is not run again unless --again is given.
`;
const ROOT = resolve(__dirname, '../..');
const DATA = join(ROOT, 'docs', 'kill-test.json');
const PAGE = join(ROOT, 'docs', 'kill-test.md');

runCommand(async () => {
  const { values } = readArguments(
    {
      backend: { type: 'string' },
      moment: { type: 'string' },
      again: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    { positionals: false },
  );
  if (values.help === true) return void process.stdout.write(HELP);
  const backends = chosen('backend', values.backend, BACKENDS);
  const moments = chosen('moment', values.moment, MOMENTS);

  const folder = mkdtempSync(join(tmpdir(), 'strata-kill-aws-'));
  const location = locate({ ...process.env, STRATA_EMULATOR_PORT: String(await freePort()) }, folder);
  const terraform = await findTerraform();
  const source = chooseProviderSource({ generatedPath: location.terraformConfig });
  // The emulator of this folder uses the moto of the checkout's.
  const moto = await findMotoServer({ venv: locate().venv, environment: process.env });
  const path = [dirname(moto), process.env.PATH].join(':');
  await startEmulator(location, { environment: { ...process.env, PATH: path } });
  const environment = { ...withEmulator(emulatorEnvironment(location, source)), TF_IN_AUTOMATION: '1' };
  try {
    for (const moment of moments)
      for (const backend of backends) {
        if (values.again !== true && LAYERS.every((layer) => hasRecovered(backend, layer, moment))) continue;
        await resetEmulator(location);
        const shop = new Shop(terraform.path, environment, backend);
        try {
          if (backend === 's3') await makeStateBucket(location.endpoint);
          // Each layer is deployed once it has recovered, so the next finds its neighbours.
          for (const layer of LAYERS) {
            if (layer === 'ml') await requireDeployed(shop, 'registry');
            const result = await runCase({ shop, backend, layer, moment, emulatorPort: location.port });
            say(
              `${backend} ${layer} ${moment} %: ${result.outcome} (${result.imported} imported, ${result.seconds} s)`,
            );
            save(result, {
              terraform: terraform.version,
              moto: versionOf(moto),
              provider: providerVersion(shop.folder, layer),
            });
            if (result.outcome !== 'recovered') break;
          }
        } finally {
          shop.remove();
        }
      }
  } finally {
    await stopEmulator(location);
    rmSync(folder, { recursive: true, force: true });
  }
  return read().cases.every(({ outcome }) => outcome === 'recovered') ? 0 : 1;
});

function chosen<T extends string | number>(name: string, given: string | undefined, all: readonly T[]): readonly T[] {
  if (given === undefined) return all;
  const found = all.filter((one) => String(one) === given);
  if (found.length === 0) throw new UserError(`--${name} "${given}" is not known; use one of ${all.join(', ')}`);
  return found;
}

async function requireDeployed(shop: Shop, layer: string): Promise<void> {
  const { status, output } = await shop.deploy([layer]);
  if (status !== 0) throw new UserError(`"${layer}" cannot be deployed:\n${output}`);
}

async function makeStateBucket(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new S3Client({ endpoint, region: EMULATOR_REGION, credentials, forcePathStyle: true });
  const CreateBucketConfiguration = { LocationConstraint: EMULATOR_REGION } as const;
  await client.send(new CreateBucketCommand({ Bucket: STATE_BUCKET, CreateBucketConfiguration }));
}

function read(): KillTestResults {
  const none: KillTestResults = { date: '', versions: { terraform: '', provider: '', moto: '' }, cases: [] };
  return existsSync(DATA) ? (JSON.parse(readFileSync(DATA, 'utf8')) as KillTestResults) : none;
}

function hasRecovered(backend: Backend, layer: string, moment: number): boolean {
  return read().cases.some(
    (one) => one.backend === backend && one.layer === layer && one.moment === moment && one.outcome === 'recovered',
  );
}

/** After each case, so that a run that is ended goes on where it was. */
function save(result: CaseResult, versions: KillTestResults['versions']): void {
  const others = read().cases.filter(
    (one) => !(one.backend === result.backend && one.layer === result.layer && one.moment === result.moment),
  );
  const results: KillTestResults = {
    date: new Date().toISOString().slice(0, 10),
    versions,
    cases: [...others, result],
  };
  writeFileSync(DATA, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(PAGE, document(results));
}

function providerVersion(folder: string, layer: string): string {
  const lock = readFileSync(join(folder, 'cdktf.out', 'kill', layer, '.terraform.lock.hcl'), 'utf8');
  return /version\s+=\s+"([^"]+)"/.exec(lock)?.[1] ?? 'unknown';
}

function versionOf(moto: string): string {
  const python = join(dirname(moto), 'python3');
  const program = existsSync(python) ? python : 'python3';
  return execFileSync(program, ['-c', 'import moto; print(moto.__version__)'], { encoding: 'utf8' }).trim();
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
