import type { CpuArchitecture, LifecycleHook } from '../buildspec';
import type { TrafficShift } from './blue-green-deployment';

/** Asks an address after a deploy. It must be reachable from the internet: the test runs outside the VPC. */
export interface SmokeTest {
  readonly url: string;
  /** @default 200 */
  readonly expectedStatus?: number;
  /** What must be in the answer. @default anything */
  readonly expectedText?: string;
  /** @default 10 */
  readonly attempts?: number;
  /** Seconds between two attempts. @default 6 */
  readonly intervalSeconds?: number;
}

interface SharedOptions {
  /** Environment that is deployed to, such as `dev`. */
  readonly name: string;
  /** Whether somebody must approve first. @default false */
  readonly approval?: boolean;
  /** Shown to whoever approves. @default which commit is asked about */
  readonly approvalMessage?: string;
  /** SSM parameter that holds the image deployed last. Written after a deploy succeeded. */
  readonly imageParameterName: string;
}

interface EcsOptions extends SharedOptions {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly containerName: string;
  readonly taskDefinitionFamily: string;
  /** Roles of the task definition, which the deploy hands on. */
  readonly executionRoleArn: string;
  readonly taskRoleArn: string;
  /** Of the task definition; an image of another is refused. @default the pipeline's */
  readonly cpuArchitecture?: CpuArchitecture;
  /** @default none */
  readonly smokeTest?: SmokeTest;
  /**
   * Whether a stage that fails, the smoke test included, runs again with the artifacts of the run before: as long as
   * these are kept, and unless the pipeline was changed since
   * (https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html). @default false
   */
  readonly rollBackOnFailure?: boolean;
}

/** Replaces the tasks of a service step by step; ECS's circuit breaker rolls back. */
export interface RollingEcsDeployment extends EcsOptions {
  readonly type: 'rolling';
  /** Minutes until the action gives up waiting for the service, 1 to 60. @default 60 */
  readonly timeoutMinutes?: number;
}

/** Makes a second set of tasks and shifts the traffic to it; the service's controller is CODE_DEPLOY. */
export interface BlueGreenEcsDeployment extends EcsOptions {
  readonly type: 'blue-green';
  readonly containerPort: number;
  /** The listener that serves. */
  readonly listenerArn: string;
  /** The listener on which CodeDeploy shows the new tasks before they serve. @default none */
  readonly testListenerArn?: string;
  readonly targetGroupName: string;
  readonly greenTargetGroupName: string;
  /** @default all at once */
  readonly trafficShift?: TrafficShift;
  /** Alarms that roll back, at most 10. @default none */
  readonly alarmNames?: readonly string[];
  /** Minutes that the former tasks stay after the shift, to go back to at once. @default 5 */
  readonly terminationWaitMinutes?: number;
  /** Event -> ARN of a function that CodeDeploy asks during the deployment. @default none */
  readonly lifecycleHooks?: Readonly<Partial<Record<LifecycleHook, string>>>;
}

/** Has a model layer's deploy function roll the image out to a SageMaker endpoint. */
export interface EndpointDeployment extends SharedOptions {
  readonly type: 'endpoint';
  /** `none` as long as there is no model layer: the image is then only written down. */
  readonly functionName: string;
  readonly functionArn: string;
}

export type EcsDeployment = RollingEcsDeployment | BlueGreenEcsDeployment;
export type Deployment = EcsDeployment | EndpointDeployment;

/**
 * Whether the build itself writes the task definition: only where the deployment follows it at once, and no later one
 * takes its artifact, as an approval and a rollback do. What Terraform changed in between would be undone.
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
  return deployment.type !== 'endpoint';
}
