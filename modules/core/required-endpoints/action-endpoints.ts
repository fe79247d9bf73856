/** Which endpoints a call to AWS goes through; empty lists: the call stays in the VPC, or there is none. */
export interface ActionEndpoints {
  /** IAM actions, `*` standing for any characters. */
  readonly actions: readonly string[];
  /** Services with a gateway endpoint. */
  readonly gateway?: readonly string[];
  /** Services with an interface endpoint. */
  readonly interface?: readonly string[];
}

/** Services whose endpoint has the name of the IAM prefix. */
const SAME_NAME = [
  'acm',
  'acm-pca',
  'application-autoscaling',
  'athena',
  'autoscaling',
  'batch',
  'cloudformation',
  'codebuild',
  'codecommit',
  'codedeploy',
  'codepipeline',
  'cognito-identity',
  'cognito-idp',
  'comprehend',
  'comprehendmedical',
  'ec2',
  'ec2messages',
  'ecs',
  'elasticloadbalancing',
  'events',
  'execute-api',
  'glue',
  'kendra',
  'kms',
  'lambda',
  'logs',
  'pipes',
  'polly',
  'rds',
  'rds-data',
  'redshift',
  'redshift-data',
  'rekognition',
  'scheduler',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
  'ssmmessages',
  'sts',
  'textract',
  'translate',
  'xray',
];

/**
 * IAM action -> endpoint. The names differ more often than not, and one IAM prefix can be several services; of several
 * rows that match an action the first holds.
 *
 * Endpoint names: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 * and https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
 * IAM prefixes:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const ACTION_ENDPOINTS: readonly ActionEndpoints[] = [
  // Permissions that no call to AWS's API goes with, or whose call ends at an address in the VPC.
  { actions: ['iam:PassRole'] },
  {
    actions: ['rds-db:connect', 'elasticache:Connect', 'memorydb:Connect', 'neptune-db:*', 'kafka-cluster:*', 'dax:*'],
  },
  { actions: ['elasticfilesystem:Client*'] },
  { actions: ['elasticfilesystem:*'], interface: ['elasticfilesystem'] },
  { actions: ['elasticache:*'], interface: ['elasticache'] },

  { actions: ['s3:*'], gateway: ['s3'] },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-networking.html
  { actions: ['s3express:*'], gateway: ['s3express'] },
  // The gateway carries tables only.
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/privatelink-streams.html
  {
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    interface: ['dynamodb-streams'],
  },
  { actions: ['dynamodb:*'], gateway: ['dynamodb'] },

  // Layers are downloaded from S3. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
  { actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], gateway: ['s3'], interface: ['ecr.api', 'ecr.dkr'] },
  { actions: ['ecr:*'], interface: ['ecr.api'] },

  // https://docs.aws.amazon.com/sagemaker/latest/dg/interface-vpc-endpoint.html
  { actions: ['sagemaker:InvokeEndpoint*'], interface: ['sagemaker.runtime'] },
  {
    actions: ['sagemaker:GetRecord', 'sagemaker:PutRecord', 'sagemaker:DeleteRecord', 'sagemaker:BatchGetRecord'],
    interface: ['sagemaker.featurestore-runtime'],
  },
  { actions: ['sagemaker:BatchPutMetrics'], interface: ['sagemaker.metrics'] },
  { actions: ['sagemaker:*'], interface: ['sagemaker.api'] },

  // https://docs.aws.amazon.com/bedrock/latest/userguide/vpc-interface-endpoints.html
  {
    actions: [
      'bedrock:InvokeModel*',
      'bedrock:Converse*',
      'bedrock:ApplyGuardrail',
      'bedrock:CountTokens',
      'bedrock:StartAsyncInvoke',
      'bedrock:GetAsyncInvoke',
      'bedrock:ListAsyncInvokes',
    ],
    interface: ['bedrock-runtime'],
  },
  {
    actions: [
      'bedrock:InvokeAgent',
      'bedrock:InvokeInlineAgent',
      'bedrock:InvokeFlow',
      'bedrock:Retrieve*',
      'bedrock:Rerank',
      'bedrock:GenerateQuery',
    ],
    interface: ['bedrock-agent-runtime'],
  },
  {
    actions: [
      'bedrock:*Agent*',
      'bedrock:*KnowledgeBase*',
      'bedrock:*DataSource*',
      'bedrock:*IngestionJob*',
      'bedrock:*Flow*',
    ],
    interface: ['bedrock-agent'],
  },
  { actions: ['bedrock:*'], interface: ['bedrock'] },

  // https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-security.html
  {
    actions: ['appconfig:GetLatestConfiguration', 'appconfig:StartConfigurationSession'],
    interface: ['appconfigdata'],
  },
  { actions: ['appconfig:*'], interface: ['appconfig'] },
  // https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-and-interface-VPC.html
  {
    actions: ['aps:RemoteWrite', 'aps:QueryMetrics', 'aps:GetLabels', 'aps:GetSeries', 'aps:GetMetricMetadata'],
    interface: ['aps-workspaces'],
  },
  { actions: ['aps:*'], interface: ['aps'] },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-interface-VPC.html
  { actions: ['cloudwatch:*'], interface: ['monitoring'] },
  // https://docs.aws.amazon.com/firehose/latest/dev/vpc.html
  { actions: ['firehose:*'], interface: ['kinesis-firehose'] },
  // https://docs.aws.amazon.com/streams/latest/dev/vpc.html
  { actions: ['kinesis:*'], interface: ['kinesis-streams'] },
  // https://docs.aws.amazon.com/cloud-map/latest/dg/vpc-interface-endpoints.html
  { actions: ['servicediscovery:DiscoverInstances*'], interface: ['data-servicediscovery'] },
  { actions: ['servicediscovery:*'], interface: ['servicediscovery'] },
  // https://docs.aws.amazon.com/ses/latest/dg/send-email-set-up-vpc-endpoints.html
  { actions: ['ses:*'], interface: ['email'] },
  // https://docs.aws.amazon.com/step-functions/latest/dg/vpc-endpoints.html
  { actions: ['states:StartSyncExecution'], interface: ['sync-states'] },
  { actions: ['states:*'], interface: ['states'] },
  // https://docs.aws.amazon.com/transcribe/latest/dg/vpc-interface-endpoints.html
  { actions: ['transcribe:StartStream*', 'transcribe:StartMedicalStream*'], interface: ['transcribestreaming'] },
  { actions: ['transcribe:*'], interface: ['transcribe'] },

  ...SAME_NAME.map((prefix) => ({ actions: [`${prefix}:*`], interface: [prefix] })),
];
