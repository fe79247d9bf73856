import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { runCommand, UserError } from '../../../local/toolchain';
import { buildApp, startChildService, type ChildService } from '../../../local/run/child-service';
import { load, median, percentile, photoForm } from './load';

// The speed of the whole path, browser's side to endpoint: load -> app-web -> app-was -> an endpoint that answers at
// once.
// Usage: npm run bench:apps [-- --seconds=4 --rounds=3 --photos=<folder of JPEGs>]

const root = join(__dirname, '../../..');
const CONCURRENCIES = [1, 8, 32];

/** Measured before this project began, on a machine with 2 cores: Express + request, FastAPI + Keras preprocessing. */
const PREDECESSOR = {
  perSecond: 5.2,
  p50: { 1: 190, 8: 1500, 32: 6100 } as Record<number, number>,
  wasMiB: 546,
  sentBytes: 3_050_000,
};

interface Row {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly webMiB: number;
  readonly wasMiB: number;
  /** Milliseconds of processor time for each photo, both services together. */
  readonly cpu: number;
  /** Share of the machine's processors that went to programs other than this one and those it started. */
  readonly others: number;
}

async function main(): Promise<void> {
  const seconds = option('seconds', 4);
  const rounds = option('rounds', 3);
  const folder = resolve(text('photos') ?? join(root, '__tests__/apps/photos'));
  const photos = readdirSync(folder)
    .filter((name) => extname(name) === '.jpg')
    .sort()
    .slice(0, 200)
    .map((name) => readFileSync(join(folder, name)));
  if (photos.length === 0) throw new UserError(`${folder} has no .jpg files; name a folder that has some by --photos=`);
  const forms = photos.map((photo) => photoForm(photo));

  const scratch = mkdtempSync(join(tmpdir(), 'strata-bench-'));
  const endpoint = await startEndpoint(scratch);
  const services: ChildService[] = [];
  try {
    await Promise.all([buildApp('app-was', join(scratch, 'app-was')), buildApp('app-web', join(scratch, 'app-web'))]);
    const shared = {
      PATH: process.env['PATH'] ?? '',
      HOST: '127.0.0.1',
      PORT: '0',
      METRICS_PORT: '0',
      NODE_ENV: 'production',
    };
    const was = await startChildService({
      app: 'app-was',
      folder: join(scratch, 'app-was'),
      environment: {
        ...shared,
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: 'bench',
        AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: endpoint.url,
      },
    });
    services.push(was);
    const web = await startChildService({
      app: 'app-web',
      folder: join(scratch, 'app-web'),
      environment: { ...shared, APP_WAS_URL: was.url },
    });
    services.push(web);

    await load({ url: web.url, forms, concurrency: 8, seconds: 2 });
    const rows = new Map<number, Row[]>();
    let uploaded = 0;
    let answered = 0;
    const before = await endpoint.received();
    for (let round = 0; round < rounds; round += 1) {
      for (const concurrency of CONCURRENCIES) {
        const peaks = { web: 0, was: 0 };
        const watch = setInterval(() => {
          peaks.web = Math.max(peaks.web, residentMiB(web));
          peaks.was = Math.max(peaks.was, residentMiB(was));
        }, 100);
        const cpuBefore = cpuMilliseconds(web) + cpuMilliseconds(was);
        const shareBefore = processorTime([web, was], endpoint.pid);
        const result = await load({ url: web.url, forms, concurrency, seconds });
        clearInterval(watch);
        const share = processorTime([web, was], endpoint.pid);
        const good = result.statuses.get(200) ?? 0;
        if (good !== result.milliseconds.length)
          throw new Error(
            `not every request succeeded at concurrency ${concurrency}: ${JSON.stringify([...result.statuses])}`,
          );
        answered += good;
        uploaded += bytesOf(result.milliseconds.length, photos);
        rows.set(concurrency, [
          ...(rows.get(concurrency) ?? []),
          {
            perSecond: good / result.seconds,
            p50: percentile(result.milliseconds, 0.5),
            p99: percentile(result.milliseconds, 0.99),
            webMiB: peaks.web,
            wasMiB: peaks.was,
            cpu: (cpuMilliseconds(web) + cpuMilliseconds(was) - cpuBefore) / good,
            others: 1 - (share.idle - shareBefore.idle + share.own - shareBefore.own) / (share.all - shareBefore.all),
          },
        ]);
      }
    }
    const after = await endpoint.received();
    print(rows, {
      sentPerPhoto: (after.bytes - before.bytes) / answered,
      uploadedPerPhoto: uploaded / answered,
      seconds,
      rounds,
      photos: photos.length,
    });
  } finally {
    for (const service of services.reverse()) await service.stop('SIGINT');
    endpoint.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Forms are taken in turn, from the first one at each run. */
function bytesOf(count: number, photos: readonly Buffer[]): number {
  let bytes = 0;
  for (let index = 0; index < count; index += 1) bytes += photos[index % photos.length]!.length;
  return bytes;
}

function print(
  rows: ReadonlyMap<number, readonly Row[]>,
  run: {
    readonly sentPerPhoto: number;
    readonly uploadedPerPhoto: number;
    readonly seconds: number;
    readonly rounds: number;
    readonly photos: number;
  },
): void {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(
    `Node.js ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}; ${run.photos} ` +
      `JPEGs; medians of ${run.rounds} rounds of ${run.seconds} s.`,
  );
  say(
    'The load, both services and the endpoint share the cores; the last column is what other programs took ' +
      'of them at the same time.',
  );
  say('');
  say(
    '| concurrency | requests/s | x predecessor | p50 ms | (predecessor) | p99 ms | CPU ms a photo | app-web ' +
      'MiB | app-was MiB | other programs |',
  );
  say('|---|---|---|---|---|---|---|---|---|---|');
  for (const [concurrency, all] of rows) {
    const of = (key: keyof Row): number => median(all.map((row) => row[key]));
    say(
      `| ${concurrency} | ${of('perSecond').toFixed(0)} | ` +
        `${(of('perSecond') / PREDECESSOR.perSecond).toFixed(0)} | ${of('p50').toFixed(1)} | ` +
        `${PREDECESSOR.p50[concurrency]} | ${of('p99').toFixed(1)} | ${of('cpu').toFixed(2)} | ` +
        `${of('webMiB').toFixed(0)} | ${of('wasMiB').toFixed(0)} | ${(of('others') * 100).toFixed(0)} % |`,
    );
  }
  say('');
  say(
    `Bytes sent to the endpoint for each photo: ${run.sentPerPhoto.toFixed(0)}; bytes of the photo: ` +
      `${run.uploadedPerPhoto.toFixed(0)} (predecessor: ${PREDECESSOR.sentBytes}; its app-was held ` +
      `${PREDECESSOR.wasMiB} MB).`,
  );
}

interface EndpointProcess {
  readonly pid: number;
  readonly url: string;
  received(): Promise<{ readonly requests: number; readonly bytes: number }>;
  stop(): void;
}

/** The endpoint in a separate process, as in production. */
async function startEndpoint(scratch: string): Promise<EndpointProcess> {
  const file = join(scratch, 'endpoint.js');
  const script = `
    import { startFakeEndpoint } from ${JSON.stringify(join(root, 'local/run/fake-endpoint'))};
    startFakeEndpoint().then((endpoint) => {
      process.on('message', () => process.send(endpoint.received));
      process.send(endpoint.url);
    });`;
  buildSync({
    stdin: { contents: script, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    outfile: file,
    logLevel: 'error',
  });
  const child = fork(file, [], { execArgv: [] });
  const message = <T>(): Promise<T> => new Promise((done) => child.once('message', (value) => done(value as T)));
  const url = await message<string>();
  return {
    pid: child.pid ?? 0,
    url,
    received: () => {
      const answer = message<{ requests: number; bytes: number }>();
      child.send('received');
      return answer;
    },
    stop: () => void child.kill(),
  };
}

function residentMiB(service: ChildService): number {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${service.process.pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Milliseconds of all processors since the machine's start: in all, without work, and spent by this program and those
 * it started.
 */
function processorTime(
  services: readonly ChildService[],
  endpointPid: number,
): { readonly all: number; readonly idle: number; readonly own: number } {
  const fields =
    /^cpu +(.+)$/m
      .exec(readFileSync('/proc/stat', 'utf8'))?.[1]
      ?.split(' ')
      .map((ticks) => Number(ticks) * 10) ?? [];
  const own = [process.pid, endpointPid, ...services.map((service) => service.process.pid)].reduce<number>(
    (sum, pid) => sum + cpuOf(pid),
    0,
  );
  return {
    all: fields.slice(0, 8).reduce((sum, value) => sum + value, 0),
    idle: (fields[3] ?? 0) + (fields[4] ?? 0),
    own,
  };
}

function cpuMilliseconds(service: ChildService): number {
  return cpuOf(service.process.pid);
}

/** Time that a process has spent on the processors, counted by the kernel's 100 Hz clock. */
function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return Number.NaN;
  }
}

function text(name: string): string | undefined {
  return process.argv.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
}

function option(name: string, fallback: number): number {
  const value = Number(text(name) ?? fallback);
  if (!Number.isInteger(value) || value < 1) throw new UserError(`--${name}=${text(name)} is no whole number above 0`);
  return value;
}

runCommand(main);
