export { CodeConnection, type CodeConnectionProps, type ConnectionProvider } from './code-connection';
export { CodeRepository, type CodeRepositoryProps } from './code-repository';
export {
  checkCodeSource,
  type CodeCommitSource,
  type CodeConnectionsSource,
  type CodeSource,
  type SourceFilters,
} from './code-source';
export {
  SOURCE_ACTION,
  SOURCE_ARTIFACT,
  sourceAction,
  sourceStatements,
  sourceTriggers,
  type PipelineAction,
} from './source-action';
export { SourceTrigger, type SourceTriggerProps } from './source-trigger';
