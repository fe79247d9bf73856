/**
 * AWS provider versions that Strata's JSON is valid for. Both major versions: features that only 6.x has are behind
 * options.
 */
export const AWS_PROVIDER_VERSION = '>= 5.100.0, < 7.0.0';

/** Terraform versions that Strata supports: 1.10 introduced the S3 backend's native lock file. */
export const TERRAFORM_VERSION = '>= 1.10.0';
