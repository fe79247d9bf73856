export { ValidationError, Problems, isResolved } from './validation-error';
export { didYouMean } from './did-you-mean';
export { requireName, requireOneOf, requireInteger, type NameRule } from './require';
