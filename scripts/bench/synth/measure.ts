// Runs a command once and says how long it took, what of that was work, and how much memory its largest process needed.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Sample {
  readonly wallMs: number;
  /** What GNU time says, where it is installed. */
  readonly usage?: Usage;
}

export interface Usage {
  /** Processor time of all processes of the command: about the same whatever else the machine does. */
  readonly cpuMs: number;
  /** Resident memory of the largest process of the command. */
  readonly peakMiB: number;
}

const GNU_TIME = '/usr/bin/time';
const hasGnuTime = process.platform === 'linux' && existsSync(GNU_TIME);

// What would make the commands do something else, or call home.
const QUIET = {
  CHECKPOINT_DISABLE: '1',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  npm_config_update_notifier: 'false',
  NO_COLOR: '1',
};
const UNSET = /^(STRATA_|CDKTF_|CDK_|AWS_|NODE_OPTIONS$|FORCE_COLOR$)/;

/** @throws Error with the command's output when it fails. */
export async function measure(command: Command): Promise<Sample> {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const usageFile = join(scratch, 'usage');
  try {
    const line = [
      ...(hasGnuTime ? [GNU_TIME, '-f', '%U %S %M', '-o', usageFile] : []),
      command.program,
      ...command.args,
    ];
    const wallMs = await run(line, command);
    return { wallMs, usage: hasGnuTime ? readUsage(usageFile) : undefined };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function readUsage(file: string): Usage {
  const [user, system, peakKiB] = readFileSync(file, 'utf8').trim().split(' ').map(Number) as [number, number, number];
  return { cpuMs: (user + system) * 1000, peakMiB: peakKiB / 1024 };
}

function run([program, ...args]: string[], { cwd, env }: Command): Promise<number> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !UNSET.test(name)));
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program!, args, {
      cwd,
      env: { ...inherited, ...QUIET, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => output.push(data));
    child.stderr.on('data', (data: Buffer) => output.push(data));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(performance.now() - start);
      else
        reject(
          new Error(
            `${program} ${args.join(' ')} in ${cwd} ended with ` +
              `${code}:\n${Buffer.concat(output).toString().slice(-4000)}`,
          ),
        );
    });
  });
}
