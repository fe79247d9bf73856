import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import type { Contract, OutputType } from '@strata/contract';
import {
  publishContract,
  readContract,
  readContractIfDeployed,
  refuseImplicitReferences,
  type ContractFallback,
  type ContractReadings,
  type ContractRequirement,
  type ContractSource,
  type OptionalReadings,
  type PublishedValues,
} from '@strata/contract/terraform';
import { configureBackend, neighbourState, type StateBackend } from '@strata/state';
import { ValidationError } from '@strata/core';
import type { NeighbourConfig } from '../config';
import { AWS_PROVIDER_VERSION, TERRAFORM_VERSION } from './versions';

const LAYER_STACK = Symbol.for('@strata/layer.LayerStack');

/** What a layer is, wherever it is deployed: the same for all its instances. */
export interface LayerDefinition {
  /** Id of the layer, such as `network`: the usual id of its stack, and so the last part of its state's key. */
  readonly stackId: string;
  /** Team that answers for it; becomes the tag `owner`. */
  readonly owner: string;
  /** Version of the layer's package; becomes the tag `version`. */
  readonly version: string;
  /** Ids of the layers whose contracts it reads, and that have to be deployed before it. @default none */
  readonly reads?: readonly string[];
  /**
   * Ids of the layers whose contracts it reads, and that it can do without until they are deployed. One that a stack
   * reads with `read` all the same has to be deployed before that stack. @default none
   */
  readonly readsIfDeployed?: readonly string[];
}

/** Where and for whom a layer is deployed: the same for all layers of an environment. */
export interface LayerProps {
  /** Name of the product that the layers make up; first part of every state's key. */
  readonly project: string;
  /** Environment, such as `dev`. */
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  /** Where this layer's state lives, and its neighbours' unless `neighbours` says otherwise. */
  readonly state: StateBackend;
  /**
   * Whether stateful or public resources refuse to be deleted.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /**
   * AWS accounts the layer may be deployed to; anything else fails at plan.
   * @default whichever account the credentials belong to
   */
  readonly allowedAccountIds?: readonly string[];
  /**
   * Team that answers for this layer, for the tag `owner`.
   * @default the owner in the layer's contract
   */
  readonly owner?: string;
  /** Tags on everything, besides project, environment, layer, version and owner. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Layer id -> where its contract is read from, where that is another project, environment, stack or backend. */
  readonly neighbours?: Readonly<Record<string, NeighbourConfig>>;
  /**
   * Ids of neighbours to replace by their contracts' examples (`true`: all), for planning without them. The stack then
   * plans against an empty state of its own and refuses to be applied.
   * @default false
   */
  readonly fixtures?: boolean | readonly string[];
}

export interface LayerStackProps extends LayerProps {
  readonly layer: LayerDefinition;
}

/**
 * A Terraform stack that is a layer: it has a state, an owner and a version of its own, and meets other layers only in
 * contracts. Backend, provider, versions and tags are applied here and nowhere else.
 */
export class LayerStack extends TerraformStack {
  /** Whether `value` is a layer's stack, from any copy of this package. */
  static isLayerStack(value: unknown): value is LayerStack {
    return typeof value === 'object' && value !== null && LAYER_STACK in value;
  }

  /** The layer that this stack is an instance of. */
  readonly layer: LayerDefinition;
  readonly provider: AwsProvider;
  readonly project: string;
  readonly environment: string;
  readonly region: string;
  readonly deletionProtection: boolean;
  private readonly layerProps: LayerStackProps;
  private readonly required: Set<string>;

