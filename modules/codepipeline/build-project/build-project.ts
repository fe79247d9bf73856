import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project';
import { AwsAccount, Problems, checkInteger, checkLogRetentionDays, checkName, checkOneOf } from '@strata/core';
import { buildspecText, type Buildspec, type CpuArchitecture } from '../buildspec';
import { ServiceRole, type IamStatement } from '@strata/iam';
import { Construct } from 'constructs';
import { isCodeBuildImage, pullStatements } from './build-image';
import { checkSecrets, secretStatements } from './build-secrets';
import { PROJECT_NAME } from './names';

export interface BuildProjectProps {
  /** 2 to 150 characters. Changing it replaces the project, and build numbers start again at 1. */
  readonly projectName: string;
  /** @default none */
  readonly description?: string;
  readonly buildspec: Buildspec;
  /**
   * `pipeline`: a CodePipeline action passes in the source and collects the artifacts. `none`: no source and no
   * artifacts; anything may start it.
   */
  readonly source: 'pipeline' | 'none';

  /** Environment variables. Not for secrets: anyone who can view the project sees them. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Environment variable -> full ARN of a secret in Secrets Manager, which the build may then read; `:<json-key>` may
   * follow.
   * @default none
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** What the build runs on. @default ARM64 */
  readonly cpuArchitecture?: CpuArchitecture;
  /** Build image; an image in ECR is pulled with the build's role. @default CodeBuild's own, Amazon Linux 2023 */
  readonly image?: string;
  /** CodeBuild compute type; billed per minute. @default BUILD_GENERAL1_SMALL */
  readonly computeType?: string;
  /** Whether the build may run Docker, which gives it full control of its host. @default false */
  readonly privileged?: boolean;
  /**
   * Whether image layers are cached on the build host, for a later build that runs on the same host. Needs
   * `privileged`.
   * @default false
   */
  readonly layerCache?: boolean;
  /** Build timeout in minutes, 5 to 2160. @default 30 */
  readonly timeoutMinutes?: number;
  /** Minutes a build may stay queued, 5 to 480. @default 60 */
  readonly queuedTimeoutMinutes?: number;

  /** What the build may do in AWS besides writing its logs. @default nothing */
  readonly roleStatements?: readonly IamStatement[];
  /** @default `<projectName>-role` */
  readonly roleName?: string;
  /** Managed policy that limits the role. @default none */
  readonly permissionsBoundaryArn?: string;
  /** KMS key of the artifacts. @default Amazon S3's own key of the account */
  readonly encryptionKeyArn?: string;
  /** Days that logs are kept, one of `LOG_RETENTION_DAYS` of `@strata/core`. @default 30 */
  readonly logRetentionDays?: number;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

const ENVIRONMENT = {
  ARM64: { type: 'ARM_CONTAINER', image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' },
  X86_64: { type: 'LINUX_CONTAINER', image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0' },
} as const;

/** Compute types that can run Docker. Lambda compute types cannot. */
const COMPUTE_TYPE = /^BUILD_GENERAL1_(SMALL|MEDIUM|LARGE|XLARGE|2XLARGE)$/;

/** A CodeBuild project whose role has the permissions in `roleStatements` and may write to its own log group. */
export class BuildProject extends Construct {
  readonly resource: CodebuildProject;
  readonly role: ServiceRole;
  readonly logGroup: CloudwatchLogGroup;
  readonly projectName: string;
  /** Built from the name, so that a role or a rule can refer to it before the project exists. */
  readonly projectArn: string;

  /** @throws ValidationError naming every prop that CodeBuild would refuse. */
  constructor(scope: Construct, id: string, props: BuildProjectProps) {
    super(scope, id);
    check(this, props);
    const account = AwsAccount.of(this);
    const { accountId, partition, region } = account;
    const architecture = ENVIRONMENT[props.cpuArchitecture ?? 'ARM64'];
    const secrets = Object.entries(props.secrets ?? {});
    const tags = props.tags === undefined ? undefined : { ...props.tags };
    this.projectName = props.projectName;
    this.projectArn = `arn:${partition}:codebuild:${region}:${accountId}:project/${props.projectName}`;

    this.logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/codebuild/${props.projectName}`,
      retentionInDays: props.logRetentionDays ?? 30,
      tags,
    });
    this.role = new ServiceRole(this, 'role', {
      roleName: props.roleName ?? `${props.projectName}-role`,
      service: 'codebuild.amazonaws.com',
      sourceAccount: accountId,
      sourceArn: this.projectArn,
      permissionsBoundaryArn: props.permissionsBoundaryArn,
      tags: props.tags,
      statements: [
        {
          sid: 'WriteLogs',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${this.logGroup.arn}:*`],
        },
        ...secretStatements(props.secrets ?? {}, account),
        ...pullStatements(props.image, partition),
        ...(props.roleStatements ?? []),
      ],
    });
    this.resource = new CodebuildProject(this, 'resource', {
      name: props.projectName,
      description: props.description,
      serviceRole: this.role.roleArn,
      encryptionKey: props.encryptionKeyArn,
      buildTimeout: props.timeoutMinutes ?? 30,
      queuedTimeout: props.queuedTimeoutMinutes ?? 60,
      source: {
        type: props.source === 'pipeline' ? 'CODEPIPELINE' : 'NO_SOURCE',
        buildspec: forTerraform(buildspecText(props.buildspec)),
      },
      artifacts: { type: props.source === 'pipeline' ? 'CODEPIPELINE' : 'NO_ARTIFACTS' },
      cache: (props.layerCache ?? false) ? { type: 'LOCAL', modes: ['LOCAL_DOCKER_LAYER_CACHE'] } : undefined,
      environment: {
        type: architecture.type,
        image: props.image ?? architecture.image,
        computeType: props.computeType ?? 'BUILD_GENERAL1_SMALL',
        imagePullCredentialsType: isCodeBuildImage(props.image) ? 'CODEBUILD' : 'SERVICE_ROLE',
        privilegedMode: props.privileged ?? false,
        environmentVariable: [
          ...Object.entries(props.environment ?? {}).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' })),
          ...secrets.map(([name, value]) => ({ name, value, type: 'SECRETS_MANAGER' })),
        ],
      },
      logsConfig: { cloudwatchLogs: { groupName: this.logGroup.name, status: 'ENABLED' } },
      tags,
      // A build must not start before its role has its permissions.
      dependsOn: this.role.policy && [this.role.policy],
    });
  }
}

