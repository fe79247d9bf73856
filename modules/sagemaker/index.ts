export * from './domain';
export * from './endpoint';
export * from './roles';
export * from './model-building-pipeline';
export * from './model-package-group';
