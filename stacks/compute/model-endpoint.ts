import type { IResolvable, TerraformStack } from 'cdktf';
import type { AwsAccount } from '@strata/core';
import { mlContract } from '@strata/ml-contract';

/** The model's endpoint, which services invoke. */
export interface ModelEndpoint {
  readonly name: string;
  readonly arn: string;
}

/** How the ml layer is read, which says what the endpoint is called. */
export type ModelLayer = 'if-deployed' | 'required' | 'none';

/** What the ml layer calls its endpoint unless told otherwise. */
export const DEFAULT_ENDPOINT_NAME = 'image-classifier';

/** The outputs of the ml layer's contract that are read, for an endpoint that is known by its name alone. */
export function endpointByName(endpointName: string, { partition, region, accountId }: AwsAccount) {
  return { endpointName, endpointArn: `arn:${partition}:sagemaker:${region}:${accountId}:endpoint/${endpointName}` };
}

/** What services need of the endpoint, beyond its contract's types. */
export const ENDPOINT_REQUIREMENTS = [
  {
    condition: 'self.outputs.endpoint_kind != "async"',
    message:
      'its endpoint ${self.outputs.endpoint_name} is asynchronous, and services invoke it directly. Give the ' +
      'ml layer an endpoint of another kind, or set modelEndpoint of the services to false.',
    outputs: ['endpointKind'],
  },
];

/**
 * Makes Terraform report, after each plan and apply, that there is no model yet and what to do. A check and not an
 * output, as with a service's first image: see docs/adr/0006-before-the-first-image.md.
 */
export function noteMissingModel(
  stack: TerraformStack,
  services: readonly string[],
  fallbackName: string,
  isDeployed: boolean | IResolvable,
): void {
  const who = services.join(', ');
  stack.addOverride('check.model_layer_is_deployed', {
    assert: [
      {
        // Terraform requires a condition to refer to something; the workspace always exists.
        condition: isDeployed === false ? '${terraform.workspace == ""}' : isDeployed,
        error_message:
          `layer "${mlContract.layer}" is not deployed: ${who} may invoke the endpoint "${fallbackName}", ` +
          'which answers once that layer has deployed a model. ' +
          `Next: cdktf deploy ${mlContract.layer}, and this layer again if the endpoint has another name by then.`,
      },
    ],
  });
}
