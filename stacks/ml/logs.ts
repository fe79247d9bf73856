import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { Construct } from 'constructs';
import type { MlConfig } from './config';

/**
 * The log groups that SageMaker shares among all jobs and Studio domains of an account and region.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html
 */
const ACCOUNT_LOG_GROUPS = {
  'training-jobs': '/aws/sagemaker/TrainingJobs',
  'processing-jobs': '/aws/sagemaker/ProcessingJobs',
  studio: '/aws/sagemaker/studio',
} as const;

export interface LogsProps {
  readonly config: MlConfig;
  readonly endpointName: string;
  readonly deletionProtection: boolean;
}

/** The log groups that SageMaker would otherwise make itself, which keep their events for ever. */
export class Logs extends Construct {
  readonly endpoint: CloudwatchLogGroup;
  /** Only with `accountLogGroups`. */
  readonly account: readonly CloudwatchLogGroup[];

  constructor(scope: Construct, id: string, props: LogsProps) {
    super(scope, id);
    const { config } = props;
    const retentionInDays = config.logRetentionDays;
    this.endpoint = new CloudwatchLogGroup(this, 'endpoint', {
      name: `/aws/sagemaker/Endpoints/${props.endpointName}`,
      retentionInDays,
    });
    this.account = (config.accountLogGroups ? Object.entries(ACCOUNT_LOG_GROUPS) : []).map(
      ([key, name]) =>
        new CloudwatchLogGroup(this, key, {
          name,
          retentionInDays,
          // Other environments log there too: a protected one leaves them behind.
          skipDestroy: props.deletionProtection,
        }),
    );
  }
}
