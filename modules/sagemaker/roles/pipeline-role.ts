import { AwsAccount, Problems } from '@strata/core';
import { ServiceRole, type IamStatement } from '@strata/iam';
import { Construct } from 'constructs';
import { checkArns, checkCommon, type SageMakerRoleProps } from './common-props';
import { arnNames } from './container-statements';
import { checkLocations, writeStatements, type S3Location } from './location';
import { sagemakerTrust } from './sagemaker-trust';

export interface SageMakerPipelineRoleProps extends Omit<SageMakerRoleProps, 'repositoryArns' | 'vpcId'> {
  /** Roles that the steps run with: of training, processing and models. */
  readonly passRoleArns: readonly string[];
  /** Functions that Lambda steps invoke. @default none */
  readonly functionArns?: readonly string[];
  /** Names of the groups that versions are registered in. @default none */
  readonly modelPackageGroupNames?: readonly string[];
  /** Where the steps' results are, which conditions look into and models are registered from. @default nothing */
  readonly artifactLocations?: readonly S3Location[];
}

/**
 * The role of pipelines themselves: it starts jobs and makes models under the names that SageMaker Pipelines gives them
 * (`pipelines-...`), registers versions in the named groups, and invokes the named functions. It hands only the named
 * roles on, and only to SageMaker.
 */
export class SageMakerPipelineRole extends Construct {
  readonly role: ServiceRole;

  /** @throws ValidationError naming every prop that cannot be used. */
  constructor(scope: Construct, id: string, props: SageMakerPipelineRoleProps) {
    super(scope, id);
    const { functionArns = [], modelPackageGroupNames = [], artifactLocations = [], kmsKeyArns = [] } = props;
    const problems = new Problems(this);
    checkCommon(problems, props);
    problems.check(
      props.passRoleArns.length > 0,
      'passRoleArns: without a role no step can run; name those of training and models',
    );
    checkArns(problems, 'passRoleArns', props.passRoleArns, 'iam', 'arn:aws:iam::<account>:role/<name>');
    checkArns(problems, 'functionArns', functionArns, 'lambda', 'arn:aws:lambda:<region>:<account>:function:<name>');
    checkLocations(problems, 'artifactLocations', artifactLocations);
    problems.throwIfAny();

    const account = AwsAccount.of(this);
    const { accountId, region, partition } = account;
    const arn = (resource: string): string => `arn:${partition}:sagemaker:${region}:${accountId}:${resource}`;
    const jobs = ['training-job', 'processing-job', 'transform-job', 'hyper-parameter-tuning-job', 'model'].map(
      (kind) => arn(`${kind}/pipelines-*`),
    );
    const groups = modelPackageGroupNames.flatMap(arnNames);
    const statements: IamStatement[] = [
      {
        sid: 'RunSteps',
        actions: [
          'sagemaker:CreateTrainingJob',
          'sagemaker:DescribeTrainingJob',
          'sagemaker:StopTrainingJob',
          'sagemaker:CreateProcessingJob',
          'sagemaker:DescribeProcessingJob',
          'sagemaker:StopProcessingJob',
          'sagemaker:CreateTransformJob',
          'sagemaker:DescribeTransformJob',
          'sagemaker:StopTransformJob',
          'sagemaker:CreateHyperParameterTuningJob',
          'sagemaker:DescribeHyperParameterTuningJob',
          'sagemaker:StopHyperParameterTuningJob',
          'sagemaker:CreateModel',
          'sagemaker:DescribeModel',
          'sagemaker:AddTags',
          'sagemaker:ListTags',
        ],
        resources: jobs,
      },
      ...(groups.length === 0
        ? []
        : [
            {
              sid: 'RegisterVersions',
              actions: [
                'sagemaker:CreateModelPackage',
                'sagemaker:DescribeModelPackage',
                'sagemaker:DescribeModelPackageGroup',
                'sagemaker:AddTags',
                'sagemaker:ListTags',
              ],
              resources: groups.flatMap((name) => [arn(`model-package-group/${name}`), arn(`model-package/${name}/*`)]),
            },
          ]),
      {
        // Where an execution belongs to an experiment, the pipeline makes it and what is in it. Their names are the
        // pipeline's, in lower case.
        sid: 'RecordExperiments',
        actions: [
          'sagemaker:CreateExperiment',
          'sagemaker:DescribeExperiment',
          'sagemaker:CreateTrial',
          'sagemaker:DescribeTrial',
          'sagemaker:CreateTrialComponent',
          'sagemaker:DescribeTrialComponent',
          'sagemaker:UpdateTrialComponent',
          'sagemaker:AssociateTrialComponent',
        ],
        resources: ['experiment/*', 'experiment-trial/*', 'experiment-trial-component/*'].map(arn),
      },
      {
        sid: 'PassRoles',
        actions: ['iam:PassRole'],
        resources: props.passRoleArns,
        conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      },
      ...(functionArns.length === 0
        ? []
        : [{ sid: 'InvokeFunctions', actions: ['lambda:InvokeFunction'], resources: functionArns }]),
      ...writeStatements('Artifacts', artifactLocations),
      ...(kmsKeyArns.length === 0
        ? []
        : [
            {
              sid: 'UseKeys',
              actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
              resources: kmsKeyArns,
            },
          ]),
      ...(kmsKeyArns.length === 0
        ? []
        : [
            {
              sid: 'CreateKeyGrants',
              actions: ['kms:CreateGrant'],
              resources: kmsKeyArns,
              conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
            },
          ]),
      ...(props.statements ?? []),
    ];
    this.role = new ServiceRole(this, 'role', {
      roleName: props.roleName,
      description: 'SageMaker pipelines',
      ...sagemakerTrust(account),
      statements,
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
