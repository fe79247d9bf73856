export * from './layer';
export * from './environment';
