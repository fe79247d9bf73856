import { readFileSync } from 'node:fs';

/** Where the kernel counts in a container: cgroup v2, then v1. */
const FILES = ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control'] as const;

/**
 * How often the kernel killed a process of this container for memory (`oom_kill`); 0 where that is not counted.
 * Source: https://docs.kernel.org/admin-guide/cgroup-v2.html, memory.events
 */
export function outOfMemoryKills(files: readonly string[] = FILES): number {
  for (const file of files) {
    try {
      const found = /^oom_kill (\d+)$/m.exec(readFileSync(file, 'utf8'));
      if (found?.[1] !== undefined) return Number(found[1]);
    } catch {
      // Not in a container, or the other version of control groups.
    }
  }
  return 0;
}
