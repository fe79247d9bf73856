import { type Patch, jsonReply } from './patch';

/** Runs of pipelines: there are none, as nothing starts one. */
export const codepipelineExecutions: Patch = {
  service: 'codepipeline',
  operations: ['ListPipelineExecutions'],
  missing: 'does not know the operation',
  why: 'the build that clears away after a failed deployment asks whether a run is under way',
  how: 'says that there are none',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'codepipeline' && request.operation === 'ListPipelineExecutions',
  open: () => () => Promise.resolve(jsonReply(200, { pipelineExecutionSummaries: [] })),
};
