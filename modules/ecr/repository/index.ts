export { EcrRepository, type EcrRepositoryProps, type ImageTagMutability } from './ecr-repository';
export { ImportedEcrRepository, type ImportedEcrRepositoryProps } from './imported-ecr-repository';
export { type IEcrRepository } from './ecr-repository-interface';
export {
  EcrRegistryScanning,
  type EcrRegistryScanningProps,
  type RegistryScanFrequency,
  type RegistryScanType,
} from './ecr-registry-scanning';
export { EcrPullThroughCache, type EcrPullThroughCacheProps } from './ecr-pull-through-cache';
