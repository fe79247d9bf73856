import type { NameRule } from '@strata/core';

/** A cluster, created or imported, as a service sees it. */
export interface ClusterReference {
  readonly clusterName: string;
  readonly clusterArn: string;
}

/** `CreateCluster` in the Amazon ECS API reference. */
export const CLUSTER_NAME: NameRule = {
  what: 'cluster name',
  maxLength: 255,
  pattern: /^[A-Za-z0-9_-]+$/,
  allowed: 'letters, digits, hyphens and underscores',
};
