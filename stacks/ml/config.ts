// What the owner of the ml layer may choose. Loads no construct.
import * as z from 'zod';

/** Lower case, as SageMaker writes an endpoint's ARN in lower case whatever its name is, and IAM compares ARNs by their letters. */
const endpointName = z.string().regex(/^[a-z0-9](-?[a-z0-9]){0,62}$/, 'use 1 to 63 lower-case letters, digits and single hyphens between them');

/** What the owner of the ml layer may choose. */
export const mlConfig = z.strictObject({
  endpointName: endpointName.default('image-classifier').describe('Name of the endpoint; a change makes another endpoint'),
  imageRepository: z.string().min(1).default('model-endpoint').describe('Repository of the inference container, as the registry layer calls it'),
});

export type MlConfig = z.output<typeof mlConfig>;
export type MlConfigInput = z.input<typeof mlConfig>;
