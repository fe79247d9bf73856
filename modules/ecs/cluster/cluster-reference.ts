import type { NameRule } from '@strata/core';

/** What a service needs to know of a cluster, made or imported. */
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
