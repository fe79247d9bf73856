import { SagemakerPipeline } from '@cdktf/provider-aws/lib/sagemaker-pipeline';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import {
  AwsAccount,
  isResolved,
  type JsonValue,
  type NameRule,
  Problems,
  checkInteger,
  checkName,
  checkOneOf,
  terraformJson,
} from '@strata/core';
import { ServiceRole } from '@strata/iam';
import { Construct } from 'constructs';
import { checkSchedules, scheduleName, type PipelineSchedule } from './schedule';

/** `CreatePipeline` in the Amazon SageMaker API reference. */
export const PIPELINE_NAME: NameRule = {
  what: 'pipeline name',
  maxLength: 256,
  pattern: /^[A-Za-z0-9](-*[A-Za-z0-9])*$/,
  allowed: 'letters, digits and hyphens, not starting or ending with a hyphen',
};

/** `PipelineDefinition` of the same. */
const MAX_DEFINITION_CHARACTERS = 1_048_576;

/** The one version of the language that SageMaker has. */
const DEFINITION_VERSION = '2020-12-01';

/** A definition in SageMaker's own language, as `toDefinition()` of `@strata/sagemaker-pipeline` gives it. */
export interface PipelineDefinition {
  readonly Version: string;
  readonly Steps: readonly unknown[];
  readonly Parameters?: readonly { readonly Name: string }[];
}

export interface ModelBuildingPipelineProps {
  /** At most 256 characters. Another name replaces the pipeline and its history of runs. */
  readonly pipelineName: string;
  /** Name that Studio shows. @default the pipeline's name */
  readonly displayName?: string;
  /** At most 3072 characters. @default none */
  readonly description?: string;
  /**
   * The steps; may hold values known only to Terraform, such as ARNs. At most 1048576 characters as JSON. This or the
   * place in S3.
   */
  readonly definition?: PipelineDefinition;
  /** Bucket of a definition in S3; Terraform sees that it changed only by another key or version. */
  readonly definitionS3Bucket?: string;
  readonly definitionS3Key?: string;
  /** @default the newest version */
  readonly definitionS3VersionId?: string;
  /** Role that the pipeline acts with. */
  readonly roleArn: string;
  /** Most steps of one run at the same time, from 1. @default as many as can, at most 50 */
  readonly maxParallelExecutionSteps?: number;

  /** Schedules that start runs. @default none */
  readonly schedules?: readonly PipelineSchedule[];
  /** @default `<pipelineName>-schedule`, cut to 64 characters */
  readonly scheduleRoleName?: string;
  /** Managed policy that limits the schedules' role. @default none */
  readonly permissionsBoundaryArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A pipeline of SageMaker Pipelines ("model building pipeline"), and schedules that start it. It costs nothing until it
 * runs.
 */
export class ModelBuildingPipeline extends Construct {
  readonly resource: SagemakerPipeline;
  /** `undefined` without schedules. */
  readonly scheduleRole: ServiceRole | undefined;
  readonly schedules: SchedulerSchedule[] = [];

  /** @throws ValidationError naming every prop that SageMaker or EventBridge Scheduler would refuse. */
  constructor(scope: Construct, id: string, props: ModelBuildingPipelineProps) {
    super(scope, id);
    const definition =
      props.definition === undefined ? undefined : terraformJson(props.definition as unknown as JsonValue);
    this.check(props, definition);
    const { pipelineName, definitionS3Bucket: bucket, definitionS3Key: objectKey } = props;
    const tags = props.tags === undefined ? undefined : { ...props.tags };

    this.resource = new SagemakerPipeline(this, 'resource', {
      pipelineName,
      pipelineDisplayName: props.displayName ?? pipelineName,
      pipelineDescription: props.description,
      pipelineDefinition: definition,
      pipelineDefinitionS3Location:
        bucket === undefined || objectKey === undefined
          ? undefined
          : { bucket, objectKey, versionId: props.definitionS3VersionId },
      roleArn: props.roleArn,
      parallelismConfiguration:
        props.maxParallelExecutionSteps === undefined
          ? undefined
          : { maxParallelExecutionSteps: props.maxParallelExecutionSteps },
      tags,
    });

    const schedules = props.schedules ?? [];
    if (schedules.length === 0) return;
    const { partition, region, accountId } = AwsAccount.of(this);
    this.scheduleRole = new ServiceRole(this, 'schedule-role', {
      roleName: props.scheduleRoleName ?? scheduleRoleName(pipelineName),
      service: 'scheduler.amazonaws.com',
      sourceAccount: accountId,
      // EventBridge Scheduler names the schedule's group, not the schedule.
      sourceArn: `arn:${partition}:scheduler:${region}:${accountId}:schedule-group/default`,
      statements: [
        { sid: 'StartPipeline', actions: ['sagemaker:StartPipelineExecution'], resources: [this.pipelineArn] },
      ],
      permissionsBoundaryArn: props.permissionsBoundaryArn,
      tags: props.tags,
    });
    for (const schedule of schedules) this.schedule(pipelineName, schedule, this.scheduleRole);
  }

