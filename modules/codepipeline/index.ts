export * from './build-project';
export * from './buildspec';
export * from './code-source';
export * from './container-pipeline';
export * from './layer-pipeline';
export * from './pipeline-events';
