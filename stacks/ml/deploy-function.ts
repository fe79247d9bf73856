import { AwsAccount, isResolved, type JsonValue, terraformJson } from '@strata/core';
import { LambdaFunction } from '@strata/lambda';
import {
  deployStatements,
  EndpointAlarms,
  endpointConfigOf,
  type EndpointOptions,
  type ModelPackageGroup,
  type Rollout,
} from '@strata/sagemaker';
import { DEPLOY_ENDPOINT_HANDLER, DEPLOY_ENDPOINT_RUNTIME, deployEndpointCode } from '@strata/sagemaker-pipeline';
import { Construct } from 'constructs';
import type { MlConfig } from './config';

/**
 * How long a Lambda step of a pipeline waits, in seconds.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html
 */
const LAMBDA_STEP_SECONDS = 600;

export interface DeployFunctionProps {
  readonly config: MlConfig;
  readonly project: string;
  readonly environment: string;
  readonly endpointName: string;
  readonly options: EndpointOptions;
  readonly hostingRoleArn: string;
  readonly imageParameterName: string;
  readonly modelPackageGroup: ModelPackageGroup;
  readonly modelPackageGroupName: string;
  readonly kmsKeyArn?: string;
}

/**
 * The function that owns the endpoint. It creates and updates the endpoint when a pipeline invokes it, when a model is
 * approved, and when the endpoint has settled. Terraform says how the endpoint is hosted, the pipeline says which model.
 */
export class DeployFunction extends Construct {
  readonly function: LambdaFunction;
  /** They exist before the endpoint does, and are quiet until then. */
  readonly alarms?: EndpointAlarms;

  /**
   * @throws ValidationError naming everything that Lambda would refuse; Error naming what SageMaker would refuse in the
   * options.
   */
  constructor(scope: Construct, id: string, props: DeployFunctionProps) {
    super(scope, id);
    const { config, endpointName, options } = props;
    const { endpoint, alarmTopicArn } = config;
    const account = AwsAccount.of(this);
    const { partition, region, accountId } = account;
    const keys = props.kmsKeyArn === undefined ? [] : [props.kmsKeyArn];

    if (endpoint.alarms !== false)
      this.alarms = new EndpointAlarms(this, 'alarms', {
        ...endpoint.alarms,
        endpointName,
        hosting: endpoint.hosting,
        topicArn: alarmTopicArn,
      });
    const rollbackAlarmNames = [
      ...(options.rollbackAlarmNames ?? []),
      ...(endpoint.hosting === 'serverless' ? [] : (this.alarms?.rollbackAlarmNames ?? [])),
    ];
    const spec = endpointConfigOf(
      endpointName,
      { ...options, ...(rollbackAlarmNames.length === 0 ? {} : { rollbackAlarmNames }) },
      endpoint.rollout as Rollout,
      isResolved,
    );

    const { alarms: alarmThresholds, ...functionOptions } = config.deployFunction;
    this.function = new LambdaFunction(this, 'function', {
      ...functionOptions,
      functionName: `${endpointName}-deploy`,
      description: `Deploys registered models to the SageMaker endpoint ${endpointName}`,
      codeDirectory: deployEndpointCode(),
      handler: DEPLOY_ENDPOINT_HANDLER,
      runtime: DEPLOY_ENDPOINT_RUNTIME,
      timeoutSeconds: LAMBDA_STEP_SECONDS,
      environment: {
        ENDPOINT_NAME: endpointName,
        EXECUTION_ROLE_ARN: props.hostingRoleArn,
        ...(endpoint.image === undefined
          ? { IMAGE_PARAMETER_NAME: props.imageParameterName }
          : { INFERENCE_IMAGE_URI: endpoint.image }),
        ENDPOINT_CONFIG: terraformJson(spec as unknown as JsonValue),
        PROJECT: props.project,
        ENVIRONMENT: props.environment,
      },
      roleStatements: deployStatements(account, {
        endpointName,
        hostingRoleArn: props.hostingRoleArn,
        modelPackageGroupName: props.modelPackageGroupName,
        imageParameterArn:
          endpoint.image === undefined
            ? `arn:${partition}:ssm:${region}:${accountId}:parameter${props.imageParameterName}`
            : undefined,
        autoscaling: endpoint.scaling !== undefined,
        rollbackAlarms: rollbackAlarmNames.length > 0,
        kmsKeyArns: keys,
      }),
      permissionsBoundaryArn: config.permissionsBoundaryArn,
      logRetentionDays: config.logRetentionDays,
      // An event that fails would be tried twice more, and bring the same bad model each time.
      maximumRetryAttempts: 0,
      alarms: alarmTopicArn === undefined ? undefined : { ...alarmThresholds, topicArn: alarmTopicArn },
      eventTriggers: [
        {
          name: 'settled',
          description: `The endpoint ${endpointName} was made or changed, or that failed`,
          // https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-endpoint
          eventPattern: {
            source: ['aws.sagemaker'],
            'detail-type': ['SageMaker Endpoint State Change'],
            detail: { EndpointName: [endpointName] },
          },
        },
      ],
    });
    props.modelPackageGroup.onApproval('deploy', {
      functionName: this.function.functionName,
      functionArn: this.function.functionArn,
    });
  }
}
