import type { Construct } from 'constructs';
import { AwsAccount } from '@strata/core';
import { parseConfig } from '@strata/core/config';
import { imageParameterName } from '@strata/ecs';
import { LayerStack, type LayerProps } from '@strata/layer';
import {
  type EndpointOptions,
  ModelPackageGroup,
  SageMakerDomain,
  SageMakerEndpoint,
  SageMakerPipelineRole,
  SageMakerStudioRole,
} from '@strata/sagemaker';
import { pytorchTrainingImage } from '@strata/sagemaker-pipeline';
import { networkContract } from '@strata/network-contract';
import { registryContract } from '@strata/registry-contract';
import packageJson from '@strata/stack-ml/package.json';
import { mlConfig, type MlConfig, type MlConfigInput } from './config';
import { Logs } from './logs';
import { mlContract } from '@strata/ml-contract';
import { dependOn } from './depend-on';
import { DeployFunction } from './deploy-function';
import { endpointOptions, imageArchitecture } from './endpoint-config';
import { endpointNameOf, prefixed } from './names';
import { networkRequirements, usesNetwork } from './network-requirements';
import { MlPipelines, pipelineNames } from './pipelines';
import { PREFIXES } from './prefixes';
import { MlRoles } from './roles';
import { Storage } from './storage';
import { TrainingSource } from './training-source';
import { VpcAccess } from './vpc-access';

export const mlStackId = 'ml';

const DEFINITION = {
  stackId: mlStackId,
  owner: mlContract.owner,
  version: packageJson.version,
  reads: [networkContract.layer, registryContract.layer],
};

export interface MlStackProps extends LayerProps {
  /**
   * The layer's configuration; see `mlConfig`.
   * @default a serverless endpoint that pipelines deploy to, and a Studio domain
   */
  readonly config?: MlConfigInput;
  /**
   * Folder of the training code, where the configuration names none.
   * @default none: it must already be in the artifact bucket
   */
  readonly trainingSourceDirectory?: string;
}

/**
 * The ml layer: where a model is trained, kept, compared and served on SageMaker.
 *
 * By default it is free while idle, except for storage: the endpoint is serverless and does not exist before the first
 * model, pipelines cost while they run, and Studio's applications stop when they are not used. What is stored costs.
 */
export class MlStack extends LayerStack {
  readonly storage: Storage;
  readonly roles: MlRoles;
  readonly modelPackageGroup: ModelPackageGroup;
  readonly logs: Logs;
  readonly pipelines: MlPipelines;
  readonly pipelineRole: SageMakerPipelineRole;
  /** `undefined` where Terraform owns the endpoint. */
  readonly deployFunction?: DeployFunction;
  /** `undefined` where the pipeline owns it. */
  readonly endpoint?: SageMakerEndpoint;
  /** `undefined` with `studio: false`. */
  readonly studio?: SageMakerDomain;
  /** Where jobs or containers are in the VPC. */
  readonly vpcAccess?: VpcAccess;

