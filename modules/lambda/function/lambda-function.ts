import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { LambdaFunction as LambdaFunctionResource } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { ServiceRole, type IamStatement } from '@strata/iam';
import {
  isResolved,
  Problems,
  checkInteger,
  checkLogRetentionDays,
  checkName,
  checkOneOf,
  terraformJson,
} from '@strata/core';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { codeArchive, codeFiles, type CodeArchive } from './code-archive';
import {
  checkDestination,
  destinationArn,
  destinationStatement,
  type EventDestination,
  type InvocationDestination,
} from './destination';
import { checkEnvironment } from './environment-variables';
import { checkTriggers, eventPatternOf, ruleName, type EventTrigger } from './event-trigger';
import { FunctionAlarms, type FunctionAlarmsProps } from './function-alarms';
import { FUNCTION_NAME, LOG_GROUP_NAME, TRIGGER_NAME } from './names';

export interface LambdaFunctionProps {
  /** At most 64 characters. Changing it replaces the function. */
  readonly functionName: string;
  /** At most 256 characters. @default none */
  readonly description?: string;

  /** Folder with the code; it is zipped reproducibly at synth. This or `codeS3Bucket` and `codeS3Key`. */
  readonly codeDirectory?: string;
  /** Bucket of the zip, in the function's region. */
  readonly codeS3Bucket?: string;
  readonly codeS3Key?: string;
  /** @default the newest version; Terraform then does not detect a changed object */
  readonly codeS3ObjectVersion?: string;
  /**
   * `<file without extension>.<export>`; with `codeDirectory` and a Node.js runtime the file must be there.
   * @default index.handler
   */
  readonly handler?: string;
  /** Lambda runtime identifier. @default nodejs22.x */
  readonly runtime?: string;
  /** arm64 costs a fifth less. @default arm64 */
  readonly architecture?: 'arm64' | 'x86_64';
  /** ARNs of layer versions, at most 5. @default none */
  readonly layerArns?: readonly string[];

  /** 128 to 10240 MiB; CPU grows with it. @default 256 */
  readonly memoryMiB?: number;
  /** Timeout in seconds, 1 to 900. @default 30 */
  readonly timeoutSeconds?: number;
  /** Size of /tmp, 512 to 10240 MiB. @default 512, free */
  readonly ephemeralStorageMiB?: number;
  /**
   * Concurrency reserved for the function from the account's limit; 0 stops it.
   * @default none: limited by the account only
   */
  readonly reservedConcurrentExecutions?: number;
  /** @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** KMS key that encrypts the environment and the code. @default AWS managed keys */
  readonly kmsKeyArn?: string;

  /** What the function may do in AWS besides writing its logs. @default nothing */
  readonly roleStatements?: readonly IamStatement[];
  /** @default `<functionName>-role` */
  readonly roleName?: string;
  /** Managed policy that limits the role. @default none */
  readonly permissionsBoundaryArn?: string;

  /** Subnets of the function; it then reaches AWS APIs only through a NAT gateway or VPC endpoints. @default no VPC */
  readonly subnetIds?: readonly string[];
  /** Needed with `subnetIds`. @default none */
  readonly securityGroupIds?: readonly string[];

  /** @default `/aws/lambda/<functionName>` */
  readonly logGroupName?: string;
  /** One of `LOG_RETENTION_DAYS` of `@strata/core`. @default 30 */
  readonly logRetentionDays?: number;
  /** KMS key of the log group; its policy must let CloudWatch Logs use it. @default AWS's own key */
  readonly logKmsKeyArn?: string;
  /** `JSON` puts time, level and request id into each line. @default JSON */
  readonly logFormat?: 'JSON' | 'Text';
  /** `Active` sends traces of invocations to X-Ray, charged per trace. @default PassThrough */
  readonly tracing?: 'Active' | 'PassThrough';

