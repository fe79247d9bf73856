import { type Patch, jsonReply } from './patch';

/** Runs of pipelines: there are none, as nothing starts one. */
export const codepipelineExecutions: Patch = {
  service: 'codepipeline',
  operations: ['ListPipelineExecutions'],
  missing: 'does not support the operation',
  why: 'the build that cleans up after a failed deployment checks whether a run is in progress',
  how: 'reports that there are none',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'codepipeline' && request.operation === 'ListPipelineExecutions',
  open: () => () => Promise.resolve(jsonReply(200, { pipelineExecutionSummaries: [] })),
};
