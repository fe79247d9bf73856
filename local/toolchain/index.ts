export { chooseProviderSource, requireProviders, type CliConfigOptions, type ProviderSource } from './cli-config';
export { findProgram, type Environment } from './find-program';
export { rareCollections } from './go-memory';
export { defaultMirrorParents, findProviderMirror } from './provider-mirror';
export { findTerraform, isAtLeast, MINIMUM_TERRAFORM_VERSION, type Terraform } from './terraform';
export { OVERRIDE_WARNING, providerProgram, skipProviderChecksum } from './unverified-provider';
export { runCommand, UserError } from './user-error';
