import { phase, type Buildspec } from './buildspec';
import { requireVariables } from './shell';

/** Lifecycle events during which CodeDeploy calls a function. */
export type LifecycleHook =
  | 'BeforeInstall'
  | 'AfterInstall'
  | 'AfterAllowTestTraffic'
  | 'BeforeAllowTraffic'
  | 'AfterAllowTraffic';

export interface DeployFilesOptions {
  /** Event -> name or ARN of a Lambda function. The AppSpec calls them in CodeDeploy's order. @default none */
  readonly lifecycleHooks?: Readonly<Partial<Record<LifecycleHook, string>>>;
  /**
   * Whether the AppSpec says where the tasks run: the project then sets `SUBNET_IDS` and `SECURITY_GROUP_IDS`, separated
   * by commas, `ASSIGN_PUBLIC_IP` and `PLATFORM_VERSION`.
   * @default false: as the service had it when it was created
   */
  readonly network?: boolean;
}

/** The variables that the project sets for the two files. */
export function deployFilesVariables({ network = false }: DeployFilesOptions): string[] {
  return ['CONTAINER_NAME', 'CONTAINER_PORT', 'TASK_DEFINITION_FAMILY', ...(network ? NETWORK_VARIABLES : [])];
}

const NETWORK_VARIABLES = ['SUBNET_IDS', 'SECURITY_GROUP_IDS', 'ASSIGN_PUBLIC_IP', 'PLATFORM_VERSION'];

/** Files that CodeDeploy's action reads besides the image. */
export const deployFilesArtifacts: readonly string[] = ['taskdef.json', 'appspec.yaml'];

/** Fields that DescribeTaskDefinition returns and RegisterTaskDefinition does not accept. */
export const READ_ONLY_FIELDS: readonly string[] = [
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
];

const HOOKS: readonly LifecycleHook[] = [
  'BeforeInstall',
  'AfterInstall',
  'AfterAllowTestTraffic',
  'BeforeAllowTraffic',
  'AfterAllowTraffic',
];

/**
 * Writes the task definition and the AppSpec of a blue/green deployment.
 *
 * The task definition is a copy of the family's latest revision, with a placeholder for the image only. Under
 * CodeDeploy Terraform does not update the service, so a change by Terraform reaches the service with the next
 * deployment.
 */
export function deployFilesCommands({ lifecycleHooks = {}, network = false }: DeployFilesOptions): string[] {
  const hooks = HOOKS.filter((hook) => lifecycleHooks[hook] !== undefined).map(
    (hook) => `  - ${hook}: "${lifecycleHooks[hook]}"`,
  );
  const lines = [
    'version: 0.0',
    'Resources:',
    '  - TargetService:',
    '      Type: AWS::ECS::Service',
    '      Properties:',
    '        TaskDefinition: <TASK_DEFINITION>',
    '        LoadBalancerInfo:',
    '          ContainerName: "$CONTAINER_NAME"',
    '          ContainerPort: $CONTAINER_PORT',
    ...(network ? NETWORK : []),
    ...(hooks.length > 0 ? ['Hooks:', ...hooks] : []),
  ];
  const filter =
    'if any(.taskDefinition.containerDefinitions[]; .name == $name) then .taskDefinition | ' +
    `del(${READ_ONLY_FIELDS.map((key) => `.${key}`).join(', ')})` +
    ' | .containerDefinitions |= map(if .name == $name then .image = "<IMAGE1_NAME>" else . end)' +
    ' else error("the task definition has no container " + $name) end';
  return [
    'aws ecs describe-task-definition --task-definition "$TASK_DEFINITION_FAMILY" --output json > ' +
      '/tmp/latest-revision.json',
    `jq --arg name "$CONTAINER_NAME" '${filter}' /tmp/latest-revision.json > taskdef.json`,
    `printf '%s\\n' ` +
      `${lines.map((line) => (line.includes('$') ? `"${line.replaceAll('"', '\\"')}"` : `'${line}'`)).join(' ')} ` +
      '> appspec.yaml',
  ];
}

const NETWORK = [
  '        PlatformVersion: "$PLATFORM_VERSION"',
  '        NetworkConfiguration:',
  '          AwsvpcConfiguration:',
  '            Subnets: [$SUBNET_IDS]',
  '            SecurityGroups: [$SECURITY_GROUP_IDS]',
  '            AssignPublicIp: "$ASSIGN_PUBLIC_IP"',
];

/**
 * Rewrites the two files for a deployment that does not directly follow the build: while it waited for approval,
 * Terraform may have changed the task definition. The project sets what `deployFilesVariables` names.
 */
export function deployFilesBuildspec(options: DeployFilesOptions = {}): Buildspec {
  return {
    version: 0.2,
    phases: {
      build: phase([requireVariables(deployFilesVariables(options)), ...deployFilesCommands(options)]),
    },
    artifacts: { files: deployFilesArtifacts },
  };
}
