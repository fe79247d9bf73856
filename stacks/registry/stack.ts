import type { Construct } from 'constructs';
import { parseConfig } from '@strata/core/config';
import {
  EcrPullThroughCache,
  EcrRegistryScanning,
  EcrRepository,
  ImportedEcrRepository,
  type IEcrRepository,
} from '@strata/ecr';
import { LayerStack, type LayerProps } from '@strata/layer';
import packageJson from '@strata/stack-registry/package.json';
import { registryConfig, repositoryNamesOf, type RegistryConfig, type RegistryConfigInput } from './config';
import { registryContract } from '@strata/registry-contract';

export const registryStackId = 'registry';

const DEFINITION = { stackId: registryStackId, owner: registryContract.owner, version: packageJson.version } as const;

export interface RegistryStackProps extends LayerProps {
  /** The layer's configuration; see `registryConfig`. @default repositories app-web, app-was and model-endpoint */
  readonly config?: RegistryConfigInput;
}

/**
 * The registry layer: the repositories that images are pushed to and pulled from.
 *
 * With `deletionProtection` (the default) AWS refuses to delete a repository that holds images; without, the images go
 * with it.
 */
export class RegistryStack extends LayerStack {
  /** By what the configuration calls them. */
  readonly repositories: ReadonlyMap<string, IEcrRepository>;
  /** Only with `scanning`. */
  readonly scanning?: EcrRegistryScanning;
  /** By repository prefix. */
  readonly pullThroughCaches: ReadonlyMap<string, EcrPullThroughCache>;

  /**
   * @throws ConfigError naming every mistake in `config`.
   * @throws ValidationError when a pull-through cache cannot be made as configured.
   */
  constructor(scope: Construct, id: string, props: RegistryStackProps) {
    super(scope, id, { ...props, layer: DEFINITION });
    const config = parseConfig(registryConfig, props.config ?? {}, { path: id });

    const names = repositoryNamesOf(config);
    this.repositories = new Map(
      repositoriesOf(config).map(([name, options]) => [name, this.makeRepository(name, names[name]!, options)]),
    );
    if (config.scanning !== undefined) this.scanning = new EcrRegistryScanning(this, 'scanning', config.scanning);
    this.pullThroughCaches = new Map(
      Object.entries(config.pullThroughCaches).map(([repositoryPrefix, options]) => [
        repositoryPrefix,
        new EcrPullThroughCache(this, `pull-through-cache-${repositoryPrefix}`, { repositoryPrefix, ...options }),
      ]),
    );

    this.publish(registryContract, {
      repositories: Object.fromEntries(
        [...this.repositories].map(([name, { repositoryName, repositoryArn, repositoryUrl }]) => [
          name,
          { name: repositoryName, arn: repositoryArn, url: repositoryUrl },
        ]),
      ),
    });
  }

  private makeRepository(name: string, repositoryName: string, options: RepositoryConfig): IEcrRepository {
    const { existing, registryId, repositoryName: _, ...rest } = options;
    return existing
      ? new ImportedEcrRepository(this, `repository-${name}`, { repositoryName, registryId })
      : new EcrRepository(this, `repository-${name}`, {
          ...rest,
          repositoryName,
          forceDelete: !this.deletionProtection,
        });
  }
}

type RepositoryConfig = Exclude<RegistryConfig['repositories'][string], false>;

function repositoriesOf(config: RegistryConfig): [string, RepositoryConfig][] {
  return Object.entries(config.repositories).filter((entry): entry is [string, RepositoryConfig] => entry[1] !== false);
}
