import type { AskAws, Reading } from '../ask-aws';
import type { AwsCall } from '../models/read-call';
import type { Refusal } from '../refusal';

/** A request, as a rule sees it. */
export interface RuleCall extends Pick<AwsCall, 'region' | 'service'> {
  readonly operation: string;
  /** Read by hand: a rule knows the operations it is about. */
  readonly input: Reading;
  /** The request's body as text, for what the input leaves out. */
  body(): Promise<string>;
}

/** One thing that AWS refuses and moto accepts. */
export interface Rule {
  /** botocore's name of the service: `elbv2`. */
  readonly service: string;
  readonly operations: readonly string[];
  /** What AWS refuses, as a table says it: no full stop. */
  readonly what: string;
  /** Where AWS says so. */
  readonly source: string;
  /** Undefined where AWS would accept the request. */
  check(call: RuleCall, aws: AskAws): Promise<Refusal | undefined> | Refusal | undefined;
}
