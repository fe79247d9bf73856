import { TestAws, type ClientConfig } from './aws';
import { Project, type EnvironmentJson } from './project';
import { inventory, type Inventory } from './remaining';

/** One emulated AWS, one user's project, and what AWS held before it: what the steps of a journey share. */
export class World {
  private started?: { readonly aws: TestAws; readonly project: Project; readonly before: Inventory };
  private config?: EnvironmentJson;
  private readonly projects: Project[] = [];

  /** @param variables of the emulator, besides those of this process */
  async start(variables: NodeJS.ProcessEnv = {}): Promise<void> {
    const aws = await TestAws.start(variables);
    this.started = { aws, project: this.track(new Project(aws.environment)), before: await inventory(aws.clients) };
  }

  get aws(): TestAws {
    return this.running.aws;
  }

  get clients(): ClientConfig {
    return this.aws.clients;
  }

  get project(): Project {
    return this.running.project;
  }

  get before(): Inventory {
    return this.running.before;
  }

  /** The environment as it was configured last. */
  get environment(): EnvironmentJson {
    if (this.config === undefined) throw new Error('nothing was configured yet');
    return this.config;
  }

  configure(environment: EnvironmentJson): void {
    this.config = environment;
    this.project.configure(environment);
  }

  /**
   * Another checkout of the same project, as a colleague or a CI job has it.
   * @param app the checkout whose layers it deploys
   */
  anotherCheckout(app?: string): Project {
    const project = this.track(new Project(this.aws.environment, app));
    project.configure(this.environment);
    return project;
  }

  async stop(): Promise<void> {
    for (const project of this.projects) project.remove();
    await this.started?.aws.stop();
  }

  private get running() {
    if (this.started === undefined) throw new Error('the emulator was not started');
    return this.started;
  }

  private track(project: Project): Project {
    this.projects.push(project);
    return project;
  }
}
