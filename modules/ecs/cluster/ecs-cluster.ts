import { EcsCluster as EcsClusterResource, type EcsClusterConfiguration } from '@cdktf/provider-aws/lib/ecs-cluster';
import { DataAwsResourcegroupstaggingapiResources } from '@cdktf/provider-aws/lib/data-aws-resourcegroupstaggingapi-resources';
import { EcsClusterCapacityProviders } from '@cdktf/provider-aws/lib/ecs-cluster-capacity-providers';
import { addProblems, AwsAccount, Problems, checkName, checkOneOf } from '@strata/core';
import { Construct } from 'constructs';
import { CLUSTER_NAME, type ClusterReference } from './cluster-reference';
import { executeCommandProblems, type ExecuteCommandOptions } from './execute-command-problems';

/** `enabled`: metrics of cluster, service and task family. `enhanced`: of each task and container too. */
export type ContainerInsights = 'disabled' | 'enabled' | 'enhanced';

export interface EcsClusterProps extends ExecuteCommandOptions {
  /** Name of the cluster, at most 255 characters. Changing it replaces the cluster. @default AppEcsCluster */
  readonly clusterName?: string;
  /**
   * Container Insights. Its metrics are CloudWatch custom metrics, charged per metric and month, and its logs per GB.
   * The CPU and memory metrics of services, which autoscaling and alarms need, are free without it.
   * @default disabled
   */
  readonly containerInsights?: ContainerInsights;
  /**
   * Tags by which this cluster is told from another owner's of the same name. `CreateCluster` answers with the cluster
   * that exists, so that two states would manage one cluster and the first to be destroyed deletes it. A plan fails
   * where a cluster of this name has these keys with other values. One without them cannot be seen: the resource
   * groups tagging API lists only what is or was tagged.
   * @default not looked up
   */
  readonly ownerTags?: Readonly<Record<string, string>>;
  /** Tags of the cluster. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A cluster for Fargate: no servers, so free until tasks run. Its capacity providers are FARGATE and FARGATE_SPOT. */
export class EcsCluster extends Construct implements ClusterReference {
  readonly resource: EcsClusterResource;
  readonly capacityProviders: EcsClusterCapacityProviders;
  readonly clusterName: string;
  readonly clusterArn: string;

  /** @throws ValidationError naming every prop that ECS would reject. */
  constructor(scope: Construct, id: string, props: EcsClusterProps = {}) {
    super(scope, id);
    const name = props.clusterName ?? 'AppEcsCluster';
    const problems = new Problems(this);
    checkName(problems, 'clusterName', name, CLUSTER_NAME);
    checkOneOf(problems, 'containerInsights', props.containerInsights, ['disabled', 'enabled', 'enhanced']);
    checkOneOf(problems, 'executeCommandLogging', props.executeCommandLogging, ['DEFAULT', 'NONE', 'OVERRIDE']);
    addProblems(problems, executeCommandProblems(props));
    problems.throwIfAny();

    const sameName = props.ownerTags === undefined ? undefined : this.lookUpOthers(name, props.ownerTags);
    this.resource = new EcsClusterResource(this, 'resource', {
      name,
      setting: [{ name: 'containerInsights', value: props.containerInsights ?? 'disabled' }],
      configuration: executeCommand(props),
      tags: { ...props.tags, Name: name },
      dependsOn: sameName && [sameName],
    });
    this.capacityProviders = new EcsClusterCapacityProviders(this, 'capacity-providers', {
      clusterName: this.resource.name,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      // The default strategy is for manually started tasks; a service sets its own.
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }],
    });

    // Both depend on the capacity providers: ECS rejects a service created before them.
    this.clusterName = this.capacityProviders.clusterName;
    const { partition, region, accountId } = AwsAccount.of(this);
    this.clusterArn = `arn:${partition}:ecs:${region}:${accountId}:cluster/${this.clusterName}`;
  }

  private lookUpOthers(
    name: string,
    ownerTags: Readonly<Record<string, string>>,
  ): DataAwsResourcegroupstaggingapiResources {
    const differs = Object.entries(ownerTags).map(
      ([key, value]) => `lookup(one.tags, ${JSON.stringify(key)}, "") != ${JSON.stringify(value)}`,
    );
    const others =
      `[for one in self.resource_tag_mapping_list : one.tags ` +
      `if endswith(one.resource_arn, ":cluster/${name}") && (${differs.join(' || ')})]`;
    const keys = Object.keys(ownerTags);
    const values = keys.map((key) => `lookup(tags, ${JSON.stringify(key)}, "none")`);
    const theirs = `format("${keys.map((key) => `${key} %s`).join(', ')}", ${values.join(', ')})`;
    return new DataAwsResourcegroupstaggingapiResources(this, 'same-name', {
      resourceTypeFilters: ['ecs:cluster'],
      tagFilter: keys.map((key) => ({ key })),
      lifecycle: {
        postcondition: [
          {
            condition: `\${length(${others}) == 0}`,
            errorMessage:
              `[${this.node.path}] clusterName: the cluster "${name}" of this account and region belongs to ` +
              `\${join("; ", [for tags in ${others} : ${theirs}])}. ` +
              'Give this one another name, such as with the namePrefix of its environment, or import it',
          },
        ],
      },
    });
  }
}

function executeCommand(props: EcsClusterProps): EcsClusterConfiguration | undefined {
  const {
    executeCommandLogGroupName: logGroup,
    executeCommandKmsKeyArn: kmsKeyId,
    executeCommandLogging: logging,
  } = props;
  if (logGroup === undefined && kmsKeyId === undefined && logging === undefined) return undefined;
  return {
    executeCommandConfiguration: {
      kmsKeyId,
      logging: logging ?? (logGroup === undefined ? 'DEFAULT' : 'OVERRIDE'),
      logConfiguration:
        logGroup === undefined
          ? undefined
          : { cloudWatchLogGroupName: logGroup, cloudWatchEncryptionEnabled: kmsKeyId !== undefined },
    },
  };
}
