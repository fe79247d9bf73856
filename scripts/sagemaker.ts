import { DescribeModelPackageCommand, UpdateModelPackageCommand } from '@aws-sdk/client-sagemaker';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startModelServer } from '../local/run/model-server';
import { runCommand, UserError } from '../local/toolchain';
import { invokeLocally } from '../local/sagemaker/pipeline/local-function';
import { LocalConnection } from '../local/sagemaker/project/connect';
import { deployFunction } from '../local/sagemaker/project/deploy-function';
import { local } from '../local/sagemaker/project/local-values';
import { modelEndpointCommand } from '../local/sagemaker/project/model-endpoint';
import { runningServer } from '../local/sagemaker/server-record';
import { paths } from '../local/sagemaker/settings';
import { StateFile } from '../local/sagemaker/state';

// The local SageMaker by itself. Usage: npm run sagemaker -- --help

const HELP = `Usage: npm run sagemaker [-- <command>]

  start              runs the local SageMaker until Ctrl-C, and prints how the AWS CLI and SDKs reach it (the default)
  status             what there is: endpoints, and the versions in the model registry
  approve <version>  approves a version of ${local.modelPackageGroupName}, which deploys it, as the approval event does on AWS

What it keeps lies in .strata/sagemaker, or in the folder that STRATA_SAGEMAKER_DIRECTORY names.
`;

const root = resolve(__dirname, '..');
const directory = resolve(root, process.env['STRATA_SAGEMAKER_DIRECTORY'] ?? '.strata/sagemaker');
const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(): Promise<void> {
  const [command = 'start', ...rest] = process.argv.slice(2);
  if (command === '--help' || command === 'help') return say(HELP);
  if (command === 'start' && rest.length === 0) return start();
  if (command === 'status' && rest.length === 0) return status();
  if (command === 'approve' && rest.length === 1) return approve(rest[0]!);
  throw new UserError(`"${[command, ...rest].join(' ')}" is not a command\n\n${HELP}`);
}

async function start(): Promise<void> {
  const running = runningServer(paths(directory).server);
  if (running?.url !== undefined && running.lifetime === 'service')
    return say(`process ${running.pid} already runs it:\n${exports(running.url)}`);
  const server = await startModelServer({ endpoints: [local.endpointName], roles: new Map(), directory, onEvent: say });
  for (const model of server.models) say(`endpoint ${model}`);
  say(exports(server.url));
  await new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
  });
  await server.close();
}

function exports(url: string): string {
  return ['AWS_ENDPOINT_URL_SAGEMAKER', 'AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME']
    .map((name) => `export ${name}=${url}`)
    .join('\n');
}

function status(): void {
  const { endpoints, modelPackages } = new StateFile(paths(directory).state).state;
  const running = runningServer(paths(directory).server);
  say(
    running === undefined
      ? 'The local SageMaker does not run.'
      : `The local SageMaker runs in process ${running.pid}${running.url === undefined ? '' : `, at ${running.url}`}.`,
  );
  say('\nEndpoints');
  for (const { EndpointName, EndpointStatus, FailureReason, deployed } of Object.values(endpoints)) {
    say(
      `  ${EndpointName}  ${EndpointStatus}  ` +
        `${Object.keys(deployed?.models ?? {}).join(', ')}${FailureReason === undefined ? '' : `\n    ${FailureReason}`}`,
    );
  }
  if (Object.keys(endpoints).length === 0) say('  none was created; the apps are answered by the sample model');
  say('\nModel registry');
  for (const { ModelPackageArn, input, CreationTime } of Object.values(modelPackages)) {
    const accuracy = input.CustomerMetadataProperties?.['Accuracy'];
    say(
      `  ${ModelPackageArn.replace(/^.*:model-package\//, '')}  ` +
        `${input.ModelApprovalStatus ?? 'PendingManualApproval'}  ` +
        `${new Date(CreationTime * 1000).toISOString().slice(0, 16)}${accuracy === undefined ? '' : `  accuracy ${accuracy}`}`,
    );
  }
  if (Object.keys(modelPackages).length === 0) say('  none was registered');
}

async function approve(version: string): Promise<void> {
  const ModelPackageName = /^\d+$/.test(version) ? `${local.modelPackageGroupName}/${version}` : version;
  const connection = new LocalConnection({ directory, command: modelEndpointCommand(root), onEvent: say });
  try {
    const { client, url } = await connection.connect();
    const { ModelPackageArn } = await client.send(new DescribeModelPackageCommand({ ModelPackageName }));
    await client.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: 'Approved' }));
    const event = {
      source: 'aws.sagemaker',
      'detail-type': 'SageMaker Model Package State Change',
      detail: {
        ModelPackageArn: ModelPackageArn ?? '',
        ModelApprovalStatus: 'Approved',
        ModelPackageStatus: 'Completed',
        UpdatedModelPackageFields: ['ModelApprovalStatus'],
      },
    };
    const logFile = join(mkdtempSync(join(tmpdir(), 'strata-approve-')), 'log.txt');
    const answer = await invokeLocally(deployFunction(), event, {
      arn: local.deployFunctionArn,
      sagemakerUrl: url,
      logFile,
      onLine: say,
      signal: new AbortController().signal,
    });
    const { action, modelName } = answer as { readonly action?: string; readonly modelName?: string };
    say(`${ModelPackageArn} is approved; endpoint ${local.endpointName}: ${action}, ${modelName}`);
  } catch (error) {
    throw new UserError((error as Error).message);
  } finally {
    await connection.close();
  }
}

runCommand(main);
