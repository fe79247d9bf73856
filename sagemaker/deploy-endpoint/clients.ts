import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SSMClient } from '@aws-sdk/client-ssm';

/** The services that the function talks to. */
export interface Clients {
  readonly sagemaker: SageMakerClient;
  readonly ssm: SSMClient;
  readonly scaling: ApplicationAutoScalingClient;
  readonly cloudwatch: CloudWatchClient;
}

export function awsClients(): Clients {
  return {
    sagemaker: new SageMakerClient(),
    ssm: new SSMClient(),
    scaling: new ApplicationAutoScalingClient(),
    cloudwatch: new CloudWatchClient(),
  };
}
