import { DEFAULTS, type EndpointOptions, type EndpointProblem } from './endpoint-options';

/** How a function that owns an endpoint brings a new model into it. */
export type Rollout =
  /** The new model takes the old one's place. */
  | { readonly strategy: 'replace' }
  /** The new model gets a share of the requests, as a variant beside the one that serves. */
  | { readonly strategy: 'weighted'; readonly weightPercent: number }
  /** The new model gets a copy of a share of the requests, and its answers go nowhere. */
  | {
      readonly strategy: 'shadow';
      readonly samplingPercent: number;
      /** @default the endpoint's */
      readonly InstanceType?: string;
      /** @default the endpoint's */
      readonly InitialInstanceCount?: number;
    };

/**
 * What SageMaker would refuse in a rollout.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/shadow-tests-exclusions.html
 */
export function rolloutProblems(options: EndpointOptions, rollout: Rollout): EndpointProblem[] {
  const hosting = options.hosting ?? DEFAULTS.hosting;
  const wrong = (key: string, message: string): EndpointProblem[] => [{ path: ['rollout', key], message }];
  const percent = (key: string, value: number, most: number): EndpointProblem[] =>
    Number.isInteger(value) && value >= 1 && value <= most
      ? []
      : wrong(key, `${value} is out of range; use a whole number from 1 to ${most}`);
  if (rollout.strategy === 'weighted') {
    return [
      ...(hosting === 'realtime'
        ? []
        : wrong(
            'strategy',
            `"weighted" needs two variants that are asked in turn, which hosting "${hosting}" has not; use ` +
              '"replace", or hosting "realtime"',
          )),
      ...(options.updateStrategy === 'rolling'
        ? wrong(
            'strategy',
            '"weighted" has two variants, which SageMaker does not update in a rolling way; use another updateStrategy',
          )
        : []),
      ...percent('weightPercent', rollout.weightPercent, 99),
    ];
  }
  if (rollout.strategy === 'shadow') {
    return [
      ...(hosting === 'realtime'
        ? []
        : wrong(
            'strategy',
            `"shadow" is for hosting "realtime", not "${hosting}"; use "replace", or change the hosting`,
          )),
      ...percent('samplingPercent', rollout.samplingPercent, 100),
    ];
  }
  return [];
}
