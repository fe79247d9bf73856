// The layers whose options are changed: their schemas, and what has to be deployed before them.
import { bootstrapConfig } from '@strata/stack-bootstrap/config';
import { ciCdConfig } from '@strata/stack-ci-cd/config';
import { computeConfig } from '@strata/stack-compute/config';
import { jobsConfig } from '@strata/stack-jobs/config';
import { mlConfig } from '@strata/stack-ml/config';
import { networkConfig } from '@strata/stack-network/config';
import { registryConfig } from '@strata/stack-registry/config';
import type { Schema } from './schema-options';

/** In the order of deployment. */
export const LAYERS = {
  bootstrap: bootstrapConfig,
  network: networkConfig,
  registry: registryConfig,
  ml: mlConfig,
  jobs: jobsConfig,
  compute: computeConfig,
  'ci-cd': ciCdConfig,
} as const satisfies Readonly<Record<string, Schema>>;

export type Layer = keyof typeof LAYERS;

export const layerNames = Object.keys(LAYERS) as Layer[];
