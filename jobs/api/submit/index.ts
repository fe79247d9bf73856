import { openContext } from '../context';
import { httpHandler } from '../http/route';
import { createJob } from './create-job';
import { createUpload } from './create-upload';

export const submitRoutes = { 'POST /uploads': createUpload, 'POST /jobs': createJob };

/** The function's entry, made when the first call comes. */
export const handler: ReturnType<typeof httpHandler> = (event) => {
  entry ??= httpHandler(openContext(), submitRoutes);
  return entry(event);
};
let entry: ReturnType<typeof httpHandler> | undefined;
