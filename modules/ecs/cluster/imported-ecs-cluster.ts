import { DataAwsEcsCluster } from '@cdktf/provider-aws/lib/data-aws-ecs-cluster';
import { Problems, checkName } from '@strata/core';
import { Construct } from 'constructs';
import { CLUSTER_NAME, type ClusterReference } from './cluster-reference';

export interface ImportedEcsClusterProps {
  /**
   * Name of a cluster in the provider's account and region. It needs the capacity providers FARGATE and, for Spot,
   * FARGATE_SPOT.
   */
  readonly clusterName: string;
}

/** An existing cluster that is not managed here. The plan fails if there is none with this name. */
export class ImportedEcsCluster extends Construct implements ClusterReference {
  readonly data: DataAwsEcsCluster;
  readonly clusterName: string;

  /** @throws ValidationError when the name is not a valid cluster name. */
  constructor(scope: Construct, id: string, props: ImportedEcsClusterProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkName(problems, 'clusterName', props.clusterName, CLUSTER_NAME);
    problems.throwIfAny();
    this.clusterName = props.clusterName;
    this.data = new DataAwsEcsCluster(this, 'data', { clusterName: props.clusterName });
  }

  get clusterArn(): string {
    return this.data.arn;
  }
}
