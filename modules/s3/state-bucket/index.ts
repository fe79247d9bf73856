export { StateBucket, type StateBucketProps } from './state-bucket';
export {
  optionalStateReaderStatements,
  statePlannerStatements,
  stateReaderStatements,
  stateWriterStatements,
  type StateAccess,
  type StateStatement,
} from './state-access';