  get pipelineName(): string {
    return this.resource.pipelineName;
  }

  get pipelineArn(): string {
    return this.resource.arn;
  }

  private schedule(pipelineName: string, schedule: PipelineSchedule, role: ServiceRole): void {
    const { flexibleWindowMinutes: window, parameters = {} } = schedule;
    const pipelineParameter = Object.entries(parameters).map(([name, value]) => ({ name, value }));
    this.schedules.push(
      new SchedulerSchedule(this, `schedule-${schedule.name}`, {
        name: scheduleName(pipelineName, schedule.name),
        description: 'Starts a run of a SageMaker pipeline',
        scheduleExpression: schedule.scheduleExpression,
        scheduleExpressionTimezone: schedule.timezone ?? 'UTC',
        state: (schedule.enabled ?? true) ? 'ENABLED' : 'DISABLED',
        flexibleTimeWindow:
          window === undefined ? { mode: 'OFF' } : { mode: 'FLEXIBLE', maximumWindowInMinutes: window },
        target: {
          arn: this.pipelineArn,
          roleArn: role.roleArn,
          sagemakerPipelineParameters: pipelineParameter.length === 0 ? undefined : { pipelineParameter },
        },
        dependsOn: [role.policy!],
      }),
    );
  }

  private check(props: ModelBuildingPipelineProps, text: string | undefined): void {
    const { definition, definitionS3Bucket: bucket, definitionS3Key: key, description } = props;
    const problems = new Problems(this);
    checkName(problems, 'pipelineName', props.pipelineName, PIPELINE_NAME);
    checkName(problems, 'displayName', props.displayName, { ...PIPELINE_NAME, what: 'display name' });
    problems.check(
      !isResolved(description) || (description.length > 0 && description.length <= 3072),
      `description: has ${description?.length} characters; use 1 to 3072`,
    );
    checkInteger(problems, 'maxParallelExecutionSteps', props.maxParallelExecutionSteps, {
      min: 1,
      max: 1000,
      unit: 'steps',
    });
    const inS3 = bucket !== undefined && key !== undefined;
    problems.check(
      (bucket === undefined) === (key === undefined),
      'definitionS3Bucket and definitionS3Key: only one is given; give both',
    );
    problems.check(
      definition === undefined || (bucket === undefined && key === undefined),
      'definition: given together with definitionS3Bucket and definitionS3Key; leave one out',
    );
    problems.check(
      definition !== undefined || inS3 || bucket !== undefined || key !== undefined,
      'definition: is missing; give it, or definitionS3Bucket and definitionS3Key',
    );
    if (definition !== undefined && text !== undefined) {
      checkOneOf(problems, 'definition.Version', definition.Version, [DEFINITION_VERSION]);
      problems.check(
        Array.isArray(definition.Steps) && definition.Steps.length > 0,
        'definition.Steps: there is no step; a pipeline needs at least one',
      );
      problems.check(
        text.length <= MAX_DEFINITION_CHARACTERS,
        `definition: has ${text.length} characters, SageMaker takes at most ${MAX_DEFINITION_CHARACTERS} in ` +
          'a request; put it in S3 and give definitionS3Bucket and definitionS3Key',
      );
    }
    checkSchedules(
      problems,
      props.schedules ?? [],
      definition === undefined ? undefined : (definition.Parameters ?? []).map(({ Name }) => Name),
    );
    problems.throwIfAny();
  }
}

function scheduleRoleName(pipelineName: string): string {
  return isResolved(pipelineName) ? `${pipelineName.slice(0, 55)}-schedule` : `${pipelineName}-schedule`;
}
