import {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  UpdateEndpointCommand,
  type DescribeEndpointConfigCommandOutput,
} from '@aws-sdk/client-sagemaker';
import { setTimeout as sleep } from 'node:timers/promises';
import { Autoscaling } from './autoscaling';
import { DeployError } from './deploy-error';
import { EndpointConfigs } from './endpoint-configs';
import { isChanging, type EndpointState } from './endpoint-state';
import { Models } from './models';
import type { Config } from './plan';
import type { Run } from './run';
import { isBusy, isMissing, undefinedIfMissing } from './sagemaker-errors';
import { tags } from './tags';
import { keptDimension, updateOptions } from './update-options';

/**
 * The endpoint that this function owns, with its configurations, models and scaling: describes, creates, updates and
 * removes them. What should happen is decided elsewhere.
 */
export class Endpoint {
  readonly models: Models;
  readonly configs: EndpointConfigs;
  readonly autoscaling: Autoscaling;
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
    this.models = new Models(run);
    this.configs = new EndpointConfigs(run, this.models);
    this.autoscaling = new Autoscaling(run);
  }

  get name(): string {
    return this.#run.settings.endpointName;
  }

  /** CloudWatch log group of its containers. */
  get logGroup(): string {
    return `/aws/sagemaker/Endpoints/${this.name}`;
  }

  /** The endpoint as it is now; `undefined` when there is none. */
  async describe(): Promise<EndpointState | undefined> {
    return undefinedIfMissing(this.#run.sagemaker.send(new DescribeEndpointCommand({ EndpointName: this.name })));
  }

  /** The endpoint once it no longer changes, or as it is at the run's deadline. */
  async settled(): Promise<EndpointState | undefined> {
    for (;;) {
      const state = await this.describe();
      if (!isChanging(state?.EndpointStatus) || Date.now() >= this.#run.deadline) return state;
      await this.pause();
    }
  }

  /** Waits for as long as that many polls of the endpoint take, until the run's deadline at most. */
  async pause(polls = 1): Promise<void> {
    const { pollMilliseconds, deadline } = this.#run;
    await sleep(Math.max(1, Math.min(polls * pollMilliseconds, deadline - Date.now())));
  }

  /** The configuration that the endpoint has in `state`. */
  async configIn(state: EndpointState | undefined): Promise<DescribeEndpointConfigCommandOutput | undefined> {
    return state?.EndpointConfigName === undefined ? undefined : this.configs.describe(state.EndpointConfigName);
  }

  /** Starts to create the endpoint. */
  async create(config: Config): Promise<void> {
    await this.#run.sagemaker.send(
      new CreateEndpointCommand({
        EndpointName: this.name,
        EndpointConfigName: config.EndpointConfigName,
        Tags: tags(this.#run.settings, undefined),
      }),
    );
    this.#run.log('creating the endpoint', { endpointConfigName: config.EndpointConfigName });
  }

  /**
   * Starts to update the endpoint.
   *
   * @param current the configuration that it has now
   */
  async update(config: Config, current: DescribeEndpointConfigCommandOutput | undefined): Promise<void> {
    const { sagemaker, settings, log } = this.#run;
    await this.autoscaling.deregister(keptDimension(settings, current));
    await sagemaker.send(
      new UpdateEndpointCommand({
        EndpointName: this.name,
        EndpointConfigName: config.EndpointConfigName,
        ...updateOptions(settings, current, config),
      }),
    );
    log('updating the endpoint', { endpointConfigName: config.EndpointConfigName });
  }

  /** What follows a change that succeeded: scaling is registered, and configurations that no longer serve go. */
  async finish(previousConfigName?: string): Promise<void> {
    await this.autoscaling.register();
    if (previousConfigName !== undefined) await this.removeConfigs([previousConfigName]);
    await this.removeConfigs(await this.configs.old());
  }

  /** Deletes those of the named configurations that are not in use, with their models. */
  async removeConfigs(names: readonly string[]): Promise<void> {
    await this.configs.remove(names, await this.describe());
  }

  /** Deletes an endpoint that never served, with its configuration and models. */
  async removeFailed(state: EndpointState): Promise<void> {
    this.#run.log('removing an endpoint that failed', { reason: state.FailureReason });
    await this.remove();
    if (state.EndpointConfigName !== undefined) await this.removeConfigs([state.EndpointConfigName]);
  }

  /**
   * Deletes the endpoint and waits until it is gone.
   * @throws DeployError when it still exists at the run's deadline
   */
  async remove(): Promise<void> {
    await this.autoscaling.deregister();
    try {
      await this.#run.sagemaker.send(new DeleteEndpointCommand({ EndpointName: this.name }));
    } catch (error) {
      // Another run deletes it, or has deleted it.
      if (!isMissing(error) && !isBusy(error)) throw error;
    }
    const left = await this.settled();
    // Any other state belongs to a new endpoint that another run created.
    if (left?.EndpointStatus === 'Failed' || left?.EndpointStatus === 'Deleting')
      throw new DeployError(`endpoint ${this.name} is still ${left.EndpointStatus}; run this again when it is gone`);
  }
}
