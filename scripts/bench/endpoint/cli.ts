import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { usableCores } from '../../../sagemaker/endpoint/cores';
import { runCommand, UserError } from '../../../local/toolchain';
import { compareAnswers } from './agreement';
import { startCeiling, type Ceiling } from './ceiling';
import { endpointContender, pythonContenders, start, type Contender, type RunningContender } from './contenders';
import { load, photoRequest } from './http-load';
import { cpuMilliseconds, machineMilliseconds, memoryMiB, processTree } from './process-usage';
import { ensureServingPython } from './python-environment';
import { render, type Row } from './report';

// The endpoint's speed, beside the usual Python serving of the same model, in one run.
// Usage: npm run bench:endpoint [-- --seconds=4 --rounds=3 --model=<folder> --photos=<folder> --write]

const root = resolve(__dirname, '../../..');
const CONCURRENCIES = [1, 8, 32];
const MAX_PHOTOS = 300;
const WARM_UP_SECONDS = 15;

async function main(): Promise<void> {
  const seconds = number('seconds', 4);
  const rounds = number('rounds', 3);
  const model = resolve(process.env['INIT_CWD'] ?? '.', option('model') ?? join(root, 'sagemaker/sample-model'));
  if (!existsSync(join(model, 'model.onnx')))
    throw new UserError(`${model} has no model.onnx; name the folder of a model by --model=`);
  const photos = findPhotos();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);

  const folder = join(root, '.strata/bench-endpoint');
  mkdirSync(folder, { recursive: true });
  const dist = join(folder, 'dist');
  const built = spawnSync(process.execPath, [join(root, 'sagemaker/endpoint/build/build.mjs'), `--outdir=${dist}`], {
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new UserError(`the endpoint does not build:\n${built.stderr}`);
  const python = await ensureServingPython(join(folder, 'python'), say);
  const cores = usableCores();
  const contenders: Contender[] = [endpointContender({ dist, model }), ...pythonContenders({ python, model, cores })];

  const running: RunningContender[] = [];
  let ceiling: Ceiling | undefined;
  try {
    for (const contender of contenders) running.push(await start(contender));
    ceiling = await startCeiling({ folder, model, photos, threads: cores });
    const bodies = photos.map((path) => readFileSync(path));
    const agreement = await compareAnswers(running[0]!, running[1]!, bodies);
    const requests = bodies.map((body) => photoRequest(body));
    say('warming up');
    // Servers run for days: the first thousands of requests, during just-in-time compilation, are not what we measure.
    for (const { port } of running) await load({ port, requests, concurrency: 8, seconds: WARM_UP_SECONDS });

    const rows: Row[] = [];
    const ceilings: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      say(`round ${round + 1} of ${rounds}`);
      for (const concurrency of CONCURRENCIES) {
        ceilings.push(await ceiling.measure(seconds / 2));
        for (const server of running) rows.push(await measure(server, requests, concurrency, seconds));
      }
    }
    const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
    const text = render({
      rows,
      ceilings,
      contenders,
      agreement,
      cores,
      seconds,
      rounds,
      photos: photos.length,
      machine,
      python: versionsOf(python),
    });
    process.stdout.write(`${text}\n`);
    if (process.argv.includes('--write')) write(join(root, 'docs/endpoint.md'), text);
  } finally {
    await ceiling?.stop();
    for (const server of running) await server.stop();
  }
}

async function measure(
  server: RunningContender,
  requests: readonly Buffer[],
  concurrency: number,
  seconds: number,
): Promise<Row> {
  const pids = processTree(server.pid);
  let memory = 0;
  const watch = setInterval(() => (memory = Math.max(memory, memoryMiB(pids))), 250);
  const before = { cpu: cpuMilliseconds(pids), own: cpuMilliseconds([process.pid]), machine: machineMilliseconds() };
  const result = await load({ port: server.port, requests, concurrency, seconds });
  const after = { cpu: cpuMilliseconds(pids), own: cpuMilliseconds([process.pid]), machine: machineMilliseconds() };
  clearInterval(watch);
  const answered = result.milliseconds.length;
  if (result.statuses.get(200) !== answered)
    throw new Error(
      `${server.contender.title}: not every request succeeded at concurrency ${concurrency}: ` +
        `${JSON.stringify([...result.statuses])}`,
    );
  const cpu = after.cpu - before.cpu;
  const own = after.own - before.own;
  const all = after.machine.all - before.machine.all;
  return {
    contender: server.contender.name,
    concurrency,
    perSecond: answered / result.seconds,
    milliseconds: result.milliseconds,
    cpuMilliseconds: cpu / answered,
    loadMilliseconds: own / answered,
    memoryMiB: Math.max(memory, memoryMiB(pids)),
    others: Math.max(0, 1 - (after.machine.idle - before.machine.idle + cpu + own) / all),
  };
}

/** Photos of flowers if there are any, else the tests' photos. */
function findPhotos(): string[] {
  const given = option('photos') ?? process.env['STRATA_FLOWERS'];
  const beside = join(root, '../shared/flowers');
  const folder =
    given !== undefined
      ? resolve(process.env['INIT_CWD'] ?? '.', given)
      : existsSync(beside)
        ? beside
        : join(root, '__tests__/apps/photos');
  if (!existsSync(folder)) throw new UserError(`there is no folder ${folder}; name one with JPEGs by --photos=`);
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => extname(name) === '.jpg')
    .sort();
  if (found.length === 0) throw new UserError(`${folder} has no .jpg files; name a folder that has some by --photos=`);
  const step = Math.max(1, Math.floor(found.length / MAX_PHOTOS));
  return found
    .filter((_name, index) => index % step === 0)
    .slice(0, MAX_PHOTOS)
    .map((name) => join(folder, name));
}

function versionsOf(python: string): string {
  const versions = ['FastAPI', 'uvicorn', 'onnxruntime', 'Pillow']
    .map((name) => `"${name}", m.version("${name.toLowerCase()}")`)
    .join(', ');
  const script =
    'import sys, importlib.metadata as m; print("Python %d.%d," % sys.version_info[:2], "%s %s, %s %s, %s %s, ' +
    `%s %s" % (${versions}))`;
  return spawnSync(python, ['-c', script], { encoding: 'utf8' }).stdout.trim();
}

/** Puts the result in its place in the guide. */
function write(file: string, text: string): void {
  const guide = readFileSync(file, 'utf8');
  const place = /(<!-- bench:endpoint -->\n)[\s\S]*(\n<!-- \/bench:endpoint -->)/;
  if (!place.test(guide))
    throw new UserError(`${file} has no place for the result: <!-- bench:endpoint --> ... <!-- /bench:endpoint -->`);
  writeFileSync(
    file,
    guide.replace(place, (_all, begin: string, end: string) => `${begin}${text}${end}`),
  );
}

function option(name: string): string | undefined {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function number(name: string, fallback: number): number {
  const value = Number(option(name) ?? fallback);
  if (!Number.isInteger(value) || value < 1)
    throw new UserError(`--${name}=${option(name)} is no whole number above 0`);
  return value;
}

runCommand(main);
