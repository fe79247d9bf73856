/** AWS provider versions that Strata's JSON is valid for. Both majors: a feature of 6.x alone is behind an option. */
export const AWS_PROVIDER_VERSION = '>= 5.100.0, < 7.0.0';

/** Terraform versions that Strata needs: 1.10 brought the S3 backend's native lock file. */
export const TERRAFORM_VERSION = '>= 1.10.0';
