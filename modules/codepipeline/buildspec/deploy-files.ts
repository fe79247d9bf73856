import { phase, type Buildspec } from './buildspec';
import { requireVariables } from './shell';

/** Functions that CodeDeploy calls during a deployment, by event. */
export type LifecycleHook =
  | 'BeforeInstall'
  | 'AfterInstall'
  | 'AfterAllowTestTraffic'
  | 'BeforeAllowTraffic'
  | 'AfterAllowTraffic';

export interface DeployFilesOptions {
  /** Event -> name or ARN of a Lambda function. The AppSpec calls them in CodeDeploy's order. @default none */
  readonly lifecycleHooks?: Readonly<Partial<Record<LifecycleHook, string>>>;
}

/** What CodeDeploy's action reads beside the image. */
export const deployFilesArtifacts: readonly string[] = ['taskdef.json', 'appspec.yaml'];

/** What a description of a revision has that its registration takes no part of. */
const READ_ONLY = [
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
 * The task definition is a copy of the family's latest revision, in which only the image is left open: under CodeDeploy
 * Terraform does not update the service, so what Terraform changed reaches it with the next deployment.
 */
export function deployFilesCommands({ lifecycleHooks = {} }: DeployFilesOptions): string[] {
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
    ...(hooks.length > 0 ? ['Hooks:', ...hooks] : []),
  ];
  const filter =
    'if any(.taskDefinition.containerDefinitions[]; .name == $name) then .taskDefinition | ' +
    `del(${READ_ONLY.map((key) => `.${key}`).join(', ')})` +
    ' | .containerDefinitions |= map(if .name == $name then .image = "<IMAGE1_NAME>" else . end)' +
    ' else error("the task definition has no container " + $name) end';
  return [
    'aws ecs describe-task-definition --task-definition "$TASK_DEFINITION_FAMILY" --output json > ' +
      '/tmp/latest-revision.json',
    `jq --arg name "$CONTAINER_NAME" '${filter}' /tmp/latest-revision.json > taskdef.json`,
    `printf '%s\\n' ` +
      `${lines.map((line) => (line.includes('$CONTAINER') ? `"${line.replaceAll('"', '\\"')}"` : `'${line}'`)).join(' ')} ` +
      '> appspec.yaml',
  ];
}

/**
 * Writes the two files anew, for a deployment that does not follow the build at once: while it waited for an approval,
 * Terraform may have changed the task definition. The project sets `CONTAINER_NAME`, `CONTAINER_PORT` and
 * `TASK_DEFINITION_FAMILY`.
 */
export function deployFilesBuildspec(options: DeployFilesOptions = {}): Buildspec {
  return {
    version: 0.2,
    phases: {
      build: phase([
        requireVariables(['CONTAINER_NAME', 'CONTAINER_PORT', 'TASK_DEFINITION_FAMILY']),
        ...deployFilesCommands(options),
      ]),
    },
    artifacts: { files: deployFilesArtifacts },
  };
}
