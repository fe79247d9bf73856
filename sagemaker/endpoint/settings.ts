import { serviceSettings, wholeNumber } from '@strata/service-runtime';
import * as z from 'zod';
import { config } from './package.json';

const MiB = 1024 * 1024;

/** The environment variables of the container. docs/endpoint.md lists them. */
export const settings = z.object({
  ...serviceSettings({ port: config.port, metricsPort: 0 }),
  /** Port that SageMaker tells the container to listen on; takes precedence over `PORT`. */
  SAGEMAKER_BIND_TO_PORT: wholeNumber({ min: 0, max: 65_535, default: config.port }),
  /** Off on SageMaker, where no other port of the container is reachable; set it elsewhere. */
  METRICS_PORT: serviceSettings({ port: 0, metricsPort: 0 }).METRICS_PORT.removeDefault().default('off'),
  /** Folder of the model: where SageMaker unpacks model.tar.gz. */
  MODEL_DIR: z.string().min(1).default('/opt/ml/model'),
  /** Name and version that answers carry. @default what model-card.json says */
  MODEL_NAME: z.string().min(1).max(63).optional(),
  MODEL_VERSION: z.string().min(1).max(63).optional(),
  /**
   * How many photos are decoded and classified at the same time.
   * @default one for each core that the container may use
   */
  WORKERS: wholeNumber({ min: 1, max: 256, default: 1 }).removeDefault().optional(),
  /** Threads with which one photo is classified. More than one pays only when there are fewer requests than cores. */
  THREADS_PER_WORKER: wholeNumber({ min: 1, max: 64, default: 1 }),
  /**
   * Path of libjpeg-turbo's library (TurboJPEG); `off` leaves every photo to libvips.
   * @default the one beside the server, else the system's, else none
   */
  TURBOJPEG_LIBRARY: z.string().min(1).optional(),
  /** Largest photo in bytes. */
  MAX_IMAGE_BYTES: wholeNumber({ min: 1024, max: 100 * MiB, default: 6 * MiB }),
  /** Most pixels a photo may say it has: small files can unfold to gigabytes. */
  MAX_IMAGE_PIXELS: wholeNumber({ min: 10_000, max: 1_000_000_000, default: 64_000_000 }),
  /** Largest request. Real-time endpoints take 25 MB now, 6 MB by older documentation; serverless ones 4 MB. */
  MAX_BODY_BYTES: wholeNumber({ min: 1024, max: 1024 * MiB, default: 25 * MiB }),
  /** Most photos in one request. */
  MAX_IMAGES_PER_REQUEST: wholeNumber({ min: 1, max: 10_000, default: 64 }),
  /** How many requests are processed concurrently. */
  MAX_IN_FLIGHT: wholeNumber({ min: 1, max: 10_000, default: 64 }),
  /** How many bytes of requests are in memory at the same time. */
  MAX_BUFFERED_BYTES: wholeNumber({ min: MiB, max: 16 * 1024 * MiB, default: 128 * MiB }),
  /** How many requests may wait for a slot. */
  MAX_WAITING: wholeNumber({ min: 0, max: 10_000, default: 256 }),
  /** How long a request may wait for a slot. */
  MAX_WAIT_SECONDS: wholeNumber({ min: 1, max: 59, default: 10 }),
  /** How long one request may take in total. SageMaker times out after 60 s. */
  REQUEST_TIMEOUT_SECONDS: wholeNumber({ min: 1, max: 59, default: 30 }),
});

export type Settings = z.output<typeof settings>;
