import type {
  ContainerDefinition,
  CreateEndpointInput,
  DeleteEndpointInput,
  DescribeEndpointInput,
  ListEndpointsInput,
  ProductionVariant,
  UpdateEndpointInput,
  UpdateEndpointWeightsAndCapacitiesInput,
} from '@aws-sdk/client-sagemaker';
import * as z from 'zod';
import { sagemakerArn } from '../account';
import { validationException } from '../aws-error';
import { EndpointHost, type HostingProps } from '../hosting/endpoint-host';
import { now, type Deployment, type EndpointRecord, type StateFile } from '../state';
import { endpointConfigArn } from './endpoint-configs';
import { containerOf } from './models';
import { listPage, operation, resourceName, type Operations } from './operation';
import { tagNew } from './tags';

export const endpointArn = (name: string): string => sagemakerArn(`endpoint/${name}`);

/** The endpoints: what the control API says of them, and the containers behind. */
export class Endpoints {
  readonly #hosts = new Map<string, EndpointHost>();
  readonly #closing = new Set<Promise<unknown>>();

  constructor(
    private readonly file: StateFile,
    private readonly hosting: HostingProps,
  ) {}

  /** The containers of an endpoint, or undefined when there is no such endpoint. */
  host(name: string): EndpointHost | undefined {
    return this.#hosts.get(name);
  }

  record(name: string): EndpointRecord | undefined {
    return this.file.state.endpoints[name];
  }

