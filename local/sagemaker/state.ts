import type {
  ContainerDefinition,
  CreateEndpointConfigInput,
  CreateModelInput,
  CreateModelPackageGroupInput,
  CreateModelPackageInput,
  DeploymentConfig,
  EndpointStatus,
  Tag,
} from '@aws-sdk/client-sagemaker';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** When something was made and changed, in seconds since 1970, as the API sends times. */
interface Times {
  readonly CreationTime: number;
  LastModifiedTime?: number;
  /** Only there while the process runs: the sample model's endpoint, which no caller created. */
  transient?: boolean;
}

export interface ModelRecord extends Times {
  readonly input: Omit<CreateModelInput, 'Tags'>;
}

export interface EndpointConfigRecord extends Times {
  readonly input: Omit<CreateEndpointConfigInput, 'Tags'>;
}

export interface EndpointRecord extends Times {
  readonly EndpointName: string;
  EndpointConfigName: string;
  EndpointStatus: EndpointStatus;
  FailureReason?: string;
  /** Weights and counts set since the configuration, by variant. */
  desired: Record<string, { weight?: number; instanceCount?: number }>;
  LastDeploymentConfig?: DeploymentConfig;
  /** What serves, or last served, whole: configurations and models may be deleted meanwhile, as on AWS. */
  deployed?: Deployment;
}

/** An endpoint's configuration together with the models that it names. */
export interface Deployment {
  readonly config: EndpointConfigRecord['input'];
  /** By name. */
  readonly models: Readonly<Record<string, ContainerDefinition>>;
}

export interface ModelPackageGroupRecord extends Times {
  /** The highest version that was given out. */
  lastVersion?: number;
  readonly input: Omit<CreateModelPackageGroupInput, 'Tags'>;
}

export interface ModelPackageRecord extends Times {
  readonly ModelPackageArn: string;
  readonly ModelPackageVersion?: number;
  input: Omit<CreateModelPackageInput, 'Tags'>;
  ApprovalDescription?: string;
}

/** Everything that was created through the control API. */
export interface State {
  readonly models: Record<string, ModelRecord>;
  readonly endpointConfigs: Record<string, EndpointConfigRecord>;
  readonly endpoints: Record<string, EndpointRecord>;
  readonly modelPackageGroups: Record<string, ModelPackageGroupRecord>;
  /** By ARN. */
  readonly modelPackages: Record<string, ModelPackageRecord>;
  /** By ARN. */
  readonly tags: Record<string, Tag[]>;
}

/** The state, in memory and in a file that is replaced whole at each change. */
export class StateFile {
  readonly state: State;

  constructor(private readonly file: string) {
    this.state = {
      models: {},
      endpointConfigs: {},
      endpoints: {},
      modelPackageGroups: {},
      modelPackages: {},
      tags: {},
      ...read(file),
    };
  }

  save(): void {
    mkdirSync(dirname(this.file), { recursive: true });
    const temporary = `${this.file}.${process.pid}`;
    writeFileSync(
      temporary,
      `${JSON.stringify(this.state, (_key, value: unknown) => (isTransient(value) ? undefined : value), 2)}\n`,
    );
    renameSync(temporary, this.file);
  }
}

function isTransient(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (value as { transient?: boolean }).transient === true;
}

function read(file: string): Partial<State> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
  try {
    return JSON.parse(text) as Partial<State>;
  } catch {
    throw new Error(`${file} cannot be read as JSON; remove it to start over`);
  }
}

export function now(): number {
  return Date.now() / 1000;
}
