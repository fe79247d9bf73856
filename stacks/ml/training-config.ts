// The schema of training: what is trained with what, on which machines. Loads no construct.
import * as z from 'zod';
import { ecrImage } from './ecr-image';

const s3Uri = z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+\/./, 'use s3://<bucket>/<prefix>/');
const seconds = z.number().int().min(1);

const schedule = z.strictObject({
  name: z.string().min(1),
  pipeline: z.enum(['train', 'model', 'deploy']).default('deploy'),
  scheduleExpression: z.string().describe('cron(...), rate(...) or at(...)'),
  timezone: z.string().optional().describe('IANA time zone. Default: UTC'),
  parameters: z.record(z.string(), z.string()).optional().describe("Values of the pipeline's parameters"),
  flexibleWindowMinutes: z
    .number()
    .int()
    .min(1)
    .max(1440)
    .optional()
    .describe('Minutes within which the run may start. Default: at the time itself'),
  enabled: z.boolean().default(true),
});

/** What is trained with what. */
export const trainingConfig = z
  .strictObject({
    sourceDirectory: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder of the training code (train.py, evaluate.py, requirements.txt), uploaded below code/ of the ' +
          'artifact bucket. Default: the one that the app hands over; without any, ' +
          'code/sourcedir.tar.gz and code/source/ are expected there',
      ),
    image: ecrImage
      .optional()
      .describe(
        "Image of training and evaluation. Default: AWS's Deep Learning Container for PyTorch in this " +
          'region, for GPUs where the instance has one',
      ),
    instanceType: z
      .string()
      .regex(/^ml\./, 'use an instance type of SageMaker, such as ml.m5.xlarge')
      .default('ml.m5.xlarge')
      .describe('Default of the parameter TrainingInstanceType'),
    evaluationInstanceType: z
      .string()
      .regex(/^ml\./, 'use an instance type of SageMaker, such as ml.m5.large')
      .default('ml.m5.large'),
    volumeSizeGiB: z.number().int().min(1).max(16384).default(30).describe('Disk of each job, GiB'),
    managedSpotTraining: z
      .boolean()
      .default(true)
      .describe('Spare capacity, cheaper; training goes on from its last checkpoint when it was interrupted'),
    maxRuntimeSeconds: seconds.default(14_400).describe('Longest training'),
    maxWaitTimeSeconds: seconds.default(28_800).describe('Longest training with waits for spare capacity'),
    vpc: z
      .boolean()
      .default(false)
      .describe(
        'Whether jobs run in the private subnets, with their own security group; they need a NAT ' +
          'gateway to install Python packages',
      ),
    trainDataUri: s3Uri
      .optional()
      .describe('Default of the parameter TrainData. Default: train/ of the dataset bucket'),
    testDataUri: s3Uri
      .optional()
      .describe('Default of the parameter TestData. Default: none, a part of TrainData is held back'),
    readableBucketArns: z
      .array(z.string().regex(/^arn:[a-z-]+:s3:::/, 'use the ARN of a bucket'))
      .default([])
      .describe('Other buckets whose data jobs may read'),
    epochs: z.number().int().min(1).default(20),
    batchSize: z.number().int().min(1).default(64),
    learningRate: z.number().positive().default(0.002),
    accuracyThreshold: z.number().min(0).max(1).default(0.9).describe('Less accurate models are not registered'),
    modelApprovalStatus: z
      .enum(['Approved', 'PendingManualApproval'])
      .default('Approved')
      .describe('PendingManualApproval: a person approves a model before it is deployed'),
    schedules: z.array(schedule).default([]).describe('Schedules that start pipelines'),
  })
  .superRefine((training, context) => {
    if (training.managedSpotTraining && training.maxWaitTimeSeconds < training.maxRuntimeSeconds) {
      context.addIssue({
        code: 'custom',
        path: ['maxWaitTimeSeconds'],
        input: training.maxWaitTimeSeconds,
        message:
          `it is the training and the waits together; use maxRuntimeSeconds (${training.maxRuntimeSeconds}) or ` +
          'more',
      });
    }
  });

export type TrainingConfig = z.output<typeof trainingConfig>;
