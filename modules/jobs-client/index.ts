export { bearerAuthorization, iamAuthorization, type Authorization, type Credentials } from './authorization';
export { JobFailedError, JobsApiError, WaitTimeoutError } from './errors';
export type { Download, DownloadFormat, Job, JobEvent, JobPage, JobState, RowPage, UploadForm } from './job';
export {
  JobsClient,
  type JobsClientOptions,
  type ListOptions,
  type SubmitOptions,
  type WaitOptions,
} from './jobs-client';
