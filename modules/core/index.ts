// The checks of configuration, which load no construct, are `@strata/core/config`.
export * from './validation';
export * from './aws-account';
export * from './terraform-json';
export * from './released-resource';
