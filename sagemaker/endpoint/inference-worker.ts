import { parentPort, workerData, type TransferListItem } from 'node:worker_threads';
import { JpegDecoder } from './jpeg-decoder';
import {
  toFailure,
  type Results,
  type Task,
  type TaskMessage,
  type WorkerData,
  type WorkerMessage,
} from './inference-task';
import { Model } from './model';
import { PhotoDecoder } from './photo-decoder';
import type { Pixels } from './pixels';
import { StartError } from './start-error';
import { parseTensorFlowRequest } from './tensorflow-request';

// A thread that decodes and classifies photos. The slow work happens here, so that the HTTP thread always responds
// promptly.

const { model: folder, threads, limits, jpegLibrary } = workerData as WorkerData;
const port = parentPort!;
const say = (message: WorkerMessage, transfer?: readonly TransferListItem[]): void =>
  port.postMessage(message, transfer);

async function main(): Promise<void> {
  let model: Model;
  let jpeg: JpegDecoder | undefined;
  try {
    jpeg = await JpegDecoder.load(jpegLibrary);
    model = await Model.load({ file: folder.file, classes: folder.labels.length, threads });
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    say({ kind: 'fatal', message: error.message });
    return;
  }
  const decoder = new PhotoDecoder({ preprocessing: folder.preprocessing, jpeg });
  port.on('message', ({ id, task }: TaskMessage) => {
    carryOut(task, model, decoder).then(
      ({ result, transfer }) => say({ kind: 'done', id, result }, transfer),
      (error: unknown) => say({ kind: 'failed', id, failure: toFailure(error) }),
    );
  });
  say({ kind: 'ready', jpegDecoder: jpeg === undefined ? 'libvips' : 'libjpeg-turbo' });
}

async function carryOut(
  task: Task,
  model: Model,
  decoder: PhotoDecoder,
): Promise<{ readonly result: Results[Task['kind']]; readonly transfer?: readonly TransferListItem[] }> {
  switch (task.kind) {
    case 'photo':
      return { result: await classify(() => decoder.decode(task.bytes, task.metadata), model) };
    case 'pixels':
      return { result: await classify(() => decoder.reduce(task.pixels), model) };
    case 'json': {
      const result = parseTensorFlowRequest(task.bytes, limits);
      return {
        result,
        transfer: result.photos.map(
          (photo) => (photo.kind === 'file' ? photo.bytes : photo.pixels.data).buffer as ArrayBuffer,
        ),
      };
    }
  }
}

async function classify(decode: () => Promise<Pixels>, model: Model): Promise<Results['photo']> {
  const started = performance.now();
  const pixels = await decode();
  const decoded = performance.now();
  const probabilities = await model.run(pixels);
  return {
    probabilities,
    decodeSeconds: (decoded - started) / 1000,
    modelSeconds: (performance.now() - decoded) / 1000,
  };
}

void main();
