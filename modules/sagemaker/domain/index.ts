export { SagemakerDomain, type SagemakerDomainProps, type StudioUserProfile } from './sagemaker-domain';
