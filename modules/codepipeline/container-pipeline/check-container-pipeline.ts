import { isCodeBuildImage } from '../build-project';
import { containerBuildspecProblems } from '../buildspec';
import { checkCodeSource } from '../code-source';
import { isResolved, Problems, checkInteger, checkName, checkOneOf } from '@strata/core';
import type { Construct } from 'constructs';
import { checkTrafficShift } from './blue-green-deployment';
import type { ContainerPipelineProps } from './container-pipeline-props';
import { isEcs, type Deployment, type SmokeTest } from './deployment';
import { DEPLOYMENT_NAME, PIPELINE_NAME } from './names';

/** @throws ValidationError naming every invalid prop. */
export function checkContainerPipeline(scope: Construct, props: ContainerPipelineProps): void {
  const problems = new Problems(scope);
  problems.check(
    isResolved(props.pipelineName),
    'pipelineName: the name is known only to Terraform; use a ' + 'literal string',
  );
  checkName(problems, 'pipelineName', props.pipelineName, PIPELINE_NAME);
  checkOneOf(problems, 'cpuArchitecture', props.cpuArchitecture, ['ARM64', 'X86_64']);
  checkOneOf(problems, 'executionMode', props.executionMode, ['SUPERSEDED', 'QUEUED']);
  checkCodeSource(problems, 'source', props.source);
  for (const problem of containerBuildspecProblems(props)) problems.add(problem);
  problems.check(
    isCodeBuildImage(props.buildImage) || props.runtimeVersions === undefined,
    'runtimeVersions: CodeBuild selects runtimes only in its own images, and buildImage is ' +
      `"${props.buildImage}"; leave one of the two out`,
  );
  problems.check(
    !isResolved(props.repositoryUrl) ||
      /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.(com|com\.cn|eu)\/[^:@]+$/.test(props.repositoryUrl),
    `repositoryUrl: "${props.repositoryUrl}" is not the URL of an ECR repository; write ` +
      '<account>.dkr.ecr.<region>.amazonaws.com/<name>, without a tag',
  );

  problems.check(
    props.deployments.length > 0,
    'deployments: an empty list deploys nothing; name at least one deployment',
  );
  const names = props.deployments.map(({ name }) => name);
  for (const name of new Set(names.filter((one, i) => names.indexOf(one) !== i)))
    problems.add(`deployments: "${name}" is the name of two deployments; give each its own name`);
  const containers = new Set(
    props.deployments
      .filter(isEcs)
      .map(({ containerName }) => containerName)
      .filter(isResolved),
  );
  problems.check(
    containers.size <= 1,
    `deployments: the image is for containers with different names, ${[...containers].join(' and ')}; use one ` +
      `container name in all environments`,
  );
  props.deployments.forEach((deployment, i) => checkDeployment(problems, `deployments[${i}]`, deployment, props));
  problems.throwIfAny();
}

/** Suffixes that the pipeline appends to its name for its own resources. */
const PARTS: readonly string[] = ['source', 'build', 'filter'];

function checkDeployment(problems: Problems, key: string, deployment: Deployment, props: ContainerPipelineProps): void {
  checkOneOf(problems, `${key}.type`, deployment.type, ['rolling', 'blue-green', 'endpoint', 'worker']);
  checkName(problems, `${key}.name`, deployment.name, DEPLOYMENT_NAME);
  problems.check(
    !PARTS.includes(deployment.name),
    `${key}.name: "${deployment.name}" is a suffix that every pipeline uses for its own resources; choose another name`,
  );
  problems.check(
    deployment.approvalMessage === undefined || deployment.approval === true,
    `${key}.approvalMessage: no approval is requested; set approval to true, or leave it out`,
  );
  if (deployment.type === 'rolling' || deployment.type === 'worker')
    checkInteger(problems, `${key}.timeoutMinutes`, deployment.timeoutMinutes, {
      min: 1,
      max: deployment.type === 'rolling' ? 60 : 480,
      unit: 'minutes',
    });
  if (!isEcs(deployment)) return;
  const wanted = props.cpuArchitecture ?? 'ARM64';
  problems.check(
    !isResolved(deployment.cpuArchitecture) || deployment.cpuArchitecture === wanted,
    `${key}.cpuArchitecture: the task definition of ${deployment.serviceName} is for ` +
      `${deployment.cpuArchitecture}, the image for ${wanted}; set the pipeline's cpuArchitecture to ` +
      `${deployment.cpuArchitecture}`,
  );
  if (deployment.smokeTest !== undefined) checkSmokeTest(problems, `${key}.smokeTest`, deployment.smokeTest);
  if (deployment.type === 'blue-green') {
    checkTrafficShift(problems, `${key}.trafficShift`, deployment.trafficShift);
    checkInteger(problems, `${key}.containerPort`, deployment.containerPort, { min: 1, max: 65535 });
    checkInteger(problems, `${key}.terminationWaitMinutes`, deployment.terminationWaitMinutes, {
      min: 0,
      max: 2880,
      unit: 'minutes',
    });
    problems.check(
      deployment.lifecycleHooks?.AfterAllowTestTraffic === undefined || deployment.testListenerArn !== undefined,
      `${key}.lifecycleHooks: AfterAllowTestTraffic needs a test listener; set testListenerArn, or use another event`,
    );
  }
}

function checkSmokeTest(problems: Problems, key: string, test: SmokeTest): void {
  problems.check(
    !isResolved(test.url) || /^https?:\/\/\S+$/.test(test.url),
    `${key}.url: "${test.url}" is not a URL; write http:// or https:// and a host`,
  );
  checkInteger(problems, `${key}.expectedStatus`, test.expectedStatus, { min: 100, max: 599 });
  checkInteger(problems, `${key}.attempts`, test.attempts, { min: 1, max: 100 });
  checkInteger(problems, `${key}.intervalSeconds`, test.intervalSeconds, { min: 0, max: 300, unit: 'seconds' });
}
