/** Where in the artifact bucket each thing lies. */
export const PREFIXES = {
  models: 'models/',
  checkpoints: 'checkpoints/',
  evaluations: 'evaluations/',
  dataCapture: 'data-capture/',
  /** Start of the three that follow. */
  async: 'async/',
  asyncInput: 'async/requests/',
  asyncOutput: 'async/answers/',
  asyncFailures: 'async/failures/',
} as const;
