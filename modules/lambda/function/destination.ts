import type { IamStatement } from '@strata/iam';
import { isResolved, type Problems } from '@strata/core';

/** Where events go that the function failed to process: exactly one of the fields. */
export interface EventDestination {
  readonly sqsQueueArn?: string;
  readonly snsTopicArn?: string;
}

/** Where the result of an asynchronous invocation is sent: exactly one of the fields. */
export interface InvocationDestination extends EventDestination {
  readonly functionArn?: string;
  readonly eventBusArn?: string;
}

const KINDS = {
  sqsQueueArn: { service: 'sqs', action: 'sqs:SendMessage' },
  snsTopicArn: { service: 'sns', action: 'sns:Publish' },
  functionArn: { service: 'lambda', action: 'lambda:InvokeFunction' },
  eventBusArn: { service: 'events', action: 'events:PutEvents' },
} as const;

type Kind = keyof typeof KINDS;

/** Checks that exactly one field is set, and that its ARN belongs to that service. */
export function checkDestination(
  problems: Problems,
  key: string,
  destination: InvocationDestination | undefined,
  allowed: readonly Kind[],
): void {
  if (destination === undefined) return;
  const given = allowed.filter((kind) => destination[kind] !== undefined);
  problems.check(given.length === 1, `${key}: ${given.length} of ${allowed.join(', ')} are set; set exactly one`);
  for (const kind of given) {
    const arn = destination[kind];
    const { service } = KINDS[kind];
    problems.check(
      !isResolved(arn) || new RegExp(`^arn:[a-z-]+:${service}:`).test(arn),
      `${key}.${kind}: "${arn}" is not an ARN of ${service}; write arn:aws:${service}:<region>:<account>:<name>`,
    );
  }
}

export function destinationArn(destination: InvocationDestination): string {
  return (Object.keys(KINDS) as Kind[]).map((kind) => destination[kind]).find((arn) => arn !== undefined)!;
}

/** What the function's role needs to reach a destination. */
export function destinationStatement(sid: string, destination: InvocationDestination): IamStatement {
  const kind = (Object.keys(KINDS) as Kind[]).find((candidate) => destination[candidate] !== undefined)!;
  return { sid, actions: [KINDS[kind].action], resources: [destination[kind]!] };
}
