import '../../../sagemaker/endpoint/no-telemetry';
import { buildSync } from 'esbuild';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import nativePackages from '../../../sagemaker/endpoint/build/native-packages.json';

export interface Ceiling {
  /** Photos a second, decoded and classified, with nothing around it. */
  measure(seconds: number): Promise<number>;
  stop(): Promise<void>;
}

/** As many threads as cores, each one decoding and classifying as the endpoint does. */
export async function startCeiling(props: {
  readonly folder: string;
  readonly model: string;
  readonly photos: readonly string[];
  readonly threads: number;
}): Promise<Ceiling> {
  const file = join(props.folder, 'ceiling-worker.js');
  const entryPoints = [join(__dirname, 'ceiling-worker.ts')];
  buildSync({
    entryPoints,
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: nativePackages,
    logLevel: 'error',
    mainFields: ['module', 'main'],
  });
  const workers = Array.from(
    { length: props.threads },
    () => new Worker(file, { workerData: { model: props.model, photos: props.photos } }),
  );
  const answer = async <T>(worker: Worker): Promise<T> => (await once(worker, 'message'))[0] as T;
  await Promise.all(workers.map((worker) => answer(worker)));
  return {
    measure: async (seconds) => {
      const started = performance.now();
      const counts = workers.map((worker) => answer<number>(worker));
      for (const worker of workers) worker.postMessage(seconds);
      const done = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
      return done / ((performance.now() - started) / 1000);
    },
    stop: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  };
}
