/** Families with local NVMe disks whose names do not show it. */
const FAMILIES = /^(g5|g6|g6e|gr6|g7|g7e|p5|p5e|p5en|p6-.+|p6e-.+|trn1|trn1n|trn2|dl1|i\d.*)$/;

/**
 * Whether an instance type has local disks, which its hardware encrypts: SageMaker then rejects a KMS key for the
 * volume (`VolumeKmsKeyId` of a job, `KmsKeyId` of an endpoint configuration). These are some accelerator families, and
 * all with a `d` after the generation: `ml.m5d.large`, `ml.g4dn.xlarge`. Loads no construct.
 *
 * @param instanceType such as `ml.g5.xlarge`; `false` for one that is known only to Terraform
 * @see
 *   https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html#sagemaker-Type-ResourceConfig-VolumeKmsKeyId
 * @see
 *   https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html#sagemaker-CreateEndpointConfig-request-KmsKeyId
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html
 */
export function hasLocalStorage(instanceType: string): boolean {
  const family = /^ml\.([a-z0-9-]+)\.[a-z0-9-]+$/.exec(instanceType)?.[1] ?? '';
  return FAMILIES.test(family) || /^[a-z]+\d+[a-z]*d[a-z]*$/.test(family);
}
