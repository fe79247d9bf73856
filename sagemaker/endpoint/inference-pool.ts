import { join } from 'node:path';
import { Worker, type TransferListItem } from 'node:worker_threads';
import {
  fromFailure,
  type Results,
  type Task,
  type TaskMessage,
  type WorkerData,
  type WorkerMessage,
} from './inference-task';
import { StartError } from './start-error';

/**
 * While a worker runs the model, the next photo is already there, and those that libvips decodes are decoded on its
 * threads. Any more would only wait.
 */
const TASKS_PER_WORKER = 2;

/** A worker that ends by itself is replaced; if that keeps happening, the model cannot be served. */
const MAX_REPLACEMENTS = 5;

interface Job {
  readonly task: Task;
  readonly resolve: (result: Results[Task['kind']]) => void;
  readonly reject: (error: unknown) => void;
}

interface Member {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
  isReady: boolean;
  /** The worker's own reason why it cannot serve the model. */
  fatal?: string;
}

/**
 * Threads that decode photos and run the model, one for each core, and the queue in front of them. Every worker
 * has the model loaded: onnxruntime's binding runs it on the thread that asks.
 */
export class InferencePool {
  readonly #members = new Set<Member>();
  readonly #queue = new Set<Job>();
  readonly #data: WorkerData;
  readonly #workers: number;
  readonly #onReady: (ready: { readonly jpegDecoder: string }) => void;
  readonly #onBroken: (error: Error) => void;
  #replacements = 0;
  #lastId = 0;
  #isClosed = false;
  #isReady = false;

  constructor(props: {
    readonly workers: number;
    readonly data: WorkerData;
    /** Called when every worker has loaded and tried the model. */
    readonly onReady: (ready: { readonly jpegDecoder: string }) => void;
    /** Called when the model cannot be served; a StartError says that no new attempt will help. */
    readonly onBroken: (error: Error) => void;
  }) {
    this.#data = props.data;
    this.#onReady = props.onReady;
    this.#onBroken = props.onBroken;
    this.#workers = props.workers;
    // The others follow when the first one is ready: a thread that ends while others are loading a model can take the
    // process with it.
    this.#start();
  }

  /**
   * Whether every worker has loaded the model once; it stays true while a worker is being replaced.
   */
  get isReady(): boolean {
    return this.#isReady;
  }

  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Runs a task on a worker. The task's buffers are transferred to the worker.
   * @throws HttpError when the photo or the request is at fault; the signal's reason when it aborts before a worker
   *   took the task.
   */
  run<K extends Task['kind']>(task: Extract<Task, { kind: K }>, signal: AbortSignal): Promise<Results[K]> {
    return new Promise<Results[Task['kind']]>((resolve, reject) => {
      if (signal.aborted || this.#isClosed) {
        reject(signal.aborted ? signal.reason : new Error('the pool is closed'));
        return;
      }
      const onAbort = (): void => {
        // A worker that has begun is not interrupted; its result is dropped.
        this.#queue.delete(job);
        reject(signal.reason);
      };
      const settled = (): void => signal.removeEventListener('abort', onAbort);
      const job: Job = {
        task,
        resolve: (result) => {
          settled();
          resolve(result);
        },
        reject: (error) => {
          settled();
          reject(error);
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.add(job);
      this.#advance();
    }) as Promise<Results[K]>;
  }

  /** Terminates the workers; unfinished tasks are lost. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#members].map(({ worker }) => worker.terminate()));
  }

  #start(): void {
    const member: Member = {
      worker: new Worker(join(__dirname, 'inference-worker.js'), { workerData: this.#data }),
      jobs: new Map(),
      isReady: false,
    };
    this.#members.add(member);
    let failure: unknown;
    member.worker.on('message', (message: WorkerMessage) => this.#onMessage(member, message));
    member.worker.on('error', (error) => (failure = error));
    member.worker.once('exit', (code) =>
      this.#onExit(member, failure instanceof Error ? failure : new Error(`a worker ended with code ${code}`)),
    );
  }

  #onMessage(member: Member, message: WorkerMessage): void {
    switch (message.kind) {
      case 'ready':
        member.isReady = true;
        while (!this.#isReady && this.#members.size < this.#workers) this.#start();
        if (!this.#isReady && [...this.#members].every(({ isReady }) => isReady)) {
          this.#isReady = true;
          this.#onReady({ jpegDecoder: message.jpegDecoder });
        }
        break;
      case 'fatal':
        member.fatal = message.message;
        return;
      case 'done':
        this.#take(member, message.id)?.resolve(message.result);
        break;
      case 'failed':
        this.#take(member, message.id)?.reject(fromFailure(message.failure));
        break;
    }
    this.#advance();
  }

  #take(member: Member, id: number): Job | undefined {
    const job = member.jobs.get(id);
    member.jobs.delete(id);
    return job;
  }

  #onExit(member: Member, cause: Error): void {
    this.#members.delete(member);
    for (const job of member.jobs.values()) job.reject(new Error('the worker that had this photo ended', { cause }));
    if (this.#isClosed) return;
    if (member.fatal !== undefined) {
      this.#onBroken(new StartError(member.fatal));
      return;
    }
    this.#replacements += 1;
    if (this.#replacements > MAX_REPLACEMENTS || !this.#isReady) {
      this.#onBroken(cause);
      return;
    }
    this.#start();
  }

  /** Assigns waiting jobs to the least busy workers. */
  #advance(): void {
    for (const job of this.#queue) {
      const member = this.#leastBusy();
      if (member === undefined) return;
      this.#queue.delete(job);
      const id = (this.#lastId += 1);
      member.jobs.set(id, job);
      member.worker.postMessage({ id, task: job.task } satisfies TaskMessage, buffersOf(job.task));
    }
  }

  #leastBusy(): Member | undefined {
    let best: Member | undefined;
    for (const member of this.#members) {
      if (
        member.isReady &&
        member.jobs.size < TASKS_PER_WORKER &&
        (best === undefined || member.jobs.size < best.jobs.size)
      )
        best = member;
    }
    return best;
  }
}

/** A task's transferable memory; a slice of a larger buffer is copied instead. */
function buffersOf(task: Task): TransferListItem[] {
  const { buffer, byteLength } = task.kind === 'pixels' ? task.pixels.data : task.bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}
