import { httpHandler } from '../../../jobs/api/http/route';
import { type ApiContext, openContext } from '../../../jobs/api/context';
import { statusRoutes } from '../../../jobs/api/status';
import { submitRoutes } from '../../../jobs/api/submit';
import { LocalHttpApi } from '../../../local/jobs/http-api';
import type { ChildService } from '../../../local/run/child-service';
import { Harness } from '../../apps/harness';
import { JobsStage, type StartedWorker } from './jobs-stage';

/** app-web and app-was before the real API of the jobs, with PostgreSQL, the emulated SQS and S3, and workers. */
export class CommentsStage {
  private constructor(
    readonly jobs: JobsStage,
    readonly context: ApiContext,
    private readonly api: LocalHttpApi,
    private readonly harness: Harness,
    private readonly queueUrl: string,
    readonly web: ChildService,
    readonly was: ChildService,
  ) {}

  static async start(): Promise<CommentsStage> {
    const jobs = await JobsStage.start();
    const { endpoint, region } = jobs.aws.clients;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    const queueUrl = await jobs.makeQueue();
    const context = openContext({
      kinds: { sentiment: { queueUrl } },
      bucket: 'jobs',
      databaseUrl: jobs.postgres.urlFor('strata_submitter'),
      databaseIam: false,
      tenant: { from: 'none' },
      uploadMaxMib: 1,
      uploadExpirySeconds: 300,
      uploadContentTypes: ['text/csv'],
      longPollSeconds: 20,
      queuedJobsPerTenant: 5,
    });
    const routes = { ...submitRoutes, ...statusRoutes };
    const handler = httpHandler(context, routes);
    const api = await LocalHttpApi.start({
      routes: Object.fromEntries(Object.keys(routes).map((route) => [route, handler])),
    });
    const harness = new Harness();
    const was = await harness.was({ JOBS_API_URL: api.url });
    const web = await harness.web(was.url, { JOBS_UPLOAD_ORIGIN: new URL(String(endpoint)).origin });
    return new CommentsStage(jobs, context, api, harness, queueUrl, web, was);
  }

  startWorker(millisecondsPerRow = 0): StartedWorker {
    const environment = { STRATA_KIND: 'sentiment', COMMENTS_MS_PER_ROW: String(millisecondsPerRow) };
    return this.jobs.startWorker(this.queueUrl, environment, 'comments-program');
  }

  async stop(): Promise<void> {
    await this.harness.close();
    await this.api.stop();
    await this.context.pool.end();
    await this.jobs.stop();
  }
}