  /** @throws ConfigError naming every mistake in `config`. */
  constructor(scope: Construct, id: string, props: MlStackProps) {
    super(scope, id, { ...props, layer: DEFINITION });
    const config = parseConfig(mlConfig, props.config ?? {}, { path: id });
    const name = `${this.project}-${this.environment}-ml`;
    const endpointName = endpointNameOf(config);
    const modelPackageGroupName =
      config.modelPackageGroupName ?? `${this.project}-${this.environment}-${config.endpointName}`;
    const { training } = config;
    const trainingImageUri =
      training.image ?? pytorchTrainingImage({ region: this.region, instanceType: training.instanceType });

    const repository = this.readRepository(config);
    const network = usesNetwork(config) ? this.read(networkContract, '^1.0', networkRequirements(config)) : undefined;
    if (network !== undefined && (training.vpc || config.endpoint.vpc)) {
      this.vpcAccess = new VpcAccess(this, 'vpc-access', {
        name: `${name}-jobs`,
        vpcId: network.vpcId,
        subnetIds: network.privateSubnetIds,
      });
    }

    this.storage = new Storage(this, 'storage', { config, name, deletionProtection: this.deletionProtection });
    const { kmsKeyArn, artifactBucket, datasetBucket } = this.storage;
    const source = new TrainingSource(this, 'training-source', {
      bucket: artifactBucket,
      directory: training.sourceDirectory ?? props.trainingSourceDirectory,
    });
    this.roles = new MlRoles(this, 'roles', {
      config,
      name,
      storage: this.storage,
      trainingImageUri,
      inferenceRepositoryArn: repository.arn,
      vpcId: network?.vpcId,
    });
    this.modelPackageGroup = new ModelPackageGroup(this, 'model-package-group', {
      modelPackageGroupName,
      description: `Models of the endpoint ${endpointName}`,
      readerAccountIds: config.modelReaderAccountIds,
      contributorAccountIds: config.modelContributorAccountIds,
    });

    this.logs = new Logs(this, 'logs', { config, endpointName, deletionProtection: this.deletionProtection });
    const imageParameter = imageParameterName(this.project, this.environment, config.imageRepository);
    const options = this.endpointOptions(config);
    if (config.endpoint.owner === 'pipeline') {
      this.deployFunction = new DeployFunction(this, 'deploy', {
        config,
        project: this.project,
        environment: this.environment,
        endpointName,
        options,
        kmsKeyArn,
        hostingRoleArn: this.roles.hosting.roleArn,
        imageParameterName: imageParameter,
        modelPackageGroup: this.modelPackageGroup,
        modelPackageGroupName,
      });
    } else this.endpoint = this.makeEndpoint(config, endpointName, options);

    this.pipelineRole = new SageMakerPipelineRole(this, 'pipeline-role', {
      roleName: `${name}-pipeline`,
      passRoleArns: [this.roles.training.roleArn, this.roles.hosting.roleArn],
      functionArns: this.deployFunction === undefined ? [] : [this.deployFunction.function.functionArn],
      modelPackageGroupNames: [modelPackageGroupName],
      artifactLocations: [PREFIXES.models, PREFIXES.evaluations].map((prefix) => ({
        bucketArn: artifactBucket.bucketArn,
        prefix,
      })),
      kmsKeyArns: kmsKeyArn === undefined ? [] : [kmsKeyArn],
      permissionsBoundaryArn: config.permissionsBoundaryArn,
    });
    this.pipelines = new MlPipelines(this, 'model-pipelines', {
      config,
      region: this.region,
      storage: this.storage,
      source,
      trainingImageUri,
      modelPackageGroupName,
      endpointName,
      roleArn: this.pipelineRole.roleArn,
      trainingRoleArn: this.roles.training.roleArn,
      hostingRoleArn: this.roles.hosting.roleArn,
      deployFunctionArn: this.deployFunction?.function.functionArn,
      subnetIds: this.vpcAccess?.subnetIds,
      securityGroupIds: this.vpcAccess?.securityGroupIds,
    });
    if (network !== undefined)
      this.studio = this.makeStudio(config, name, { network, modelPackageGroupName, endpointName });

    this.publish(mlContract, {
      endpointName,
      endpointArn: this.sagemakerArn(`endpoint/${endpointName}`),
      endpointKind: config.endpoint.hosting,
      endpointOwner: config.endpoint.owner,
      imageRepositoryName: repository.name,
      imageRepositoryArn: repository.arn,
      imageRepositoryUrl: repository.url,
      imageParameterName: imageParameter,
      imageArchitecture: imageArchitecture(config.endpoint),
      datasetBucketName: datasetBucket.bucketName,
      datasetBucketArn: datasetBucket.bucketArn,
      artifactBucketName: artifactBucket.bucketName,
      artifactBucketArn: artifactBucket.bucketArn,
      modelPackageGroupName: this.modelPackageGroup.modelPackageGroupName,
      pipelines: Object.fromEntries(
        [...this.pipelines.pipelines].map(([key, { pipelineName, pipelineArn }]) => [
          key,
          { name: pipelineName, arn: pipelineArn },
        ]),
      ),
      deployFunctionName: this.deployFunction?.function.functionName ?? '',
      pipelineRoleArn: this.pipelineRole.roleArn,
      trainingRoleArn: this.roles.training.roleArn,
      hostingRoleArn: this.roles.hosting.roleArn,
      studioDomainId: this.studio?.domainId ?? '',
      kmsKeyArn: kmsKeyArn ?? '',
    });
  }

