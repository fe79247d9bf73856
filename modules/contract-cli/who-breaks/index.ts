export { readCdktfProject, type CdktfProject } from './cdktf-project';
export { byMessage, environmentsInWords, type Failure } from './environments';
export { findReaders, type FindReadersOptions, type FoundReaders, type PublishedContract } from './find-readers';
export { synthesizeEnvironment } from './synthesize-environment';
export { synthesizedStacks, type SynthesizedStack } from './synthesized-stacks';
export { readContractFile } from './contract-file';
export { whoBreaksCommand, type WhoBreaksSetup } from './command';
export { type PreviousContract } from './report';