  get #all(): Record<string, EndpointRecord> {
    return this.file.state.endpoints;
  }

  /** Starts what served, or was being started, when this process's predecessor ended. */
  async restore(): Promise<void> {
    const { modelData } = this.hosting;
    modelData.prune(Object.values(this.#all).flatMap(({ deployed }) => Object.values(deployed?.models ?? {})));
    await Promise.all(
      Object.values(this.#all).map(async (record) => {
        const name = record.EndpointName;
        this.#hosts.set(name, new EndpointHost(name, this.hosting));
        if (record.EndpointStatus === 'Failed') return;
        if (record.EndpointStatus === 'Updating')
          record.FailureReason = 'The update was interrupted: the local SageMaker ended meanwhile.';
        try {
          await this.#deploy(record, record.deployed ?? this.#deployment(record.EndpointConfigName));
        } catch (error) {
          record.EndpointStatus = 'Failed';
          record.FailureReason = (error as Error).message;
          this.hosting.onEvent(`endpoint ${name} does not come back: ${record.FailureReason}`);
        }
      }),
    );
    if (Object.keys(this.#all).length > 0) this.file.save();
  }

  /**
   * An endpoint that no caller created. It exists for as long as this process runs, or until a caller updates it.
   */
  async serve(name: string, container: ContainerDefinition): Promise<void> {
    const variant: ProductionVariant = {
      VariantName: 'AllTraffic',
      ModelName: name,
      InitialInstanceCount: 1,
      InstanceType: 'ml.m5.large',
      InitialVariantWeight: 1,
    };
    const times = { CreationTime: now(), transient: true };
    const config = { EndpointConfigName: name, ProductionVariants: [variant] };
    this.file.state.models[name] ??= { input: { ModelName: name, PrimaryContainer: container }, ...times };
    this.file.state.endpointConfigs[name] ??= { input: config, ...times };
    const record: EndpointRecord = {
      EndpointName: name,
      EndpointConfigName: name,
      EndpointStatus: 'Creating',
      desired: {},
      ...times,
    };
    this.#all[name] = record;
    this.#hosts.set(name, new EndpointHost(name, this.hosting));
    try {
      await this.#deploy(record, { config, models: { [name]: container } });
    } catch (error) {
      delete this.#all[name];
      this.#hosts.delete(name);
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([...[...this.#hosts.values()].map((host) => host.close()), ...this.#closing]);
  }

  get operations(): Operations {
    const named = { EndpointName: resourceName };
    return {
      CreateEndpoint: operation<CreateEndpointInput>({ ...named, EndpointConfigName: resourceName }, (input) =>
        this.#create(input),
      ),
      DescribeEndpoint: operation<DescribeEndpointInput>(named, ({ EndpointName = '' }) =>
        this.#describe(this.#require(EndpointName)),
      ),
      UpdateEndpoint: operation<UpdateEndpointInput>({ ...named, EndpointConfigName: resourceName }, (input) =>
        this.#update(input),
      ),
      UpdateEndpointWeightsAndCapacities: operation<UpdateEndpointWeightsAndCapacitiesInput>(
        {
          ...named,
          DesiredWeightsAndCapacities: z
            .array(
              z.looseObject({
                VariantName: resourceName,
                DesiredWeight: z.number().min(0).optional(),
                DesiredInstanceCount: z.number().int().min(0).optional(),
              }),
            )
            .min(1),
        },
        (input) => this.#setWeights(input),
      ),
      DeleteEndpoint: operation<DeleteEndpointInput>(named, ({ EndpointName = '' }) => this.#delete(EndpointName)),
      ListEndpoints: operation<ListEndpointsInput>({}, (input) => {
        const wanted = Object.values(this.#all).filter(
          ({ EndpointStatus }) => input.StatusEquals === undefined || EndpointStatus === input.StatusEquals,
        );
        const { page, NextToken } = listPage(wanted, ({ EndpointName }) => EndpointName, input as object);
        const Endpoints = page.map(({ EndpointName, EndpointStatus, CreationTime, LastModifiedTime }) => ({
          EndpointName,
          EndpointArn: endpointArn(EndpointName),
          EndpointStatus,
          CreationTime,
          LastModifiedTime: LastModifiedTime ?? CreationTime,
        }));
        return { Endpoints, NextToken };
      }),
    };
  }

  #create(input: CreateEndpointInput): object {
    const { EndpointName = '', EndpointConfigName = '', DeploymentConfig } = input;
    const arn = endpointArn(EndpointName);
    if (this.#all[EndpointName] !== undefined)
      throw validationException(`Cannot create already existing endpoint "${arn}".`);
    const deployment = this.#deployment(EndpointConfigName);
    const record: EndpointRecord = {
      EndpointName,
      EndpointConfigName,
      EndpointStatus: 'Creating',
      desired: {},
      LastDeploymentConfig: DeploymentConfig,
      CreationTime: now(),
    };
    this.#all[EndpointName] = record;
    this.#hosts.set(EndpointName, new EndpointHost(EndpointName, this.hosting));
    tagNew(this.file, arn, input.Tags);
    this.file.save();
    this.#inBackground(record, deployment, (reason) => {
      record.EndpointStatus = 'Failed';
      record.FailureReason = reason;
    });
    return { EndpointArn: arn };
  }

  #update(input: UpdateEndpointInput): object {
    const { EndpointName = '', EndpointConfigName = '' } = input;
    const record = this.#require(EndpointName);
    this.#requireSettled(record, 'update');
    const deployment = this.#deployment(EndpointConfigName);
    const retained = input.RetainAllVariantProperties === true ? retain(record, input) : {};
    record.EndpointStatus = 'Updating';
    record.FailureReason = undefined;
    record.LastModifiedTime = now();
    if (input.RetainDeploymentConfig !== true)
      record.LastDeploymentConfig = input.DeploymentConfig ?? record.LastDeploymentConfig;
    this.file.save();
    this.#inBackground(
      record,
      deployment,
      (reason) => {
        // The old containers never stopped serving.
        record.EndpointStatus = this.#hosts.get(EndpointName)?.isServing === true ? 'InService' : 'Failed';
        record.FailureReason = reason;
      },
      retained,
    );
    return { EndpointArn: endpointArn(EndpointName) };
  }

  #inBackground(
    record: EndpointRecord,
    deployment: Deployment,
    onFailure: (reason: string) => void,
    retained: EndpointRecord['desired'] = {},
  ): void {
    void this.#deploy(record, deployment, retained)
      .catch((error: Error) => {
        onFailure(error.message);
        this.hosting.onEvent(`endpoint ${record.EndpointName}: ${error.message}`);
      })
      .finally(() => {
        record.LastModifiedTime = now();
        if (this.#all[record.EndpointName] === record) this.file.save();
      });
  }

  async #deploy(
    record: EndpointRecord,
    deployment: Deployment,
    desired: EndpointRecord['desired'] = record.deployed === undefined ? {} : record.desired,
  ): Promise<void> {
    const host = this.#hosts.get(record.EndpointName)!;
    await host.deploy(deployment);
    record.deployed = deployment;
    record.EndpointConfigName = deployment.config.EndpointConfigName ?? '';
    record.EndpointStatus = 'InService';
    record.desired = desired;
    for (const [variant, { weight }] of Object.entries(desired))
      if (weight !== undefined) host.setWeight(variant, weight);
    // After its first update it belongs to the caller.
    if (this.file.state.endpointConfigs[record.EndpointConfigName]?.transient !== true) record.transient = undefined;
  }

  #setWeights(input: UpdateEndpointWeightsAndCapacitiesInput): object {
    const record = this.#require(input.EndpointName ?? '');
    this.#requireSettled(record, 'update');
    const host = this.#hosts.get(record.EndpointName)!;
    const known = variantsOf(record).map(({ VariantName }) => VariantName);
    for (const { VariantName = '' } of input.DesiredWeightsAndCapacities ?? []) {
      if (!known.includes(VariantName))
        throw validationException(
          `Variant "${VariantName}" is not in endpoint "${endpointArn(record.EndpointName)}"; its variants ` +
            `are ${known.join(', ')}.`,
        );
    }
    for (const { VariantName = '', DesiredWeight, DesiredInstanceCount } of input.DesiredWeightsAndCapacities ?? []) {
      const before = record.desired[VariantName];
      record.desired[VariantName] = {
        weight: DesiredWeight ?? before?.weight,
        instanceCount: DesiredInstanceCount ?? before?.instanceCount,
      };
      if (DesiredWeight !== undefined) host.setWeight(VariantName, DesiredWeight);
    }
    record.LastModifiedTime = now();
    this.file.save();
    return { EndpointArn: endpointArn(record.EndpointName) };
  }

  #delete(name: string): object {
    const record = this.#require(name);
    if (record.EndpointStatus === 'Updating')
      throw validationException(`Cannot delete in-progress endpoint "${endpointArn(name)}".`);
    const closing: Promise<unknown> = this.#hosts
      .get(name)!
      .close()
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    this.#hosts.delete(name);
    delete this.#all[name];
    delete this.file.state.tags[endpointArn(name)];
    this.file.save();
    return {};
  }

  /** A configuration with its models, as they are now. */
  #deployment(configName: string): Deployment {
    const config = this.file.state.endpointConfigs[configName];
    if (config === undefined)
      throw validationException(`Could not find endpoint configuration "${endpointConfigArn(configName)}".`);
    const variants = [...(config.input.ProductionVariants ?? []), ...(config.input.ShadowProductionVariants ?? [])];
    const models = variants.map(({ ModelName = '' }) => {
      const model = this.file.state.models[ModelName];
      if (model === undefined)
        throw validationException(`Could not find model "${sagemakerArn(`model/${ModelName}`)}".`);
      return [ModelName, containerOf(this.file, model.input)] as const;
    });
    return { config: config.input, models: Object.fromEntries(models) };
  }

  #require(name: string): EndpointRecord {
    const record = this.#all[name];
    if (record === undefined) throw validationException(`Could not find endpoint "${endpointArn(name)}".`);
    return record;
  }

  #requireSettled(record: EndpointRecord, what: string): void {
    const arn = endpointArn(record.EndpointName);
    if (record.EndpointStatus === 'Creating' || record.EndpointStatus === 'Updating')
      throw validationException(`Cannot ${what} in-progress endpoint "${arn}".`);
    if (record.EndpointStatus === 'Failed')
      throw validationException(`Cannot ${what} endpoint "${arn}": its status is Failed; delete it.`);
  }

  #describe(record: EndpointRecord): object {
    const {
      EndpointName,
      EndpointConfigName,
      EndpointStatus,
      FailureReason,
      LastDeploymentConfig,
      deployed,
      CreationTime,
      LastModifiedTime,
    } = record;
    const host = this.#hosts.get(EndpointName);
    const summary = (variant: ProductionVariant): object => {
      const { VariantName = '', InitialInstanceCount, ServerlessConfig } = variant;
      const count = record.desired[VariantName]?.instanceCount ?? InitialInstanceCount;
      const image = deployed?.models[variant.ModelName ?? '']?.Image;
      return {
        VariantName,
        DeployedImages:
          image === undefined
            ? []
            : [{ SpecifiedImage: image, ResolvedImage: image, ResolutionTime: LastModifiedTime ?? CreationTime }],
        CurrentWeight: host?.weight(VariantName),
        DesiredWeight: host?.weight(VariantName),
        ...(ServerlessConfig === undefined
          ? { CurrentInstanceCount: count, DesiredInstanceCount: count }
          : { CurrentServerlessConfig: ServerlessConfig }),
      };
    };
    const serving = host?.isServing === true ? deployed?.config : undefined;
    return {
      EndpointName,
      EndpointArn: endpointArn(EndpointName),
      EndpointConfigName,
      EndpointStatus,
      FailureReason,
      LastDeploymentConfig,
      ProductionVariants: serving?.ProductionVariants?.map(summary),
      ShadowProductionVariants: serving?.ShadowProductionVariants?.map(summary),
      AsyncInferenceConfig: serving?.AsyncInferenceConfig,
      DataCaptureConfig: captured(serving?.DataCaptureConfig),
      CreationTime,
      LastModifiedTime: LastModifiedTime ?? CreationTime,
    };
  }
}

