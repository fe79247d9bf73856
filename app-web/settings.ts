import { httpOrigin, serviceSettings, wholeNumber } from '@strata/service-runtime';
import * as z from 'zod';
import { config } from './package.json';

const MiB = 1024 * 1024;

/** The environment variables of app-web. docs/apps.md lists them. */
export const settings = z.object({
  ...serviceSettings({ port: config.port, metricsPort: 9464 }),
  /** Where app-was is. Comes from Terraform; no request can change it. */
  APP_WAS_URL: httpOrigin,
  /** Largest photo that is passed on; the page makes larger ones smaller. The same as app-was's own limit. */
  MAX_IMAGE_BYTES: wholeNumber({ min: 1024, max: 25 * MiB, default: 6 * MiB }),
  /**
   * How long app-was may take to answer once it has the photo. Longer than app-was waits for the model, shorter than the
   * load balancer's 60 s.
   */
  WAS_TIMEOUT_SECONDS: wholeNumber({ min: 1, max: 120, default: 35 }),
  /** Where browsers upload files for jobs to. Comes from Terraform; without it the page for them is not there. */
  JOBS_UPLOAD_ORIGIN: httpOrigin.optional(),
  /** How many photos are forwarded concurrently. */
  MAX_IN_FLIGHT: wholeNumber({ min: 1, max: 10_000, default: 512 }),
});

export type Settings = z.output<typeof settings>;
