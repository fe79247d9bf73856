import { DeployError } from './deploy-error';
import type { EndpointSpec } from './endpoint-spec';

/** Names of models and configurations are the endpoint's with up to 18 characters behind it, and have at most 63. */
const LONGEST_ENDPOINT_NAME = 45;

/** What the function's environment variables say. */
export interface Settings {
  readonly endpointName: string;
  /** Execution role of the containers. */
  readonly executionRoleArn: string;
  /** SSM parameter with the image to serve with. */
  readonly imageParameterName: string | undefined;
  /** Image to serve with, where there is no parameter. */
  readonly inferenceImageUri: string | undefined;
  readonly spec: EndpointSpec;
  readonly tags: Readonly<Record<string, string>>;
  /** How long an invocation waits for the endpoint, in seconds. */
  readonly waitSeconds: number;
}

/** @throws DeployError naming every variable that is missing or wrong. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const required = (name: string): string => {
    const value = environment[name] ?? '';
    if (value === '') problems.push(`${name} is missing`);
    return value;
  };
  const endpointName = required('ENDPOINT_NAME');
  if (endpointName.length > LONGEST_ENDPOINT_NAME)
    problems.push(
      `ENDPOINT_NAME "${endpointName}" has ${endpointName.length} characters; use at most ` +
        `${LONGEST_ENDPOINT_NAME}, so that the names of its models fit`,
    );
  const waitSeconds = Number(environment.WAIT_SECONDS ?? '540');
  if (!Number.isInteger(waitSeconds) || waitSeconds < 0 || waitSeconds > 840)
    problems.push(`WAIT_SECONDS "${environment.WAIT_SECONDS}" is not allowed; use a whole number from 0 to 840`);
  const settings: Settings = {
    endpointName,
    executionRoleArn: required('EXECUTION_ROLE_ARN'),
    imageParameterName: environment.IMAGE_PARAMETER_NAME || undefined,
    inferenceImageUri: environment.INFERENCE_IMAGE_URI || undefined,
    spec: readSpec(required('ENDPOINT_CONFIG'), problems),
    tags: Object.fromEntries(
      Object.entries({ project: environment.PROJECT, environment: environment.ENVIRONMENT }).filter(
        (entry): entry is [string, string] => Boolean(entry[1]),
      ),
    ),
    waitSeconds,
  };
  if (problems.length > 0) throw new DeployError(`the function's environment is wrong: ${problems.join('; ')}`);
  return settings;
}

/** Terraform wrote the spec from checked values; this checks only that it is one. */
function readSpec(text: string, problems: string[]): EndpointSpec {
  const fallback: EndpointSpec = {
    hosting: 'realtime',
    model: {},
    variant: {},
    endpointConfig: {},
    rollout: { strategy: 'replace' },
  };
  if (text === '') return fallback;
  let spec: Partial<EndpointSpec>;
  try {
    spec = JSON.parse(text) as Partial<EndpointSpec>;
  } catch (error) {
    problems.push(`ENDPOINT_CONFIG is not JSON: ${(error as Error).message}`);
    return fallback;
  }
  const hostings = ['realtime', 'serverless', 'async'];
  if (!hostings.includes(String(spec.hosting)))
    problems.push(`ENDPOINT_CONFIG: hosting "${spec.hosting}" is not allowed; use one of ${hostings.join(', ')}`);
  if (spec.variant === undefined)
    problems.push('ENDPOINT_CONFIG: variant is missing; give its instances or its ServerlessConfig');
  const strategies = ['replace', 'weighted', 'shadow'];
  const strategy = spec.rollout?.strategy ?? 'replace';
  if (!strategies.includes(strategy))
    problems.push(
      `ENDPOINT_CONFIG: rollout.strategy "${strategy}" is not allowed; use one of ${strategies.join(', ')}`,
    );
  return { ...fallback, ...spec };
}
