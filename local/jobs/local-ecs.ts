// ECS on this machine, as far as workers need it: the emulator keeps a service's desired count as a record, and this
// starts and stops a process for each task.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeServicesCommand, type ECSClient } from '@aws-sdk/client-ecs';
import { TaskProtectionEndpoint } from './task-protection';

export interface LocalService {
  readonly clusterName: string;
  readonly serviceName: string;
  /** The container: command and environment. */
  readonly command: readonly [string, ...string[]];
  readonly environment: NodeJS.ProcessEnv;
}

export interface LocalEcsOptions {
  readonly ecs: ECSClient;
  readonly services: readonly LocalService[];
  /** Where the log of each task goes. */
  readonly logFolder: string;
  /** Told what is started and stopped. */
  readonly say: (text: string) => void;
}

interface Task {
  readonly id: string;
  readonly service: LocalService;
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  stopping: boolean;
}

const LOOK_MILLISECONDS = 500;
/** From SIGTERM to SIGKILL, as the default of a container's stopTimeout. */
const STOP_MILLISECONDS = 30_000;
/** A program that ends as it starts is not started again at once. */
const RESTART_MILLISECONDS = 3000;

export class LocalEcs {
  private readonly tasks = new Set<Task>();
  private readonly desired = new Map<string, number>();
  private readonly notBefore = new Map<string, number>();
  private readonly protection = new TaskProtectionEndpoint({ mayProtect: (id) => this.mayProtect(id) });
  private number = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: LocalEcsOptions) {}

  /** Process ids of the tasks. */
  get pids(): readonly number[] {
    return [...this.tasks].flatMap(({ child }) => child.pid ?? []);
  }

  async start(): Promise<void> {
    mkdirSync(this.options.logFolder, { recursive: true });
    await this.protection.start();
    const loop = async (): Promise<void> => {
      this.looking = this.look().catch((error: unknown) => this.options.say(`ECS: ${String(error)}`));
      await this.looking;
      if (!this.stopped) this.timer = setTimeout(() => void loop(), LOOK_MILLISECONDS);
    };
    await loop();
  }

  /** Stops every task: SIGTERM, then SIGKILL. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await Promise.all([...this.tasks].map((task) => this.stopTask(task)));
    await this.protection.stop();
  }

  private async look(): Promise<void> {
    for (const service of this.options.services) {
      const { services: [found] = [] } = await this.options.ecs.send(
        new DescribeServicesCommand({ cluster: service.clusterName, services: [service.serviceName] }),
      );
      const desired = found?.desiredCount ?? 0;
      this.desired.set(service.serviceName, desired);
      const running = this.of(service).filter(({ stopping }) => !stopping);
      const mayStart = Date.now() >= (this.notBefore.get(service.serviceName) ?? 0);
      for (let i = running.length; i < desired && mayStart && !this.stopped; i++) this.startTask(service);
      // A protected task is not stopped, however many are wanted.
      const free = running.filter(({ id }) => !this.protection.isProtected(id));
      for (const task of free.slice(0, Math.max(0, running.length - desired))) void this.stopTask(task);
    }
  }

  private of({ serviceName }: LocalService): Task[] {
    return [...this.tasks].filter(({ service }) => service.serviceName === serviceName);
  }

  /** While more tasks are protected than are wanted, ECS protects no other. */
  private mayProtect(id: string): boolean {
    const task = [...this.tasks].find((one) => one.id === id);
    if (task === undefined) return false;
    const others = this.of(task.service).filter((other) => other.id !== id && this.protection.isProtected(other.id));
    return others.length < (this.desired.get(task.service.serviceName) ?? 0);
  }

  private startTask(service: LocalService): void {
    const id = `${service.serviceName}-${++this.number}`;
    const log = openSync(join(this.options.logFolder, `${id}.log`), 'w');
    const [program, ...args] = service.command;
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...service.environment, ECS_AGENT_URI: this.protection.uriOf(id) },
      detached: true, // the terminal's ctrl-C is for the command, which stops its tasks itself
    });
    closeSync(log);
    const began = Date.now();
    const ended = new Promise<void>((resolve) => {
      const end = (how: string): void => {
        if (!this.tasks.delete(task)) return;
        this.protection.forget(id);
        this.options.say(`worker ${id} ${task.stopping ? 'stopped' : `ended with ${how}`}`);
        if (!task.stopping && Date.now() - began < RESTART_MILLISECONDS)
          this.notBefore.set(service.serviceName, Date.now() + RESTART_MILLISECONDS);
        resolve();
      };
      child.once('error', (error) => end(error.message));
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
    const task: Task = { id, service, child, ended, stopping: false };
    this.tasks.add(task);
    this.options.say(`worker ${id} started`);
  }

  private async stopTask(task: Task): Promise<void> {
    if (!task.stopping) {
      task.stopping = true;
      task.child.kill('SIGTERM');
    }
    const timer = setTimeout(() => task.child.kill('SIGKILL'), STOP_MILLISECONDS);
    await task.ended;
    clearTimeout(timer);
  }
}
