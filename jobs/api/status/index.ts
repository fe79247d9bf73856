import { openContext } from '../context';
import { httpHandler } from '../http/route';
import { cancelJob, retryJob } from './change-job';
import { download } from './download';
import { getJob, listJobs, traceJob } from './read-jobs';
import { listRows } from './read-rows';

export const statusRoutes = {
  'GET /jobs': listJobs,
  'GET /jobs/{jobId}': getJob,
  'GET /jobs/{jobId}/rows': listRows,
  'GET /jobs/{jobId}/download': download,
  'GET /jobs/{jobId}/trace': traceJob,
  'POST /jobs/{jobId}/cancel': cancelJob,
  'POST /jobs/{jobId}/retry': retryJob,
};

/** The function's entry, made when the first call comes. */
export const handler: ReturnType<typeof httpHandler> = (event) => {
  entry ??= httpHandler(openContext(), statusRoutes);
  return entry(event);
};
let entry: ReturnType<typeof httpHandler> | undefined;
