import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ECSClient } from '@aws-sdk/client-ecs';
import { LocalEcs } from '../../../local/jobs/local-ecs';
import { desiredCount } from '../../../local/jobs/local-scaling';
import { TaskProtection } from '../../../modules/worker-runtime/task/protection';

/** A task that says in a file where its agent is, and ends on SIGTERM. */
const PROGRAM = `require('node:fs').writeFileSync(process.env.FOLDER + '/' + process.pid, process.env.ECS_AGENT_URI);
process.on('SIGTERM', () => process.exit(0)); setInterval(() => undefined, 1000);`;

describe('ECS on this machine', () => {
  let folder: string;
  let desired: number;
  let local: LocalEcs;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'strata-local-ecs-'));
    desired = 0;
    local = new LocalEcs({
      ecs: { send: async () => ({ services: [{ desiredCount: desired }] }) } as unknown as ECSClient,
      services: [
        {
          clusterName: 'jobs',
          serviceName: 'w',
          command: [process.execPath, '-e', PROGRAM],
          environment: { ...process.env, FOLDER: folder },
        },
      ],
      logFolder: join(folder, 'logs'),
      say: () => undefined,
    });
    await local.start();
  });
  afterEach(async () => {
    await local.stop();
    expect(local.pids).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  const until = async (condition: () => boolean): Promise<void> => {
    const deadline = Date.now() + 15_000;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`not within 15 s; tasks: ${local.pids.join(' ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const protectionOf = async (pid: number): Promise<TaskProtection> => {
    const file = join(folder, String(pid));
    await until(() => existsSync(file) && readFileSync(file, 'utf8') !== '');
    return new TaskProtection(readFileSync(file, 'utf8'), 5);
  };

  it('starts and stops tasks by the desired count, and leaves a protected one alone', async () => {
    desired = 2;
    await until(() => local.pids.length === 2);
    const [first, second] = await Promise.all(local.pids.map(protectionOf));
    const [busy] = local.pids;
    expect(await first!.acquire()).toBe('protected');
    desired = 0;
    await until(() => local.pids.length === 1);
    expect(local.pids).toEqual([busy]);
    // More are protected than are wanted.
    expect(await second!.acquire()).not.toBe('protected');
    desired = 1;
    await until(() => local.pids.length === 1);
    desired = 0;
    await first!.release();
    await until(() => local.pids.length === 0);
  });

  it('protects no more tasks than are wanted', async () => {
    desired = 2;
    await until(() => local.pids.length === 2);
    const [first, second] = await Promise.all(local.pids.map(protectionOf));
    expect(await first!.acquire()).toBe('protected');
    desired = 1;
    await until(() => local.pids.length === 1);
    desired = 2;
    await until(() => local.pids.length === 2);
    expect(await second!.acquire()).not.toBe('protected'); // it is gone
    const third = await protectionOf(local.pids[1]!);
    expect(await third.acquire()).toBe('protected');
    await Promise.all([first!.release(), third.release()]);
  });
});

describe('scaling on this machine', () => {
  const limits = { min: 0, max: 3, backlog: 10, idleSeconds: 60 };
  it.each([
    ['nothing for long', { desired: 2, waiting: 0, inFlight: 0, idleSeconds: 61 }, 0],
    ['nothing for a moment', { desired: 2, waiting: 0, inFlight: 0, idleSeconds: 5 }, 2],
    ['one in flight for long', { desired: 2, waiting: 0, inFlight: 1, idleSeconds: 99 }, 2],
    ['a few waiting', { desired: 1, waiting: 10, inFlight: 1, idleSeconds: 0 }, 1],
    ['many waiting', { desired: 1, waiting: 11, inFlight: 1, idleSeconds: 0 }, 2],
    ['many waiting at the most', { desired: 3, waiting: 99, inFlight: 3, idleSeconds: 0 }, 3],
    ['many waiting at 0, which a submit raises', { desired: 0, waiting: 99, inFlight: 0, idleSeconds: 0 }, 0],
  ])('%s', (_, now, wanted) => {
    expect(desiredCount(now, limits)).toBe(wanted);
  });
});
