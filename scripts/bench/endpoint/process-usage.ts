import { readFileSync, readdirSync } from 'node:fs';

// What processes use, from Linux' /proc.

/** A process and all that descend from it. */
export function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statOf(Number(name))?.parent : undefined;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree: number[] = [];
  for (let todo = [root]; todo.length > 0;) {
    tree.push(...todo);
    todo = todo.flatMap((pid) => children.get(pid) ?? []);
  }
  return tree;
}

/** Milliseconds that processes have spent on the processors, counted by the kernel's 100 Hz clock. */
export function cpuMilliseconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (statOf(pid)?.cpuMilliseconds ?? 0), 0);
}

/** Memory that processes hold, in MiB; what several share is counted once. */
export function memoryMiB(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + proportional(pid), 0) / 1024;
}

/** Milliseconds of all processors since the machine's start: in all, and without work. */
export function machineMilliseconds(): { readonly all: number; readonly idle: number } {
  const fields = /^cpu +(.+)$/m
    .exec(readFileSync('/proc/stat', 'utf8'))![1]!
    .split(' ')
    .map((ticks) => Number(ticks) * 10);
  return { all: fields.slice(0, 8).reduce((sum, value) => sum + value, 0), idle: fields[3]! + fields[4]! };
}

function proportional(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function statOf(pid: number): { readonly parent: number; readonly cpuMilliseconds: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return { parent: Number(fields[1]), cpuMilliseconds: (Number(fields[11]) + Number(fields[12])) * 10 };
  } catch {
    return undefined;
  }
}