  constructor(scope: Construct, id: string, props: LayerStackProps) {
    super(scope, id);
    Object.defineProperty(this, LAYER_STACK, { value: true });
    const { project, environment, region, layer } = props;
    this.layer = layer;
    this.required = new Set(layer.reads);
    this.layerProps = props;
    this.project = project;
    this.environment = environment;
    this.region = region;
    this.deletionProtection = props.deletionProtection ?? true;

    // The stack's own id and not the layer's: an app may hold a layer twice, for two regions say.
    configureBackend(this, props.state, { project, environment, layer: id });
    refuseImplicitReferences(this);
    this.provider = new AwsProvider(this, 'aws', {
      region,
      allowedAccountIds: props.allowedAccountIds === undefined ? undefined : [...props.allowedAccountIds],
      defaultTags: [
        {
          tags: {
            ...props.tags,
            project,
            environment,
            layer: layer.stackId,
            version: layer.version,
            owner: props.owner ?? layer.owner,
          },
        },
      ],
    });
    this.addOverride('terraform.required_version', TERRAFORM_VERSION);
    this.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSION);
  }

  /** Ids of the layers that have to be deployed before this stack. */
  get requiredLayers(): readonly string[] {
    return [...this.required];
  }

  /** Publishes the layer's contract; see `publishContract`. */
  protected publish<S extends Readonly<Record<string, OutputType>>>(
    contract: Contract<S>,
    values: PublishedValues<S>,
  ): void {
    publishContract(this, contract, values);
  }

  /**
   * Reads a neighbour's contract from wherever its state lives; see `readContract`.
   * @throws ValidationError when the layer's definition does not name the neighbour among what it reads.
   */
  protected read<S extends Readonly<Record<string, OutputType>>>(
    contract: Contract<S>,
    range: string,
    requirements: readonly ContractRequirement[] = [],
  ): ContractReadings<S> {
    const source = this.sourceOf(contract);
    this.required.add(contract.layer);
    return readContract(this, contract, { range, source, requirements });
  }

  /**
   * Reads a contract of another deployment of a layer, besides this environment's own: of another environment, unless
   * `from` says more.
   * @param instance names it among what this stack reads, such as `prod`
   * @throws ValidationError when the layer's definition does not name the neighbour among what it reads.
   */
  protected readInstance<S extends Readonly<Record<string, OutputType>>>(
    contract: Contract<S>,
    range: string,
    instance: string,
    from: NeighbourConfig,
    requirements: readonly ContractRequirement[] = [],
  ): ContractReadings<S> {
    return readContract(this, contract, {
      range,
      source: this.sourceOf(contract, { environment: instance, ...from }),
      requirements,
      instance,
    });
  }

  /**
   * Reads the contract of a neighbour that need not be deployed; see `readContractIfDeployed`.
   * @throws ValidationError when the layer's definition does not name the neighbour among what it reads.
   * @throws ContractError where state lives in HCP Terraform, which does not tell whether there is one; see
   *   `canTellIfDeployed`.
   */
  protected readIfDeployed<S extends Readonly<Record<string, OutputType>>, K extends keyof S & string>(
    contract: Contract<S>,
    range: string,
    fallback: ContractFallback<S, K>,
    requirements: readonly ContractRequirement[] = [],
  ): OptionalReadings<S, K> {
    return readContractIfDeployed(this, contract, { range, source: this.sourceOf(contract), fallback, requirements });
  }

  /**
   * Whether Terraform can tell that a neighbour is not deployed, so that `readIfDeployed` works: everywhere but in HCP
   * Terraform.
   */
  protected canTellIfDeployed(layer: string): boolean {
    const { state, neighbours } = this.layerProps;
    return (neighbours?.[layer]?.state ?? state).type !== 'cloud';
  }

  private sourceOf(
    { layer: neighbour }: Pick<Contract, 'layer'>,
    elsewhere?: NeighbourConfig,
  ): ContractSource | 'fixtures' {
    const { layer, state, neighbours } = this.layerProps;
    if (![...(layer.reads ?? []), ...(layer.readsIfDeployed ?? [])].includes(neighbour)) {
      throw new ValidationError(
        this,
        `contract "${neighbour}" is read but not declared; add it to "reads" or "readsIfDeployed" in the definition ` +
          `of layer "${layer.stackId}"`,
      );
    }
    if (this.isFixture(neighbour)) return 'fixtures';
    const from = elsewhere ?? neighbours?.[neighbour];
    const key = {
      project: from?.project ?? this.project,
      environment: from?.environment ?? this.environment,
      layer: from?.stack ?? neighbour,
    };
    return neighbourState(from?.state ?? state, key, { providerRegion: this.region });
  }

  private isFixture(layer: string): boolean {
    const { fixtures = false } = this.layerProps;
    return typeof fixtures === 'boolean' ? fixtures : fixtures.includes(layer);
  }
}
