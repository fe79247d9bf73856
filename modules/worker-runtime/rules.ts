// What a worker and whoever deploys it agree on. Loads nothing that a worker runs.
export { heartbeatProblem, jobLimits, MAX_RUNTIME_SECONDS, type JobLimits } from './job-limits';
