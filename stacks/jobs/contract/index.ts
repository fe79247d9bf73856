import manifest from '@strata/jobs-contract/package.json';
import { defineContract, t } from '@strata/contract';

/** A kind of work: what a pipeline needs to ship its worker, as of a service of the compute layer, and its queues. */
const kind = t.object({
  queueUrl: t.string,
  queueArn: t.string,
  deadLetterQueueUrl: t.string,
  serviceName: t.string,
  clusterName: t.string,
  containerName: t.string,
  containerPort: t.number,
  taskDefinitionFamily: t.string,
  repositoryName: t.string,
  imageParameterName: t.string,
  cpuArchitecture: t.string,
  executionRoleArn: t.string,
  taskRoleArn: t.string,
  securityGroupId: t.string,
  logGroupName: t.string,
  url: t.string,
});

/** What the jobs layer promises: where work is handed in, and what a pipeline needs to ship its workers. */
export const jobsContract = defineContract({
  layer: 'jobs',
  owner: 'platform-jobs',
  version: manifest.version,
  outputs: {
    apiUrl: {
      type: t.string,
      description: 'Address of the API, without a slash at the end',
      example: 'https://a1b2c3d4e5.execute-api.ap-northeast-2.amazonaws.com',
    },
    apiId: { type: t.string, description: 'Id of the API', example: 'a1b2c3d4e5' },
    submitFunctionArn: {
      type: t.string,
      description:
        'Function behind the API that takes uploads and jobs; where the API cannot be reached, it is invoked',
      example: 'arn:aws:lambda:ap-northeast-2:123456789012:function:jobs-submit',
    },
    statusFunctionArn: {
      type: t.string,
      description: 'Function behind the API that tells about jobs, cancels and retries them; invoked likewise',
      example: 'arn:aws:lambda:ap-northeast-2:123456789012:function:jobs-status',
    },
    kinds: {
      type: t.map(kind),
      description:
        'Kind of work -> its queues, and what a pipeline needs to ship its worker; containerPort is 0 and url is empty',
      example: {
        sentiment: {
          queueUrl: 'https://sqs.ap-northeast-2.amazonaws.com/123456789012/jobs-sentiment',
          queueArn: 'arn:aws:sqs:ap-northeast-2:123456789012:jobs-sentiment',
          deadLetterQueueUrl: 'https://sqs.ap-northeast-2.amazonaws.com/123456789012/jobs-sentiment-failed',
          serviceName: 'jobs-sentiment-service',
          clusterName: 'jobs',
          containerName: 'jobs-sentiment',
          containerPort: 0,
          taskDefinitionFamily: 'jobs-sentiment-td',
          repositoryName: 'jobs-sentiment',
          imageParameterName: '/strata/dev/images/jobs-sentiment',
          cpuArchitecture: 'ARM64',
          executionRoleArn: 'arn:aws:iam::123456789012:role/jobs-sentiment-td-execution-role',
          taskRoleArn: 'arn:aws:iam::123456789012:role/jobs-sentiment-td-task-role',
          securityGroupId: 'sg-0f1e2d3c4b5a69788',
          logGroupName: '/ecs/jobs-sentiment-td',
          url: '',
        },
      },
    },
    bucketName: {
      type: t.string,
      description: 'Bucket of what was uploaded and of results',
      example: 'jobs-123456789012-ap-northeast-2',
    },
    bucketArn: {
      type: t.string,
      description: 'ARN of that bucket',
      example: 'arn:aws:s3:::jobs-123456789012-ap-northeast-2',
    },
    eventBusName: { type: t.string, description: 'Event bus that tells when a job has ended', example: 'jobs' },
    eventBusArn: {
      type: t.string,
      description: 'ARN of that event bus',
      example: 'arn:aws:events:ap-northeast-2:123456789012:event-bus/jobs',
    },
    databaseEndpoint: {
      type: t.string,
      description: 'Host name of the database',
      example: 'jobs.a1b2c3d4e5f6.ap-northeast-2.rds.amazonaws.com',
    },
    databasePort: { type: t.number, description: 'Port of the database', example: 5432 },
    databaseName: { type: t.string, description: 'Name of the database', example: 'jobs' },
    databaseSecretArn: {
      type: t.string,
      description: "Secret with the master user's name and password, for migrations; empty for an imported database",
      example: 'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:rds!db-0f1e2d3c-a1b2c3',
    },
    databaseResourceId: {
      type: t.string,
      description: 'What ARNs of rds-db:connect name the database by',
      example: 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ',
    },
    databaseSecurityGroupId: {
      type: t.string,
      description: 'Security group of the database',
      example: 'sg-0f1e2d3c4b5a69789',
    },
    submitterPolicyArn: {
      type: t.string,
      description: 'Policy of whoever may hand in work and ask about it',
      example: 'arn:aws:iam::123456789012:policy/jobs-submitter',
    },
  },
});
