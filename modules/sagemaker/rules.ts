// What AWS allows, and an endpoint's spec, as data and checks without cdktf.
export * from './domain/domain-rules';
export * from './endpoint/endpoint-rules';
export { endpointConfigOf, type EndpointSpec, type VariantShape } from './endpoint/endpoint-spec';
export { MODEL_PACKAGE_GROUP_NAME } from './model-package-group/names';
