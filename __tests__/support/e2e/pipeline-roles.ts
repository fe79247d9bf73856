import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateModelCommand,
  CreateModelPackageCommand,
  CreateProcessingJobCommand,
  CreateTrainingJobCommand,
  DescribePipelineCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { actAs } from '../../../local/aws/act-as';
import type { ClientConfig } from './aws';

// A step is data of many kinds.
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

/**
 * What SageMaker asks of AWS for one execution of a deployed pipeline, as the roles that the definition names: the
 * pipeline's starts jobs, those of jobs read, write and log. No job runs.
 *
 * @returns what was tried, each with AccessDenied's message, or undefined where it was allowed
 */
export async function tryPipelineAsRoles(clients: ClientConfig, PipelineName: string): Promise<Map<string, string>> {
  const sagemaker = new SageMakerClient(clients);
  const { PipelineDefinition = '', RoleArn = '' } = await sagemaker.send(new DescribePipelineCommand({ PipelineName }));
  const definition: Json = JSON.parse(PipelineDefinition);
  const refused = new Map<string, string>();
  const attempt = async (what: string, call: Promise<unknown>): Promise<void> => {
    refused.set(what, '');
    await call.catch((error: Error) => {
      if (error.name.startsWith('AccessDenied')) refused.set(what, error.message);
    });
  };
  const as = async (roleArn: string) => ({
    ...clients,
    credentials: await actAs(clients.endpoint, roleArn, 'pipeline'),
  });
  const pipeline = await as(RoleArn);
  for (const { Name, Type, FunctionArn, Arguments } of everyStep(definition.Steps)) {
    const input: Json = resolve(Arguments, definition);
    const client = new SageMakerClient(pipeline);
    if (Type === 'Training') {
      const job = new CreateTrainingJobCommand({ ...input, TrainingJobName: `pipelines-x-${Name}` });
      await attempt(`${Name}: CreateTrainingJob`, client.send(job));
    } else if (Type === 'Processing') {
      const job = new CreateProcessingJobCommand({ ...input, ProcessingJobName: `pipelines-x-${Name}` });
      await attempt(`${Name}: CreateProcessingJob`, client.send(job));
    } else if (Type === 'RegisterModel')
      await attempt(`${Name}: CreateModelPackage`, client.send(new CreateModelPackageCommand(input)));
    else if (Type === 'Model')
      await attempt(
        `${Name}: CreateModel`,
        client.send(new CreateModelCommand({ ...input, ModelName: `pipelines-x-${Name}` })),
      );
    else if (Type === 'Lambda')
      await attempt(
        `${Name}: Invoke`,
        new LambdaClient(pipeline).send(new InvokeCommand({ FunctionName: FunctionArn, Payload: Buffer.from('{}') })),
      );
    if (Type !== 'Training' && Type !== 'Processing') continue;
    const job = await as(input.RoleArn);
    const s3 = new S3Client({ ...job, forcePathStyle: true });
    for (const [Bucket, Key] of locations([input.InputDataConfig, input.ProcessingInputs, input.HyperParameters])) {
      await attempt(`${Name}: read ${Key}`, s3.send(new GetObjectCommand({ Bucket, Key: below(Key) })));
      await attempt(`${Name}: list ${Key}`, s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key })));
    }
    for (const [Bucket, Key] of locations([
      input.OutputDataConfig,
      input.ProcessingOutputConfig,
      input.CheckpointConfig,
    ]))
      await attempt(`${Name}: write ${Key}`, s3.send(new PutObjectCommand({ Bucket, Key: below(Key), Body: 'x' })));
    const group = { logGroupName: `/aws/sagemaker/${Type}Jobs` };
    const stream = { ...group, logStreamName: `pipelines-x-${Name}/algo-1` };
    const logs = new CloudWatchLogsClient(job);
    await attempt(`${Name}: log group`, logs.send(new CreateLogGroupCommand(group)));
    await attempt(`${Name}: log stream`, logs.send(new CreateLogStreamCommand(stream)));
    const logEvents = [{ timestamp: Date.now(), message: 'epoch 1' }];
    await attempt(`${Name}: log`, logs.send(new PutLogEventsCommand({ ...stream, logEvents })));
    // The account's: no layer takes it away.
    await new CloudWatchLogsClient(clients).send(new DeleteLogGroupCommand(group)).catch(() => undefined);
    const metric = { Namespace: group.logGroupName, MetricData: [{ MetricName: 'CPUUtilization', Value: 1 }] };
    await attempt(`${Name}: metric`, new CloudWatchClient(job).send(new PutMetricDataCommand(metric)));
  }
  return refused;
}

function everyStep(steps: Json[]): Json[] {
  return steps.flatMap((step) =>
    step.Type === 'Condition' ? everyStep([...step.Arguments.IfSteps, ...step.Arguments.ElseSteps]) : [step],
  );
}

/** Values in the place of references: a parameter's default, an artifact of a step. */
function resolve(value: Json, definition: Json): Json {
  if (Array.isArray(value)) return value.map((item) => resolve(item, definition));
  if (typeof value !== 'object' || value === null) return value;
  if (value['Std:Join'] !== undefined)
    return value['Std:Join'].Values.map((item: Json) => resolve(item, definition)).join(value['Std:Join'].On);
  if (typeof value.Get === 'string') {
    const [kind, name] = value.Get.split('.');
    if (kind === 'Parameters')
      return definition.Parameters.find((parameter: Json) => parameter.Name === name)?.DefaultValue ?? 'x';
    const step = everyStep(definition.Steps).find((one) => one.Name === name);
    const output = resolve(step?.Arguments.OutputDataConfig?.S3OutputPath, definition);
    return output === undefined ? 'x' : `${output}/model.tar.gz`;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, definition)]));
}

/** Something below a prefix, which may end in a slash. */
function below(prefix: string): string {
  return `${prefix.replace(/\/$/, '')}/x`;
}

/** Bucket and key of each S3 URI. */
function locations(value: Json): [string, string][] {
  if (typeof value === 'string') {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(value.replaceAll('"', '')) ?? [];
    return bucket === undefined ? [] : [[bucket, key!]];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(locations) : [];
}
