export { asTenant, type DatabaseOptions, isOutage, openDatabase } from './store/database';
export type { JobMessage } from './store/claim';
export { type Ending, markNotified, unsentEnding } from './store/notified';
export { JobQueue } from './queue/job-queue';
export { EventSender } from './run/event-sender';
export { CSV_OBJECT, ROWS_OBJECT } from './results/result';
