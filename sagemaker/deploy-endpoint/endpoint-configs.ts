import {
  CreateEndpointConfigCommand,
  DeleteEndpointConfigCommand,
  DescribeEndpointConfigCommand,
  paginateListEndpointConfigs,
  type DescribeEndpointConfigCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { isChanging, type EndpointState } from './endpoint-state';
import type { Models } from './models';
import { modelsOf, type Config } from './plan';
import type { Run } from './run';
import { ignoreMissing, isExisting, undefinedIfMissing } from './sagemaker-errors';
import { readPackageTag } from './tags';

/**
 * Another run may have created a configuration that the endpoint does not have yet: younger ones are left alone.
 */
const SAFE_AGE_MILLISECONDS = 20 * 60_000;

/** The endpoint's configurations: the one that serves, and those that an earlier run left. */
export class EndpointConfigs {
  readonly #run: Run;
  readonly #models: Models;

  constructor(run: Run, models: Models) {
    this.#run = run;
    this.#models = models;
  }

  /** A configuration, or `undefined` when it does not exist. */
  async describe(name: string): Promise<DescribeEndpointConfigCommandOutput | undefined> {
    return undefinedIfMissing(
      this.#run.sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName: name })),
    );
  }

  /** Creates a configuration, unless an earlier run did: its name contains a hash of its content. */
  async create(config: Config): Promise<void> {
    try {
      await this.#run.sagemaker.send(new CreateEndpointConfigCommand(config));
    } catch (error) {
      if (!isExisting(error)) throw error;
    }
  }

  /** ARN of the package that a configuration's newest model was registered as, by the configuration's tag. */
  async packageOf(config: DescribeEndpointConfigCommandOutput | undefined): Promise<string | undefined> {
    const arn = config?.EndpointConfigArn;
    return arn === undefined ? undefined : readPackageTag(this.#run.sagemaker, arn);
  }

  /**
   * Deletes those of the named configurations that the endpoint does not use, with the models that only they have.
   *
   * @param endpoint the endpoint as it is now
   */
  async remove(names: readonly string[], endpoint: EndpointState | undefined): Promise<void> {
    // SageMaker does not always say which configuration an update leads to; a later run then removes what is left.
    if (isChanging(endpoint?.EndpointStatus) && endpoint?.PendingDeploymentSummary === undefined) return;
    const inUse = [endpoint?.EndpointConfigName, endpoint?.PendingDeploymentSummary?.EndpointConfigName].flatMap(
      (name) => name ?? [],
    );
    const modelsInUse = new Set<string>();
    for (const name of inUse) modelsOf(await this.describe(name)).forEach((model) => modelsInUse.add(model));
    for (const name of names) if (!inUse.includes(name)) await this.#remove(name, modelsInUse);
  }

  async #remove(name: string, modelsInUse: ReadonlySet<string>): Promise<void> {
    const { sagemaker, log } = this.#run;
    const config = await this.describe(name);
    if (config === undefined) return;
    await ignoreMissing(sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name })));
    const models = modelsOf(config).filter((model) => !modelsInUse.has(model) && this.#isOurs(model));
    for (const model of models) await this.#models.remove(model);
    log('removed a configuration that is not in use', { endpointConfigName: name, models });
  }

  /** Names of the configurations that this function created, other than new ones. */
  async old(): Promise<string[]> {
    const { sagemaker, settings } = this.#run;
    const names: string[] = [];
    const pages = paginateListEndpointConfigs({ client: sagemaker }, { NameContains: `${settings.endpointName}-` });
    for await (const { EndpointConfigs: page = [] } of pages) {
      for (const { EndpointConfigName: name = '', CreationTime } of page) {
        const isOld = CreationTime !== undefined && Date.now() - CreationTime.getTime() > SAFE_AGE_MILLISECONDS;
        if (isOld && this.#isOurs(name)) names.push(name);
      }
    }
    return names;
  }

  /** Whether a name has the form that this function uses: `<endpoint>-v<version>-<hash>`. */
  #isOurs(name: string): boolean {
    const { endpointName } = this.#run.settings;
    return name.startsWith(`${endpointName}-`) && /^v\d+-[0-9a-f]{8}$/.test(name.slice(endpointName.length + 1));
  }
}
