export { EcsCluster, type ContainerInsights, type EcsClusterProps } from './ecs-cluster';
export { ImportedEcsCluster, type ImportedEcsClusterProps } from './imported-ecs-cluster';
export { type ClusterReference } from './cluster-reference';