  private readRepository({ imageRepository }: MlConfig) {
    const { repositories } = this.read(registryContract, '^1.0', [
      {
        condition: `contains(keys(self.outputs.repositories), ${JSON.stringify(imageRepository)})`,
        message:
          `it has no repository "${imageRepository}". Add it to repositories of the registry layer, or name ` +
          'another in imageRepository of this one.',
        outputs: ['repositories'],
      },
    ]);
    return repositories.get(imageRepository);
  }

  private endpointOptions({ endpoint }: MlConfig): EndpointOptions {
    const { artifactBucket, kmsKeyArn } = this.storage;
    const place = (prefix: string): string => `s3://${artifactBucket.bucketName}/${prefix}`;
    return endpointOptions(endpoint, {
      asyncOutputS3Uri: place(PREFIXES.asyncOutput),
      asyncFailureS3Uri: place(PREFIXES.asyncFailures),
      dataCaptureS3Uri: place(PREFIXES.dataCapture),
      kmsKeyArn,
      subnetIds: this.vpcAccess?.subnetIds,
      securityGroupIds: this.vpcAccess?.securityGroupIds,
    });
  }

  private makeEndpoint(
    { endpoint, alarmTopicArn }: MlConfig,
    endpointName: string,
    options: EndpointOptions,
  ): SageMakerEndpoint {
    // Checked by the configuration: each variant has an image, its own or the endpoint's.
    const withImage = <V extends { readonly image?: string }>(variant: V) => ({
      ...variant,
      image: (variant.image ?? endpoint.image)!,
    });
    const made = new SageMakerEndpoint(this, 'endpoint', {
      ...options,
      endpointName,
      executionRoleArn: this.roles.hosting.roleArn,
      variants: (endpoint.variants ?? []).map(withImage),
      shadowVariant: endpoint.shadowVariant && withImage(endpoint.shadowVariant),
      alarms: endpoint.alarms === false ? undefined : { ...endpoint.alarms, topicArn: alarmTopicArn },
    });
    // SageMaker checks immediately that the role can read the model.
    dependOn(made, this.roles.hosting, this.logs.endpoint);
    return made;
  }

  private makeStudio(
    config: MlConfig,
    name: string,
    { network, modelPackageGroupName, endpointName }: StudioParts,
  ): SageMakerDomain | undefined {
    const { studio } = config;
    if (studio === false) return undefined;
    const { datasetBucket, artifactBucket, kmsKeyArn } = this.storage;
    const { domainName, userProfiles, retainHomeFileSystem, ...options } = studio;
    const role = new SageMakerStudioRole(this, 'studio-role', {
      roleName: `${name}-studio`,
      readLocations: [{ bucketArn: artifactBucket.bucketArn }],
      // Not the training code: anyone who writes that can run anything as the training role.
      writeLocations: [{ bucketArn: datasetBucket.bucketArn }],
      pipelineNames: [...pipelineNames(config).values()],
      modelPackageGroupNames: [modelPackageGroupName],
      endpointNames: [endpointName],
      kmsKeyArns: kmsKeyArn === undefined ? [] : [kmsKeyArn],
      permissionsBoundaryArn: config.permissionsBoundaryArn,
    });
    return new SageMakerDomain(this, 'studio', {
      ...options,
      domainName: prefixed(config, domainName),
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      executionRoleArn: role.roleArn,
      userProfiles: userProfiles.map((profile) => (typeof profile === 'string' ? { name: profile } : profile)),
      kmsKeyArn,
      retainHomeFileSystem: retainHomeFileSystem ?? this.deletionProtection,
    });
  }

  private sagemakerArn(resource: string): string {
    const { partition, region, accountId } = AwsAccount.of(this);
    return `arn:${partition}:sagemaker:${region}:${accountId}:${resource}`;
  }
}

interface StudioParts {
  readonly network: { readonly vpcId: string; readonly privateSubnetIds: string[] };
  readonly modelPackageGroupName: string;
  readonly endpointName: string;
}
