import type { DescribeEndpointConfigCommandOutput, UpdateEndpointCommandInput } from '@aws-sdk/client-sagemaker';
import { MAIN_VARIANT, variantNamed, type Config } from './plan';
import type { Settings } from './settings';

type CurrentConfig = DescribeEndpointConfigCommandOutput | undefined;

/** How SageMaker brings `config` to an endpoint that has `current`. */
export function updateOptions(
  { spec }: Settings,
  current: CurrentConfig,
  config: Config,
): Omit<UpdateEndpointCommandInput, 'EndpointName' | 'EndpointConfigName'> {
  const isGuarded =
    spec.deploymentConfig !== undefined && spec.hosting !== 'serverless' && hasSameVariants(current, config);
  return {
    ...(isGuarded ? { DeploymentConfig: spec.deploymentConfig } : {}),
    // Autoscaling owns the number of instances, and its current value is what the load needs. The configuration owns
    // the weights.
    ...(spec.autoscaling === undefined
      ? {}
      : {
          RetainAllVariantProperties: true,
          ExcludeRetainedVariantProperties: [
            { VariantPropertyType: 'DesiredWeight' },
            { VariantPropertyType: 'DataCaptureConfig' },
          ],
        }),
  };
}

/**
 * The scalable dimension that stays registered during an update. None where the variant that serves gets another
 * instance type, which SageMaker refuses for a variant that scales.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling.html
 */
export function keptDimension({ spec }: Settings, current: CurrentConfig): string | undefined {
  const main = current === undefined ? undefined : variantNamed(current, MAIN_VARIANT);
  return main?.InstanceType === spec.variant.InstanceType ? spec.autoscaling?.target.ScalableDimension : undefined;
}

/**
 * Whether the production variants have the same names. SageMaker accepts a deployment configuration only then: an
 * update that begins or ends a weighted rollout shifts all traffic in one step.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
 */
function hasSameVariants(current: CurrentConfig, config: Config): boolean {
  const names = (variants: readonly { readonly VariantName?: string }[] = []) =>
    variants
      .map(({ VariantName }) => VariantName)
      .sort()
      .join();
  return names(current?.ProductionVariants) === names(config.ProductionVariants);
}
