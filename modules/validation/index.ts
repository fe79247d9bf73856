export { ValidationError, Problems, isResolved } from './validation-error';
export { requireName, requireOneOf, requireInteger, type NameRule } from './require';