/** Escapes the shell's `${…}` and `%{…}`, which Terraform would interpolate. */
function forTerraform(text: string): string {
  return text.replaceAll(/[$%](?=\{)/g, '$&$&');
}

function check(scope: Construct, props: BuildProjectProps): void {
  const problems = new Problems(scope);
  checkName(problems, 'projectName', props.projectName, PROJECT_NAME);
  checkOneOf(problems, 'source', props.source, ['pipeline', 'none']);
  checkOneOf(problems, 'cpuArchitecture', props.cpuArchitecture, ['ARM64', 'X86_64']);
  checkInteger(problems, 'timeoutMinutes', props.timeoutMinutes, { min: 5, max: 2160, unit: 'minutes' });
  checkInteger(problems, 'queuedTimeoutMinutes', props.queuedTimeoutMinutes, { min: 5, max: 480, unit: 'minutes' });
  checkLogRetentionDays(problems, 'logRetentionDays', props.logRetentionDays);
  problems.check(
    props.computeType === undefined || COMPUTE_TYPE.test(props.computeType),
    `computeType: "${props.computeType}" is not a CodeBuild compute type; use one such as BUILD_GENERAL1_SMALL, ` +
      'BUILD_GENERAL1_MEDIUM or BUILD_GENERAL1_LARGE',
  );
  problems.check(
    props.layerCache !== true || props.privileged === true,
    'layerCache: only a build that runs Docker has image layers; set privileged too, or leave it out',
  );
  checkSecrets(problems, props.secrets);
  for (const name of Object.keys(props.secrets ?? {})) {
    problems.check(
      props.environment?.[name] === undefined,
      `secrets: "${name}" is in environment too; leave it out there`,
    );
  }
  for (const name of [...Object.keys(props.environment ?? {}), ...Object.keys(props.secrets ?? {})]) {
    problems.check(
      /^[A-Za-z_][A-Za-z0-9_]*$/.test(name),
      `environment: "${name}" is not the name of an environment variable; use letters, digits and underscores`,
    );
    problems.check(
      !name.startsWith('CODEBUILD_'),
      `environment: "${name}" starts with "CODEBUILD_", which CodeBuild reserves; choose another name`,
    );
  }
  problems.throwIfAny();
}