  /** EventBridge rules that invoke the function. @default none */
  readonly eventTriggers?: readonly EventTrigger[];
  /** How often Lambda retries a failed asynchronous invocation, 0 to 2. @default 2 */
  readonly maximumRetryAttempts?: number;
  /** Age in seconds at which Lambda drops an asynchronous invocation, 60 to 21600. @default 21600 */
  readonly maximumEventAgeSeconds?: number;
  /** Where events go after the last failed attempt. @default none: they are lost */
  readonly deadLetter?: EventDestination;
  /** Where failed asynchronous invocations are sent, with their error. @default none */
  readonly onFailure?: InvocationDestination;
  /** Where successful asynchronous invocations are sent, with their response. @default none */
  readonly onSuccess?: InvocationDestination;

  /** Alarms on errors, throttles and duration; CloudWatch bills each. @default none */
  readonly alarms?: Pick<
    FunctionAlarmsProps,
    'topicArn' | 'maxErrors' | 'maxThrottles' | 'durationHighPercent' | 'notifyOnRecovery'
  >;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Who may invoke a function. */
export interface InvokePermission {
  /** Service principal, or an account's id. */
  readonly principal: string;
  /** ARN of the invoking resource. A service needs this or `sourceAccount`. @default any */
  readonly sourceArn?: string;
  /** @default any */
  readonly sourceAccount?: string;
}

/** A Lambda function with its own least-privilege role, a log group with retention, and its triggers. */
export class LambdaFunction extends Construct {
  readonly resource: LambdaFunctionResource;
  readonly role: ServiceRole;
  /** This resource is stateful: it stores the logs. */
  readonly logGroup: CloudwatchLogGroup;
  /** `undefined` with the code in S3. */
  readonly asset: TerraformAsset | undefined;
  readonly eventRules: CloudwatchEventRule[] = [];
  readonly eventTargets: CloudwatchEventTarget[] = [];
  readonly permissions: LambdaPermission[] = [];
  /** `undefined` if all settings of asynchronous invocations are defaults. */
  readonly eventInvokeConfig: LambdaFunctionEventInvokeConfig | undefined;
  readonly alarms: FunctionAlarms | undefined;

  /** @throws ValidationError naming every prop that Lambda, IAM, EventBridge or CloudWatch would reject. */
  constructor(scope: Construct, id: string, props: LambdaFunctionProps) {
    super(scope, id);
    const { functionName } = props;
    const logGroupName = props.logGroupName ?? `/aws/lambda/${functionName}`;
    const archive = this.check(props, logGroupName);
    const tags = props.tags === undefined ? undefined : { ...props.tags };

    this.logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: logGroupName,
      retentionInDays: props.logRetentionDays ?? 30,
      kmsKeyId: props.logKmsKeyArn,
      tags,
    });
    this.role = new ServiceRole(this, 'role', {
      roleName: props.roleName ?? `${functionName}-role`,
      service: 'lambda.amazonaws.com',
      statements: this.statements(props),
      permissionsBoundaryArn: props.permissionsBoundaryArn,
      tags: props.tags,
    });
    this.asset = archive === undefined ? undefined : this.code(archive);

    const { ephemeralStorageMiB, environment } = props;
    this.resource = new LambdaFunctionResource(this, 'resource', {
      functionName,
      description: props.description,
      role: this.role.roleArn,
      filename: this.asset?.path,
      sourceCodeHash: archive?.sha256,
      s3Bucket: props.codeS3Bucket,
      s3Key: props.codeS3Key,
      s3ObjectVersion: props.codeS3ObjectVersion,
      handler: props.handler ?? 'index.handler',
      runtime: props.runtime ?? 'nodejs22.x',
      architectures: [props.architecture ?? 'arm64'],
      layers: props.layerArns === undefined ? undefined : [...props.layerArns],
      memorySize: props.memoryMiB ?? 256,
      timeout: props.timeoutSeconds ?? 30,
      ephemeralStorage: ephemeralStorageMiB === undefined ? undefined : { size: ephemeralStorageMiB },
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      environment:
        environment === undefined || Object.keys(environment).length === 0
          ? undefined
          : { variables: { ...environment } },
      kmsKeyArn: props.kmsKeyArn,
      vpcConfig:
        props.subnetIds === undefined
          ? undefined
          : { subnetIds: [...props.subnetIds], securityGroupIds: [...(props.securityGroupIds ?? [])] },
      loggingConfig: { logFormat: props.logFormat ?? 'JSON', logGroup: this.logGroup.name },
      tracingConfig: { mode: props.tracing ?? 'PassThrough' },
      deadLetterConfig: props.deadLetter === undefined ? undefined : { targetArn: destinationArn(props.deadLetter) },
      tags,
      // Lambda checks at creation that the role can access the VPC and the dead-letter target.
      dependsOn: [this.role.policy!],
    });

