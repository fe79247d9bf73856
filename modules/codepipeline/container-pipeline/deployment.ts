import type { CpuArchitecture, LifecycleHook } from '../buildspec';
import type { TrafficShift } from './blue-green-deployment';

/** Requests a URL after a deployment. It must be reachable from the internet: the test runs outside the VPC. */
export interface SmokeTest {
  readonly url: string;
  /** @default 200 */
  readonly expectedStatus?: number;
  /** Text that the response must contain. @default anything */
  readonly expectedText?: string;
  /** @default 10 */
  readonly attempts?: number;
  /** Seconds between attempts. @default 6 */
  readonly intervalSeconds?: number;
}

interface SharedOptions {
  /** Name of the environment to deploy to, such as `dev`. */
  readonly name: string;
  /** Whether the deployment must be approved first. @default false */
  readonly approval?: boolean;
  /** Shown to the approver. @default names the commit to deploy */
  readonly approvalMessage?: string;
  /** SSM parameter with the last deployed image. Written after a successful deployment. */
  readonly imageParameterName: string;
}

interface EcsOptions extends SharedOptions {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly containerName: string;
  readonly taskDefinitionFamily: string;
  /** Roles of the task definition, which the deployment passes to ECS. */
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  /** CPU architecture of the task definition; an image for another one is rejected. @default the pipeline's */
  readonly cpuArchitecture?: CpuArchitecture;
  /** @default none */
  readonly smokeTest?: SmokeTest;
  /**
   * Whether a failed stage, including its smoke test, is rolled back to the artifacts of the last successful execution,
   * if these still exist and the pipeline has not changed since
   * (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html).
   * @default false
   */
  readonly rollBackOnFailure?: boolean;
}

/** A rolling update: ECS replaces the tasks step by step, and its circuit breaker rolls back. */
export interface RollingEcsDeployment extends EcsOptions {
  readonly type: 'rolling';
  /** Minutes the action waits for the service, 1 to 60. @default 60 */
  readonly timeoutMinutes?: number;
}

/** Where the tasks of a blue/green deployment run. */
export interface TaskNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** ENABLED or DISABLED. */
  readonly assignPublicIp: string;
  /** Fargate platform version, such as LATEST. */
  readonly platformVersion: string;
}

/** Starts a second set of tasks and shifts traffic to it. The service's deployment controller is CODE_DEPLOY. */
export interface BlueGreenEcsDeployment extends EcsOptions {
  readonly type: 'blue-green';
  readonly containerPort: number;
  /** Where the tasks run, written into the AppSpec. @default as the service had it when it was created */
  readonly network?: TaskNetwork;
  /** The production listener. */
  readonly listenerArn: string;
  /** The test listener, on which CodeDeploy exposes the new tasks before they take production traffic. @default none */
  readonly testListenerArn?: string;
  readonly targetGroupName: string;
  readonly greenTargetGroupName: string;
  /** @default all traffic in one step */
  readonly trafficShift?: TrafficShift;
  /** Alarms that trigger a rollback, at most 10. @default none */
  readonly alarmNames?: readonly string[];
  /** Minutes the previous tasks keep running after the shift, for an immediate rollback. @default 5 */
  readonly terminationWaitMinutes?: number;
  /** Lifecycle event -> ARN of a function that CodeDeploy calls during the deployment. @default none */
  readonly lifecycleHooks?: Readonly<Partial<Record<LifecycleHook, string>>>;
}

/** Calls a model layer's deploy function to roll the image out to a SageMaker endpoint. */
export interface EndpointDeployment extends SharedOptions {
  readonly type: 'endpoint';
  /** `none` until there is a model layer: the image is then only recorded. */
  readonly functionName: string;
  readonly functionArn: string;
}

/**
 * Has the workers of a queue run the image. Succeeds when a task of the new revision runs, without waiting for those
 * before, which finish their jobs; where no worker runs, a task of its own proves the image by `--self-test`.
 */
export interface WorkerDeployment
  extends
    SharedOptions,
    Pick<EcsOptions, 'serviceName' | 'containerName' | 'taskDefinitionFamily' | 'executionRoleArn' | 'taskRoleArn'> {
  readonly type: 'worker';
  /** `none` until there is a jobs layer: the image is then only recorded. */
  readonly clusterName: string;
  /**
   * Minutes to wait for a new task, and for one of the five active deployments that ECS allows a service to end.
   * @default 60
   */
  readonly timeoutMinutes?: number;
}

export type EcsDeployment = RollingEcsDeployment | BlueGreenEcsDeployment;
export type Deployment = EcsDeployment | EndpointDeployment | WorkerDeployment;

/**
 * Whether the build itself writes the task definition. It does only where the deployment directly follows the build and
 * nothing uses the artifact later, as an approval or a rollback would: that would undo what Terraform changed in
 * between.
 */
export function takesBuildsTaskDefinition(
  deployment: Deployment | undefined,
  isFirst: boolean,
): deployment is BlueGreenEcsDeployment {
  return (
    isFirst &&
    deployment?.type === 'blue-green' &&
    deployment.approval !== true &&
    deployment.rollBackOnFailure !== true
  );
}

export function isEcs(deployment: Deployment): deployment is EcsDeployment {
  return deployment.type === 'rolling' || deployment.type === 'blue-green';
}
