import { AwsAccount, Problems } from '@strata/core';
import { ServiceRole } from '@strata/iam';
import { Construct } from 'constructs';
import { checkCommon, type SageMakerRoleProps } from './common-props';
import { containerStatements } from './container-statements';
import { checkLocations, deleteStatements, readStatements, writeStatements, type S3Location } from './location';
import { sagemakerTrust } from './sagemaker-trust';

export interface SageMakerTrainingRoleProps extends SageMakerRoleProps {
  /** What is read: datasets, training source. @default nothing */
  readonly readLocations?: readonly S3Location[];
  /** What is read and written: models, evaluations. @default nothing */
  readonly writeLocations?: readonly S3Location[];
  /**
   * Where checkpoints are kept: read, written and deleted, as SageMaker deletes in S3 what a job deletes in its
   * checkpoint folder. @default nothing
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-checkpoints.html
   */
  readonly checkpointLocations?: readonly S3Location[];
}

/** The role of training and processing jobs. */
export class SageMakerTrainingRole extends Construct {
  readonly role: ServiceRole;

  /** @throws ValidationError naming every prop that cannot be used. */
  constructor(scope: Construct, id: string, props: SageMakerTrainingRoleProps) {
    super(scope, id);
    const { readLocations = [], writeLocations = [], checkpointLocations = [] } = props;
    const problems = new Problems(this);
    checkCommon(problems, props);
    checkLocations(problems, 'readLocations', readLocations);
    checkLocations(problems, 'writeLocations', writeLocations);
    checkLocations(problems, 'checkpointLocations', checkpointLocations);
    problems.throwIfAny();

    const account = AwsAccount.of(this);
    this.role = new ServiceRole(this, 'role', {
      roleName: props.roleName,
      description: 'SageMaker training and processing jobs',
      ...sagemakerTrust(account),
      statements: [
        ...readStatements('Read', readLocations),
        ...writeStatements('Write', [...writeLocations, ...checkpointLocations]),
        ...deleteStatements('DeleteCheckpoints', checkpointLocations),
        ...containerStatements(account, {
          repositoryArns: props.repositoryArns ?? [],
          kmsKeyArns: props.kmsKeyArns ?? [],
          vpcId: props.vpcId,
          logGroups: ['/aws/sagemaker/TrainingJobs', '/aws/sagemaker/ProcessingJobs'],
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
