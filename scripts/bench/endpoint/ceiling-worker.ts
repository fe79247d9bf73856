import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { readImageMetadata } from '@strata/service-runtime/image-metadata';
import { JpegDecoder } from '../../../sagemaker/endpoint/jpeg-decoder';
import { Model } from '../../../sagemaker/endpoint/model';
import { readModelFolder } from '../../../sagemaker/endpoint/model-folder';
import { PhotoDecoder } from '../../../sagemaker/endpoint/photo-decoder';

// Decoding and inference alone, in a loop: what a server on these cores could do at most. Asked with a number of
// seconds, it answers how many photos it did.

const { model: folder, photos: files } = workerData as { readonly model: string; readonly photos: readonly string[] };

async function main(): Promise<void> {
  const { file, labels, preprocessing } = readModelFolder(folder);
  const model = await Model.load({ file, classes: labels.length, threads: 1 });
  const decoder = new PhotoDecoder({ preprocessing, jpeg: await JpegDecoder.load(process.env['TURBOJPEG_LIBRARY']) });
  const photos = files.map((path) => readFileSync(path));
  let next = 0;
  parentPort!.on('message', async (seconds: number) => {
    const end = performance.now() + seconds * 1000;
    let count = 0;
    const loop = async (): Promise<void> => {
      while (performance.now() < end) {
        const photo = photos[next++ % photos.length]!;
        await model.run(await decoder.decode(photo, readImageMetadata(photo, 64_000_000)));
        count += 1;
      }
    };
    // Two at a time, so that one is decoded while the other is classified.
    await Promise.all([loop(), loop()]);
    parentPort!.postMessage(count);
  });
  parentPort!.postMessage('ready');
}

void main();
