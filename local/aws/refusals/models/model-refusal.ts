import type { Refusal } from '../refusal';
import { checkInput, type Violation } from './check-input';
import type { AwsCall } from './read-call';

/** How a service calls what its model refuses, where that is not `ValidationException`. */
const CODES: Readonly<Record<string, string>> = {
  autoscaling: 'ValidationError',
  cloudwatch: 'ValidationError',
  codebuild: 'InvalidInputException',
  ecr: 'InvalidParameterException',
  ecs: 'InvalidParameterException',
  elbv2: 'ValidationError',
  iam: 'ValidationError',
  kinesis: 'ValidationException',
  logs: 'InvalidParameterException',
  rds: 'InvalidParameterValue',
  s3: 'InvalidArgument',
  sns: 'InvalidParameter',
  sqs: 'InvalidParameterValue',
  sts: 'ValidationError',
};

/** What AWS says to a request that breaks the service's own model; undefined for one that keeps to it. */
export function modelRefusal({ model, operation, input }: AwsCall): Refusal | undefined {
  if (operation.input === undefined) return undefined;
  const violations = checkInput(model, operation.input.shape, input);
  if (violations.length === 0) return undefined;
  const [first] = violations;
  if (model.metadata.protocol === 'ec2') return ec2Refusal(first!);
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`;
  return {
    code: CODES[model.name] ?? 'ValidationException',
    message: `${count}: ${violations.map(sentence).join('; ')}`,
  };
}

function sentence({ member, value, constraint }: Violation): string {
  const given = value === undefined ? 'Value' : `Value '${value}'`;
  return `${given} at '${member}' failed to satisfy constraint: ${constraint}`;
}

function ec2Refusal(violation: Violation): Refusal {
  const { member, kind, value, constraint } = violation;
  if (kind === 'missing')
    return { code: 'MissingParameter', message: `The request must contain the parameter ${member}` };
  return {
    code: 'InvalidParameterValue',
    message: `Value (${value ?? ''}) for parameter ${member} is invalid. ${constraint}`,
  };
}
