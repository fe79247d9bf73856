/** Writes one line to the log. */
export type Log = (line: string) => void;

const UNITS = { JobSeconds: 'Seconds', QueueSeconds: 'Seconds', Rows: 'Count', Jobs: 'Count' } as const;

/**
 * A job's numbers as CloudWatch's embedded metric format: the log driver's line becomes metrics, by kind and outcome.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeMetrics(
  log: Log,
  dimensions: { readonly Kind: string; readonly Outcome: string },
  values: Partial<Record<keyof typeof UNITS, number>>,
  properties: Readonly<Record<string, unknown>> = {},
): void {
  const names = Object.keys(values) as (keyof typeof UNITS)[];
  log(
    JSON.stringify({
      _aws: {
        Timestamp: Date.now(),
        CloudWatchMetrics: [
          {
            Namespace: 'Strata/Jobs',
            Dimensions: [['Kind'], ['Kind', 'Outcome']],
            Metrics: names.map((Name) => ({ Name, Unit: UNITS[Name] })),
          },
        ],
      },
      ...properties,
      ...dimensions,
      ...values,
    }),
  );
}
