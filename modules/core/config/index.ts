export { ConfigError } from './config-error';
export { checkConfig, parseConfig, type Checked } from './parse-config';
export { didYouMean } from './did-you-mean';
export { arn, kmsKeyArn, logRetentionDays } from './schemas';
export { escapeTemplates } from '../terraform-json/escape-templates';
