export { ValidationError, Problems, isResolved } from './validation-error';
export { checkName, checkOneOf, checkInteger, checkLogRetentionDays, type NameRule } from './require';
export { LOG_RETENTION_DAYS } from './log-retention-days';
export { addProblems, checkOptions } from './check-options';
