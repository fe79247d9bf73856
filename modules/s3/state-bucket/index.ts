export { StateBucket, type StateBucketProps } from './state-bucket';
export {
  optionalStateReaderStatements,
  stateReaderStatements,
  stateWriterStatements,
  type StateAccess,
  type StateStatement,
} from './state-access';
