// cdktf notes where each token was made, and jest maps each trace back to the sources: more than half of the time of a
// synth in a test. No test reads these traces; the app's own synth leaves them out as well (scripts/synth/core-plugins.mjs).
jest.mock('cdktf/lib/tokens/private/stack-trace', () => ({ captureStackTrace: () => [] }));
