export {
  MODEL_PACKAGE_GROUP_NAME,
  ModelPackageGroup,
  type ApprovalRule,
  type ApprovalTrigger,
  type ModelApprovalStatus,
  type ModelPackageGroupProps,
} from './model-package-group';
