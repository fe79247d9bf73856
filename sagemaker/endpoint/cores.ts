import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/**
 * How many processors this process may use: those that the scheduler offers, or fewer where the container has a CPU
 * quota (Fargate, serverless inference, `docker run --cpus`), which Node.js before 22 does not look at.
 *
 * Forms: https://docs.kernel.org/admin-guide/cgroup-v2.html (`cpu.max`),
 * https://docs.kernel.org/scheduler/sched-bwc.html
 */
export function usableCores(
  read: (file: string) => string = (file) => readFileSync(file, 'utf8'),
  available: number = availableParallelism(),
): number {
  const quota = quotaV2(read) ?? quotaV1(read) ?? Number.POSITIVE_INFINITY;
  return Math.max(1, Math.min(available, Math.ceil(quota)));
}

function quotaV2(read: (file: string) => string): number | undefined {
  const [quota, period] =
    attempt(() => read('/sys/fs/cgroup/cpu.max'))
      ?.trim()
      .split(' ')
      .map(Number) ?? [];
  return share(quota, period);
}

function quotaV1(read: (file: string) => string): number | undefined {
  const [quota, period] = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) =>
    Number(attempt(() => read(`/sys/fs/cgroup/cpu/${name}`))),
  );
  return share(quota, period);
}

/** `max` and -1 stand for no quota. */
function share(quota: number | undefined, period: number | undefined): number | undefined {
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : undefined;
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
