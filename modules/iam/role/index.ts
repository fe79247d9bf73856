export { checkPolicySize, checkStatements, policyDocument } from './iam-statements';
export { type IamConditions, type IamStatement } from './statement-rules';
export { pullImageStatements } from './pull-image-statements';
export { ROLE_NAME } from './names';
export { ServiceRole, type ServiceRoleProps } from './service-role';
export { serviceTrustPolicy, type TrustedService } from './trust-policy';
