export { MODEL_PACKAGE_GROUP_NAME } from './names';
export {
  ModelPackageGroup,
  type ApprovalRule,
  type ApprovalTrigger,
  type ModelApprovalStatus,
  type ModelPackageGroupProps,
} from './model-package-group';
