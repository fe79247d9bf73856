import { FargateService, FargateTaskDefinition, type ContainerProps, type TaskOptions } from '@strata/ecs';
import { AwsAccount } from '@strata/core';
import { serviceNames, type ServiceNames } from '@strata/ecs-patterns';
import { Queue } from '@strata/sqs';
import { Construct } from 'constructs';
import { QueueAlarms, type QueueAlarmsProps } from './queue-alarms';
import { QueueScaling } from './queue-scaling';
import type { ScalingOptions } from './scaling-options';

type Container = Omit<ContainerProps, 'containerName' | 'containerPort' | 'ports'>;

/** When the alarms of a queue are raised, and who is told. */
export type QueueAlarmOptions = Pick<QueueAlarmsProps, 'maxAgeSeconds' | 'topicArn'>;

export interface QueueProcessingServiceProps extends Container, Omit<TaskOptions, 'taskRoleName'>, ScalingOptions {
  /** 1 to 25 lower-case letters, digits and hyphens; every other name is derived from it. */
  readonly name: string;
  /** Start of every name, before a hyphen. @default none */
  readonly namePrefix?: string;
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
  /** Whether tasks get public addresses, as they need in public subnets. @default false */
  readonly assignPublicIp?: boolean;
  /** IPv6 besides IPv4, in a network that has it. @default false */
  readonly dualStack?: boolean;
  /** Percentage of tasks on Fargate Spot. @default 0 */
  readonly spotPercent?: number;
  /**
   * Seconds for which a received message is hidden from other workers, 0 to 43200. Whoever works longer extends it, so
   * that it follows from how often the program does.
   */
  readonly visibilitySeconds: number;
  /** Receives after which a message goes to the dead-letter queue, 1 to 1000. */
  readonly maxAttempts: number;
  /** Alarms on messages that failed or wait too long; `false` for none. @default false */
  readonly alarms?: QueueAlarmOptions | false;
  /** ARN of the KMS key of both queues. @default a key of Amazon SQS, free */
  readonly queueKmsKeyArn?: string;
  /** Whether Terraform refuses every plan that would destroy the queues. @default false */
  readonly preventDestroy?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Workers on Fargate behind a queue: the queue with its dead-letter queue, and a service whose tasks receive from it, as
 * many as the backlog asks for and none while nothing waits. A task that works on a message protects itself from
 * scale-in and deployments ("Amazon ECS task scale-in protection" in the developer guide); its role may.
 *
 * Scaling and the sender, who starts the first task, own the number of tasks; Terraform ignores it.
 */
export class QueueProcessingService extends Construct {
  readonly names: ServiceNames;
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly taskDefinition: FargateTaskDefinition;
  readonly service: FargateService;
  readonly scaling: QueueScaling;
  readonly alarms: QueueAlarms | undefined;

  /** @throws ValidationError naming every prop that SQS, ECS or Application Auto Scaling would reject. */
  constructor(scope: Construct, id: string, props: QueueProcessingServiceProps) {
    super(scope, id);
    this.names = serviceNames(props.name, props.namePrefix);
    const full = props.namePrefix === undefined ? props.name : `${props.namePrefix}-${props.name}`;
    const queueProps = {
      kmsKeyArn: props.queueKmsKeyArn,
      preventDestroy: props.preventDestroy,
      tags: props.tags,
    };
    this.deadLetterQueue = new Queue(this, 'dead-letter-queue', { ...queueProps, queueName: `${full}-failed` });
    this.queue = new Queue(this, 'queue', {
      ...queueProps,
      queueName: full,
      visibilityTimeoutSeconds: props.visibilitySeconds,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: props.maxAttempts },
    });
    this.taskDefinition = new FargateTaskDefinition(this, 'task-definition', {
      ...props,
      family: this.names.family,
      containerName: this.names.containerName,
      taskRoleName: this.names.taskRoleName,
      executionRoleName: this.names.executionRoleName,
      logGroupName: this.names.logGroupName,
      // The longest that Fargate allows: what is left of a job when its machine is taken away.
      stopTimeoutSeconds: props.stopTimeoutSeconds ?? 120,
      environment: { ...props.environment, STRATA_QUEUE_URL: this.queue.queueUrl },
      permissions: [...this.statements(props), ...(props.permissions ?? [])],
    });
    this.service = new FargateService(this, 'service', {
      serviceName: this.names.serviceName,
      securityGroupName: this.names.securityGroupName,
      clusterArn: props.clusterArn,
      taskDefinition: this.taskDefinition,
      vpcId: props.vpcId,
      subnetIds: props.subnetIds,
      assignPublicIp: props.assignPublicIp,
      dualStack: props.dualStack,
      spotPercent: props.spotPercent,
      onDemandBase: 0,
      desiredCount: props.minWorkers ?? 0,
      desiredCountOwner: 'autoscaling',
      tags: props.tags,
    });
    this.scaling = new QueueScaling(this, 'scaling', {
      ...props,
      name: full,
      serviceName: this.service.serviceName,
      queueName: this.queue.queueName,
    });
    const { alarms = false } = props;
    if (alarms !== false) {
      this.alarms = new QueueAlarms(this, 'alarms', {
        ...alarms,
        name: full,
        queueName: this.queue.queueName,
        deadLetterQueueName: this.deadLetterQueue.queueName,
        tags: props.tags,
      });
    }
  }

  private statements({ clusterName, queueKmsKeyArn }: QueueProcessingServiceProps) {
    const { accountId, partition, region } = AwsAccount.of(this);
    return [
      {
        sid: 'Work',
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
        resources: [this.queue.queueArn],
      },
      {
        sid: 'ProtectTask',
        actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
        resources: [`arn:${partition}:ecs:${region}:${accountId}:task/${clusterName}/*`],
      },
      ...(queueKmsKeyArn === undefined
        ? []
        : [{ sid: 'QueueKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [queueKmsKeyArn] }]),
    ];
  }
}
