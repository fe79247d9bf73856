export { SageMakerDomain, type SageMakerDomainProps, type StudioUserProfile } from './sagemaker-domain';
