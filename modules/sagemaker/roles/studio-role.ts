import { AwsAccount, Problems } from '@strata/core';
import { ServiceRole, type IamStatement } from '@strata/iam';
import { Construct } from 'constructs';
import { checkCommon, type SageMakerRoleProps } from './common-props';
import { arnNames, containerStatements } from './container-statements';
import { checkLocations, readStatements, writeStatements, type S3Location } from './location';
import { sagemakerTrust } from './sagemaker-trust';
import { viewStatements } from './view-statements';

export interface SageMakerStudioRoleProps extends Omit<SageMakerRoleProps, 'vpcId'> {
  /** What people read. @default nothing */
  readonly readLocations?: readonly S3Location[];
  /** What people read and write. @default nothing */
  readonly writeLocations?: readonly S3Location[];
  /** Names of the pipelines that people start and stop. @default none */
  readonly pipelineNames?: readonly string[];
  /** Names of the groups in which people approve versions. @default none */
  readonly modelPackageGroupNames?: readonly string[];
  /** Names of the endpoints that people invoke. @default none */
  readonly endpointNames?: readonly string[];
}

/**
 * The role of people in Studio: they open their own applications, read and write the named data, see what runs, start
 * the named pipelines and approve versions. They cannot start other jobs or change an endpoint.
 */
export class SageMakerStudioRole extends Construct {
  readonly role: ServiceRole;

  /** @throws ValidationError naming every prop that cannot be used. */
  constructor(scope: Construct, id: string, props: SageMakerStudioRoleProps) {
    super(scope, id);
    const {
      readLocations = [],
      writeLocations = [],
      pipelineNames = [],
      modelPackageGroupNames = [],
      endpointNames = [],
    } = props;
    const problems = new Problems(this);
    checkCommon(problems, props);
    checkLocations(problems, 'readLocations', readLocations);
    checkLocations(problems, 'writeLocations', writeLocations);
    problems.throwIfAny();

    const account = AwsAccount.of(this);
    const { accountId, region, partition } = account;
    const arn = (resource: string): string => `arn:${partition}:sagemaker:${region}:${accountId}:${resource}`;
    const some = (names: readonly string[], statement: IamStatement): IamStatement[] =>
      names.length === 0 ? [] : [statement];
    this.role = new ServiceRole(this, 'role', {
      roleName: props.roleName,
      description: 'People in SageMaker Studio',
      ...sagemakerTrust(account),
      statements: [
        {
          sid: 'ManageApplications',
          actions: [
            'sagemaker:CreateApp',
            'sagemaker:DeleteApp',
            'sagemaker:DescribeApp',
            'sagemaker:CreateSpace',
            'sagemaker:UpdateSpace',
            'sagemaker:DeleteSpace',
            'sagemaker:DescribeSpace',
            'sagemaker:DescribeDomain',
            'sagemaker:DescribeUserProfile',
            'sagemaker:AddTags',
          ],
          resources: ['app/*', 'space/*', 'domain/*', 'user-profile/*'].map(arn),
        },
        ...viewStatements(arn),
        ...some(pipelineNames, {
          sid: 'StartPipelines',
          actions: [
            'sagemaker:StartPipelineExecution',
            'sagemaker:StopPipelineExecution',
            'sagemaker:RetryPipelineExecution',
          ],
          resources: pipelineNames
            .flatMap(arnNames)
            .flatMap((name) => [arn(`pipeline/${name}`), arn(`pipeline/${name}/execution/*`)]),
        }),
        ...some(modelPackageGroupNames, {
          sid: 'ApproveVersions',
          actions: ['sagemaker:UpdateModelPackage'],
          resources: modelPackageGroupNames.flatMap(arnNames).map((name) => arn(`model-package/${name}/*`)),
        }),
        ...some(endpointNames, {
          sid: 'InvokeEndpoints',
          actions: ['sagemaker:InvokeEndpoint'],
          resources: endpointNames.flatMap(arnNames).map((name) => arn(`endpoint/${name}`)),
        }),
        ...readStatements('Read', readLocations),
        ...writeStatements('Write', writeLocations),
        ...containerStatements(account, {
          repositoryArns: props.repositoryArns ?? [],
          kmsKeyArns: props.kmsKeyArns ?? [],
          // Studio's network interfaces are made with SageMaker's service-linked role: AmazonSageMakerNotebooksServiceRolePolicy.
          vpcId: undefined,
          logGroups: ['/aws/sagemaker/studio'],
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
