import type { WorkerDeployment } from '@strata/codepipeline';
import type { ContractReadings, ContractRequirement } from '@strata/contract/terraform';
import type { Contract } from '@strata/contract';
import { AwsAccount } from '@strata/core';
import { imageParameterName } from '@strata/ecs';
import type { jobsContract } from '@strata/jobs-contract';
import type { Construct } from 'constructs';
import type { WorkerPipelineConfig } from './pipeline-config';

type Readings = typeof jobsContract extends Contract<infer S> ? ContractReadings<Pick<S, 'kinds'>> : never;

/** Kinds of work as the contract has them, before there is a jobs layer: images are recorded for its first workers. */
export function workersWithoutLayer(
  scope: Construct,
  kinds: readonly string[],
  { project, environment }: { readonly project: string; readonly environment: string },
) {
  const { accountId, partition } = AwsAccount.of(scope);
  // Of a form that AWS takes in a policy; nobody has it.
  const roleArn = `arn:${partition}:iam::${accountId}:role/none`;
  const kind = (name: string) => ({
    queueUrl: '',
    queueArn: '',
    deadLetterQueueUrl: '',
    serviceName: 'none',
    clusterName: 'none',
    containerName: `jobs-${name}`,
    containerPort: 0,
    taskDefinitionFamily: 'none',
    repositoryName: `jobs-${name}`,
    imageParameterName: imageParameterName(project, environment, `jobs-${name}`),
    cpuArchitecture: 'ARM64',
    executionRoleArn: roleArn,
    taskRoleArn: roleArn,
    securityGroupId: '',
    logGroupName: '',
    url: '',
  });
  return { kinds: Object.fromEntries(kinds.map((name) => [name, kind(name)])) };
}

/** What a pipeline to workers requires of the jobs layer, beyond its contract's types. */
export function workerRequirements(
  pipeline: string,
  { worker, cpuArchitecture }: Pick<WorkerPipelineConfig, 'worker' | 'cpuArchitecture'>,
): ContractRequirement[] {
  const [key, at] = [JSON.stringify(worker), `self.outputs.kinds[${JSON.stringify(worker)}]`];
  const isThere = `contains(keys(self.outputs.kinds), ${key})`;
  return [
    {
      condition: isThere,
      message:
        `it has no kind of work "${worker}", whose workers the pipeline "${pipeline}" deploys to. Its kinds: ` +
        `\${join(", ", keys(self.outputs.kinds))}. Set one of them in pipelines.${pipeline}.worker, or add it to the ` +
        'jobs layer.',
      outputs: ['kinds'],
    },
    {
      condition: `!${isThere} || ${at}.cpu_architecture == ${JSON.stringify(cpuArchitecture)}`,
      message:
        `the workers of "${worker}" are for \${${at}.cpu_architecture}, and pipelines.${pipeline}.cpuArchitecture ` +
        `builds their image for ${cpuArchitecture}. Change one of the two.`,
      outputs: ['kinds'],
    },
  ];
}

/** A deployment to the workers of a kind of work, from what the jobs layer says of it. */
export function deploymentToWorkers(
  { kinds }: Readings,
  environment: string,
  { worker, approval, approvalMessage, timeoutMinutes }: WorkerPipelineConfig,
): WorkerDeployment {
  const {
    clusterName,
    serviceName,
    containerName,
    taskDefinitionFamily,
    imageParameterName,
    executionRoleArn,
    taskRoleArn,
  } = kinds.get(worker);
  return {
    type: 'worker',
    name: environment,
    approval,
    approvalMessage,
    timeoutMinutes,
    clusterName,
    serviceName,
    containerName,
    taskDefinitionFamily,
    imageParameterName,
    executionRoleArn,
    taskRoleArn,
  };
}
