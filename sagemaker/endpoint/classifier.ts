import { HttpError } from '@strata/service-runtime';
import { readImageMetadata } from '@strata/service-runtime/image-metadata';
import type { InferencePool } from './inference-pool';
import type { Probabilities, RequestPhoto } from './inference-task';
import type { PhotoMetrics } from './metrics';
import type { ModelFolder } from './model-folder';
import type { Settings } from './settings';
import { ofPhoto } from './tensorflow-request';

export interface ClassifierProps {
  readonly pool: InferencePool;
  readonly labels: ModelFolder['labels'];
  readonly metrics: PhotoMetrics;
  readonly limits: Pick<Settings, 'MAX_IMAGE_BYTES' | 'MAX_IMAGE_PIXELS'>;
}

/** Classifies photos on the pool's workers, and counts them. */
export class Classifier {
  readonly #props: ClassifierProps;

  constructor(props: ClassifierProps) {
    this.#props = props;
  }

  /**
   * Probability of each class for one photo.
   * @throws HttpError 413 when the file or the photo is too large, 4xx when it is not a photo; the signal's reason when
   *   it aborts first
   */
  async classify(photo: RequestPhoto, signal: AbortSignal): Promise<readonly number[]> {
    const { photos, stages } = this.#props.metrics;
    const { probabilities, decodeSeconds, modelSeconds } = await this.#run(photo, signal);
    stages.observe({ stage: 'decode' }, decodeSeconds);
    stages.observe({ stage: 'model' }, modelSeconds);
    const best = probabilities.indexOf(Math.max(...probabilities));
    photos.inc({ label: this.#props.labels[best]!.label });
    return probabilities;
  }

  /**
   * As `classify`, for all photos of a request. The workers share them, and an error names the photo.
   *
   * @param list what the request calls its list of photos
   */
  classifyAll(
    list: string,
    photos: readonly RequestPhoto[],
    signal: AbortSignal,
  ): Promise<readonly (readonly number[])[]> {
    return Promise.all(
      photos.map((photo, index) =>
        this.classify(photo, signal).catch((error: unknown) => {
          throw error instanceof HttpError && error !== signal.reason ? ofPhoto(list, index, error) : error;
        }),
      ),
    );
  }

  #run(photo: RequestPhoto, signal: AbortSignal): Promise<Probabilities> {
    const { pool, limits } = this.#props;
    if (photo.kind === 'pixels') return pool.run({ kind: 'pixels', pixels: photo.pixels }, signal);
    const { bytes } = photo;
    if (bytes.length > limits.MAX_IMAGE_BYTES) {
      throw new HttpError(
        413,
        'file_too_large',
        `the photo is too large; at most ${limits.MAX_IMAGE_BYTES} bytes are allowed`,
        { details: { maxBytes: limits.MAX_IMAGE_BYTES } },
      );
    }
    const metadata = readImageMetadata(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      limits.MAX_IMAGE_PIXELS,
    );
    return pool.run({ kind: 'photo', bytes, metadata }, signal);
  }
}