    this.eventInvokeConfig = this.asynchronous(props);
    for (const trigger of props.eventTriggers ?? []) this.trigger(props, trigger);
    this.alarms =
      props.alarms === undefined
        ? undefined
        : new FunctionAlarms(this, 'alarms', {
            ...props.alarms,
            functionName: this.functionName,
            name: functionName,
            timeoutSeconds: props.timeoutSeconds ?? 30,
            tags: props.tags,
          });
  }

  get functionName(): string {
    return this.resource.functionName;
  }

  get functionArn(): string {
    return this.resource.arn;
  }

  /**
   * Lets a principal invoke the function.
   *
   * @param name Name of the permission in construct id and statement id; unique in the function.
   * @throws ValidationError when the name is invalid, or a service could invoke it on behalf of any account.
   */
  allowInvoke(name: string, permission: InvokePermission): LambdaPermission {
    const problems = new Problems(this);
    checkName(problems, 'name', name, TRIGGER_NAME);
    problems.check(isResolved(name), 'name: the name is known only to Terraform; use a literal string');
    problems.check(
      !isResolved(name) || this.node.tryFindChild(`allow-${name}`) === undefined,
      `name: "${name}" is already used; give each permission its own name`,
    );
    const { principal, sourceArn, sourceAccount } = permission;
    problems.check(
      !isResolved(principal) ||
        !principal.endsWith('.amazonaws.com') ||
        sourceArn !== undefined ||
        sourceAccount !== undefined,
      `principal: "${principal}" could act for any account; set sourceArn or sourceAccount`,
    );
    problems.throwIfAny();
    const made = new LambdaPermission(this, `allow-${name}`, {
      functionName: this.functionName,
      statementId: name,
      action: 'lambda:InvokeFunction',
      principal,
      sourceArn,
      sourceAccount,
    });
    this.permissions.push(made);
    return made;
  }

  private code(archive: CodeArchive): TerraformAsset {
    return new TerraformAsset(this, 'code', {
      path: archive.path,
      assetHash: archive.sha256.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 32),
      type: AssetType.FILE,
    });
  }

  private statements(props: LambdaFunctionProps): IamStatement[] {
    const anywhere = { resources: ['*'], allowAllResources: true };
    return [
      {
        sid: 'WriteLogs',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [`${this.logGroup.arn}:*`],
      },
      ...(props.subnetIds === undefined
        ? []
        : [
            {
              // None of them can be restricted to a resource before it exists: AWSLambdaVPCAccessExecutionRole has the
              // same.
              sid: 'ConnectToVpc',
              actions: [
                'ec2:CreateNetworkInterface',
                'ec2:DescribeNetworkInterfaces',
                'ec2:DescribeSubnets',
                'ec2:DeleteNetworkInterface',
                'ec2:AssignPrivateIpAddresses',
                'ec2:UnassignPrivateIpAddresses',
              ],
              ...anywhere,
            },
          ]),
      ...(props.kmsKeyArn === undefined
        ? []
        : [{ sid: 'DecryptEnvironment', actions: ['kms:Decrypt'], resources: [props.kmsKeyArn] }]),
      ...(props.tracing === 'Active'
        ? [{ sid: 'Trace', actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], ...anywhere }]
        : []),
      ...(props.deadLetter === undefined ? [] : [destinationStatement('DeadLetter', props.deadLetter)]),
      ...(props.onFailure === undefined ? [] : [destinationStatement('OnFailure', props.onFailure)]),
      ...(props.onSuccess === undefined ? [] : [destinationStatement('OnSuccess', props.onSuccess)]),
      ...(props.roleStatements ?? []),
    ];
  }

  private asynchronous(props: LambdaFunctionProps): LambdaFunctionEventInvokeConfig | undefined {
    const { maximumRetryAttempts, maximumEventAgeSeconds, onFailure, onSuccess } = props;
    if (
      maximumRetryAttempts === undefined &&
      maximumEventAgeSeconds === undefined &&
      onFailure === undefined &&
      onSuccess === undefined
    )
      return undefined;
    return new LambdaFunctionEventInvokeConfig(this, 'event-invoke-config', {
      functionName: this.functionName,
      maximumRetryAttempts: maximumRetryAttempts ?? 2,
      maximumEventAgeInSeconds: maximumEventAgeSeconds ?? 21600,
      destinationConfig:
        onFailure === undefined && onSuccess === undefined
          ? undefined
          : {
              onFailure: onFailure === undefined ? undefined : { destination: destinationArn(onFailure) },
              onSuccess: onSuccess === undefined ? undefined : { destination: destinationArn(onSuccess) },
            },
    });
  }

  private trigger(props: LambdaFunctionProps, trigger: EventTrigger): void {
    const { name, input } = trigger;
    const rule = new CloudwatchEventRule(this, `rule-${name}`, {
      name: ruleName(props.functionName, trigger),
      description: trigger.description,
      eventPattern: eventPatternOf(trigger),
      scheduleExpression: trigger.scheduleExpression,
      state: (trigger.enabled ?? true) ? 'ENABLED' : 'DISABLED',
      tags: props.tags === undefined ? undefined : { ...props.tags },
    });
    const permission = this.allowInvoke(name, { principal: 'events.amazonaws.com', sourceArn: rule.arn });
    const { maximumRetryAttempts, maximumEventAgeSeconds, deadLetterQueueArn } = trigger;
    const target = new CloudwatchEventTarget(this, `target-${name}`, {
      rule: rule.name,
      targetId: name,
      arn: this.functionArn,
      input: input === undefined ? undefined : terraformJson(input),
      retryPolicy:
        maximumRetryAttempts === undefined && maximumEventAgeSeconds === undefined
          ? undefined
          : {
              maximumRetryAttempts: maximumRetryAttempts ?? 185,
              maximumEventAgeInSeconds: maximumEventAgeSeconds ?? 86400,
            },
      deadLetterConfig: deadLetterQueueArn === undefined ? undefined : { arn: deadLetterQueueArn },
      dependsOn: [permission],
    });
    this.eventRules.push(rule);
    this.eventTargets.push(target);
  }

  private check(props: LambdaFunctionProps, logGroupName: string): CodeArchive | undefined {
    const problems = new Problems(this);
    checkName(problems, 'functionName', props.functionName, FUNCTION_NAME);
    checkName(problems, 'logGroupName', logGroupName, LOG_GROUP_NAME);
    problems.check(
      !isResolved(props.description) || props.description.length <= 256,
      `description: has ${props.description?.length} characters, Lambda takes at most 256; shorten it`,
    );
    problems.check(
      !isResolved(props.runtime) || /^(nodejs|python|java|dotnet|ruby|provided)[a-z0-9.]*$/.test(props.runtime),
      `runtime: "${props.runtime}" is not a Lambda runtime; use one such as nodejs22.x or python3.13`,
    );
    checkOneOf(problems, 'architecture', props.architecture, ['arm64', 'x86_64']);
    checkInteger(problems, 'memoryMiB', props.memoryMiB, { min: 128, max: 10240, unit: 'MiB' });
    checkInteger(problems, 'timeoutSeconds', props.timeoutSeconds, { min: 1, max: 900, unit: 'seconds' });
    checkInteger(problems, 'ephemeralStorageMiB', props.ephemeralStorageMiB, { min: 512, max: 10240, unit: 'MiB' });
    checkInteger(problems, 'reservedConcurrentExecutions', props.reservedConcurrentExecutions, {
      min: 0,
      max: 1_000_000,
    });
    checkLogRetentionDays(problems, 'logRetentionDays', props.logRetentionDays);
    checkOneOf(problems, 'logFormat', props.logFormat, ['JSON', 'Text']);
    checkOneOf(problems, 'tracing', props.tracing, ['Active', 'PassThrough']);
    problems.check(
      (props.layerArns?.length ?? 0) <= 5,
      `layerArns: ${props.layerArns?.length} layers are more than the 5 that Lambda allows; merge some`,
    );
    const subnets = props.subnetIds?.length ?? 0;
    const groups = props.securityGroupIds?.length ?? 0;
    problems.check(
      (props.subnetIds === undefined && props.securityGroupIds === undefined) || (subnets > 0 && groups > 0),
      `subnetIds: ${subnets} subnets and ${groups} securityGroupIds are set; set at least one of each, or ` +
        `neither for no VPC`,
    );
    checkEnvironment(problems, props.environment ?? {});
    checkInteger(problems, 'maximumRetryAttempts', props.maximumRetryAttempts, { min: 0, max: 2 });
    checkInteger(problems, 'maximumEventAgeSeconds', props.maximumEventAgeSeconds, {
      min: 60,
      max: 21600,
      unit: 'seconds',
    });
    checkDestination(problems, 'deadLetter', props.deadLetter, ['sqsQueueArn', 'snsTopicArn']);
    checkDestination(problems, 'onFailure', props.onFailure, [
      'sqsQueueArn',
      'snsTopicArn',
      'functionArn',
      'eventBusArn',
    ]);
    checkDestination(problems, 'onSuccess', props.onSuccess, [
      'sqsQueueArn',
      'snsTopicArn',
      'functionArn',
      'eventBusArn',
    ]);
    checkTriggers(problems, props.functionName, props.eventTriggers ?? []);
    const { outdir = 'cdktf.out' } = this.node.root as { readonly outdir?: string };
    const archive = checkCode(problems, props, outdir);
    problems.throwIfAny();
    return archive;
  }
}

