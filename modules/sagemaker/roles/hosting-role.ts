import { AwsAccount, Problems } from '@strata/core';
import { ServiceRole, type IamStatement } from '@strata/iam';
import { Construct } from 'constructs';
import { checkArns, checkCommon, type SageMakerRoleProps } from './common-props';
import { containerStatements, rollbackAlarmStatements } from './container-statements';
import { checkLocations, putStatements, readStatements, writeStatements, type S3Location } from './location';
import { sagemakerTrust } from './sagemaker-trust';

export interface SageMakerHostingRoleProps extends SageMakerRoleProps {
  /** Where model artifacts are. @default nothing: the model is in the image */
  readonly modelLocations?: readonly S3Location[];
  /** Where captured requests and answers are written. @default nothing */
  readonly dataCaptureLocations?: readonly S3Location[];
  /** Where an asynchronous endpoint reads requests and writes answers. @default nothing */
  readonly asyncLocations?: readonly S3Location[];
  /** Topics that an asynchronous endpoint tells of success and failure. @default none */
  readonly notificationTopicArns?: readonly string[];
  /**
   * Whether people may open a shell in the containers through SSM (`enableSsmAccess` of the endpoint).
   * @default false
   */
  readonly ssmAccess?: boolean;
  /** Whether alarms take an update of the endpoint back. @default false */
  readonly rollbackAlarms?: boolean;
}

/**
 * What SSM's agent in a container needs; the channels have no ARN.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access.html
 */
const SSM_ACCESS: IamStatement = {
  sid: 'OpenShell',
  actions: [
    'ssmmessages:CreateControlChannel',
    'ssmmessages:CreateDataChannel',
    'ssmmessages:OpenControlChannel',
    'ssmmessages:OpenDataChannel',
  ],
  resources: ['*'],
  allowAllResources: true,
};

/** The role of a model that is hosted: of its containers, and of what SageMaker does for them. */
export class SageMakerHostingRole extends Construct {
  readonly role: ServiceRole;

  /** @throws ValidationError naming every prop that cannot be used. */
  constructor(scope: Construct, id: string, props: SageMakerHostingRoleProps) {
    super(scope, id);
    const { modelLocations = [], dataCaptureLocations = [], asyncLocations = [], notificationTopicArns = [] } = props;
    const problems = new Problems(this);
    checkCommon(problems, props);
    checkLocations(problems, 'modelLocations', modelLocations);
    checkLocations(problems, 'dataCaptureLocations', dataCaptureLocations);
    checkLocations(problems, 'asyncLocations', asyncLocations);
    checkArns(problems, 'notificationTopicArns', notificationTopicArns, 'sns', 'arn:aws:sns:<region>:<account>:<name>');
    problems.throwIfAny();

    const account = AwsAccount.of(this);
    this.role = new ServiceRole(this, 'role', {
      roleName: props.roleName,
      description: 'SageMaker models that are hosted',
      ...sagemakerTrust(account),
      statements: [
        ...readStatements('ReadModels', modelLocations),
        ...putStatements('CaptureData', dataCaptureLocations),
        ...writeStatements('AsyncInference', asyncLocations),
        ...(notificationTopicArns.length === 0
          ? []
          : [{ sid: 'Notify', actions: ['sns:Publish'], resources: notificationTopicArns }]),
        ...((props.ssmAccess ?? false) ? [SSM_ACCESS] : []),
        ...((props.rollbackAlarms ?? false) ? rollbackAlarmStatements(account) : []),
        ...containerStatements(account, {
          repositoryArns: props.repositoryArns ?? [],
          kmsKeyArns: props.kmsKeyArns ?? [],
          vpcId: props.vpcId,
          logGroups: ['/aws/sagemaker/Endpoints/'],
        }),
        ...(props.statements ?? []),
      ],
      permissionsBoundaryArn: props.permissionsBoundaryArn,
      tags: props.tags,
    });
  }

  get roleName(): string {
    return this.role.roleName;
  }

  get roleArn(): string {
    return this.role.roleArn;
  }
}