function captured(config: NonNullable<EndpointRecord['deployed']>['config']['DataCaptureConfig']): object | undefined {
  if (config === undefined) return undefined;
  const { EnableCapture, InitialSamplingPercentage, DestinationS3Uri, KmsKeyId } = config;
  // Nothing is captured on this machine.
  return {
    EnableCapture,
    CaptureStatus: 'Stopped',
    CurrentSamplingPercentage: InitialSamplingPercentage,
    DestinationS3Uri,
    KmsKeyId: KmsKeyId ?? '',
  };
}

function variantsOf({ deployed }: EndpointRecord): readonly ProductionVariant[] {
  return [...(deployed?.config.ProductionVariants ?? []), ...(deployed?.config.ShadowProductionVariants ?? [])];
}

/** Weights and counts that stay when the configuration changes. */
function retain(
  record: EndpointRecord,
  { ExcludeRetainedVariantProperties = [] }: UpdateEndpointInput,
): EndpointRecord['desired'] {
  const excluded = ExcludeRetainedVariantProperties.map(({ VariantPropertyType }) => VariantPropertyType);
  return Object.fromEntries(
    Object.entries(record.desired).map(([variant, { weight, instanceCount }]) => [
      variant,
      {
        ...(excluded.includes('DesiredWeight') ? {} : { weight }),
        ...(excluded.includes('DesiredInstanceCount') ? {} : { instanceCount }),
      },
    ]),
  );
}