function checkCode(problems: Problems, props: LambdaFunctionProps, outdir: string): CodeArchive | undefined {
  const { codeDirectory, codeS3Bucket, codeS3Key, codeS3ObjectVersion } = props;
  const inS3 = codeS3Bucket !== undefined || codeS3Key !== undefined || codeS3ObjectVersion !== undefined;
  if (codeDirectory === undefined) {
    problems.check(
      codeS3Bucket !== undefined && codeS3Key !== undefined,
      'codeDirectory: there is no code; set a folder, or codeS3Bucket and codeS3Key',
    );
    return undefined;
  }
  problems.check(!inS3, 'codeDirectory: set together with codeS3Bucket or codeS3Key; leave one of them out');
  if (!isResolved(codeDirectory)) {
    problems.add('codeDirectory: a folder known only to Terraform cannot be zipped; use a literal path');
    return undefined;
  }
  if (!existsSync(codeDirectory) || codeFiles(codeDirectory).length === 0) {
    problems.add(
      `codeDirectory: "${codeDirectory}" is not a folder with files; build the code first, or set another folder`,
    );
    return undefined;
  }
  checkHandler(problems, codeDirectory, props.handler ?? 'index.handler', props.runtime ?? 'nodejs22.x');
  try {
    return codeArchive(codeDirectory, outdir);
  } catch (error) {
    problems.add(`codeDirectory: "${codeDirectory}" ${(error as Error).message}`);
    return undefined;
  }
}

function checkHandler(problems: Problems, codeDirectory: string, handler: string, runtime: string): void {
  if (!isResolved(handler) || !isResolved(runtime) || !runtime.startsWith('nodejs')) return;
  const file = handler.slice(0, handler.lastIndexOf('.'));
  const there =
    handler.includes('.') &&
    ['js', 'mjs', 'cjs'].some((extension) => existsSync(join(codeDirectory, `${file}.${extension}`)));
  problems.check(
    there,
    `handler: "${handler}" names a file that is not in "${codeDirectory}"; write <file without ` +
      'extension>.<export>, such as index.handler',
  );
}
