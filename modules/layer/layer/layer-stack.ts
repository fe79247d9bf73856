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
import { ConfigError } from '@strata/core/config';
import { arnProblems } from '@strata/core/rules';
import type { NeighbourConfig } from '../config';
import { refuseTagKeysThatDifferInCase } from './distinct-tag-keys';
import { importRecovered } from './import-recovered';
import { preventDestroy } from './prevent-destroy';
import { DEFAULT_SECURITY_GROUP_RULES, refuseTooManySecurityGroupRules } from './security-group-rules';
import { AWS_PROVIDER_VERSION, TERRAFORM_VERSION } from './versions';

const LAYER_STACK = Symbol.for('@strata/layer.LayerStack');

/** Defines a layer: the same for all its instances. */
export interface LayerDefinition {
  /** Id of the layer, such as `network`: by default the id of its stack, and so the last part of its state's key. */
  readonly stackId: string;
  /** The owning team; becomes the tag `owner`. */
  readonly owner: string;
  /** Version of the layer's package; becomes the tag `version`. */
  readonly version: string;
  /** Ids of the layers whose contracts it reads, and that must be deployed before it. @default none */
  readonly reads?: readonly string[];
  /**
   * Ids of the layers whose contracts it reads, and that are optional until deployed. A layer that a stack nevertheless
   * reads with `read` must be deployed before that stack.
   * @default none
   */
  readonly readsIfDeployed?: readonly string[];
}

/** Where and for whom a layer is deployed: the same for all layers of an environment. */
export interface LayerProps {
  /** Name of the product; first part of every state's key. */
  readonly project: string;
  /** Environment, such as `dev`. */
  readonly environment: string;
  /** AWS region. */
  readonly region: string;
  /** State backend of this layer, and of its neighbours unless `neighbours` overrides it. */
  readonly state: StateBackend;
  /**
   * Whether resources that hold data, or are an address or a name that others know, are protected: a plan that would
   * destroy or replace one fails.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /** AWS accounts the layer may be deployed to; any other fails at plan. @default the account of the credentials */
  readonly allowedAccountIds?: readonly string[];
  /**
   * Inbound or outbound rules that a security group may have, IPv4 and IPv6 counted apart: the account's quota.
   * @default 60, the quota of a new account
   */
  readonly maxSecurityGroupRules?: number;
  /** The owning team of this layer, for the tag `owner`. @default the owner in the layer's contract */
  readonly owner?: string;
  /** Tags on everything, besides project, environment, layer, version and owner. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Layer id -> where its contract is read from, if in another project, environment, stack or backend. */
  readonly neighbours?: Readonly<Record<string, NeighbourConfig>>;
  /**
   * Ids of neighbours to replace by their contracts' examples (`true`: all), for planning without them. The stack then
   * plans against an empty state and cannot be applied.
   * @default false
   */
  readonly fixtures?: boolean | readonly string[];
}

export interface LayerStackProps extends LayerProps {
  readonly layer: LayerDefinition;
  /** What the layer's owner chose; its ARNs must be of the layer's region and partition. @default nothing */
  readonly config?: unknown;
}

/**
 * A Terraform stack that is a layer: it has its own state, owner and version, and shares data with other layers only
 * through contracts. Backend, provider, versions and tags are applied only here.
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
    const { project, environment, region, layer, config } = props;
    const wrongArns = arnProblems(config, region, id);
    if (wrongArns.length > 0) throw new ConfigError(wrongArns);
    this.layer = layer;
    this.required = new Set(layer.reads);
    this.layerProps = props;
    this.project = project;
    this.environment = environment;
    this.region = region;
    this.deletionProtection = props.deletionProtection ?? true;

    // The stack's id and not the layer's: an app may contain a layer twice, for example for two regions.
    configureBackend(this, props.state, { project, environment, layer: id });
    refuseImplicitReferences(this);
    const tags = {
      ...props.tags,
      project,
      environment,
      layer: layer.stackId,
      version: layer.version,
      owner: props.owner ?? layer.owner,
    };
    refuseTagKeysThatDifferInCase(this, Object.keys(tags));
    refuseTooManySecurityGroupRules(this, props.maxSecurityGroupRules ?? DEFAULT_SECURITY_GROUP_RULES);
    if (this.deletionProtection) preventDestroy(this);
    importRecovered(this, { project, environment, layer: id });
    this.provider = new AwsProvider(this, 'aws', {
      region,
      allowedAccountIds: props.allowedAccountIds === undefined ? undefined : [...props.allowedAccountIds],
      defaultTags: [{ tags }],
    });
    this.addOverride('terraform.required_version', TERRAFORM_VERSION);
    this.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSION);
  }

  /** Ids of the layers that must be deployed before this stack. */
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
   * Reads a neighbour's contract from its state; see `readContract`.
   * @throws ValidationError when the layer's definition does not declare that it reads the neighbour.
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
   * Reads the contract of another deployment of a layer besides this environment's own: by default in the environment
   * named by `from`.
   * @param instance name of that deployment among what this stack reads, such as `prod`
   * @throws ValidationError when the layer's definition does not declare that it reads the neighbour.
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
   * Reads the contract of a neighbour that may not be deployed; see `readContractIfDeployed`.
   * @throws ValidationError when the layer's definition does not declare that it reads the neighbour.
   * @throws ContractError if state is in HCP Terraform, which cannot tell whether there is one; see
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
   * Whether Terraform can tell if a neighbour is deployed, so that `readIfDeployed` works: with every backend but HCP
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
