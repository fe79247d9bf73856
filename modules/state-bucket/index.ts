export { StateBucket, type StateBucketProps } from './state-bucket';
export { stateReaderStatements, stateWriterStatements, type StateAccess, type StateStatement } from './state-access';
