export * from './private-bucket';
export * from './state-bucket';
