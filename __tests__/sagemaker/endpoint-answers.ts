// What the endpoint's own code makes of files: a separate process, because jest gives each test file its own
// global Float32Array, which onnxruntime-node refuses.
import { readFileSync } from 'node:fs';

import { readImageMetadata } from '@strata/service-runtime/image-metadata';

import { JpegDecoder } from '../../sagemaker/endpoint/jpeg-decoder';
import { Model } from '../../sagemaker/endpoint/model';
import { readModelFolder } from '../../sagemaker/endpoint/model-folder';
import { PhotoDecoder } from '../../sagemaker/endpoint/photo-decoder';

// As the endpoint's MAX_IMAGE_PIXELS.
const MAX_PIXELS = 64_000_000;

async function main([folder = '', ...paths]: readonly string[]): Promise<void> {
  const { file, labels, preprocessing } = readModelFolder(folder);
  const model = await Model.load({ file, classes: labels.length, threads: 1 });
  const decoder = new PhotoDecoder({ preprocessing, jpeg: await JpegDecoder.load(process.env.TURBOJPEG_LIBRARY) });
  const answers = [];
  for (const path of paths) {
    const bytes = readFileSync(path);
    const probabilities = await model.run(await decoder.decode(bytes, readImageMetadata(bytes, MAX_PIXELS)));
    answers.push({ label: labels[probabilities.indexOf(Math.max(...probabilities))]!.label, probabilities });
  }
  process.stdout.write(JSON.stringify(answers));
}

void main(process.argv.slice(2));
