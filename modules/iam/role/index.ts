export { checkStatements, policyDocument, type IamConditions, type IamStatement } from './iam-statements';
export { pullImageStatements } from './pull-image-statements';
export { ROLE_NAME } from './names';
export { ServiceRole, type ServiceRoleProps } from './service-role';
export { serviceTrustPolicy, type TrustedService } from './trust-policy';
