import {
  ContainerPipeline,
  type BlueGreenEcsDeployment,
  type ContainerPipelineProps,
  type EndpointDeployment,
  type RollingEcsDeployment,
} from '@strata/codepipeline';
import { parseTerraformJson } from '../../../support/parse-json';
import { synthResources } from '../../../support/synth-resources';

const arn = (rest: string): string => `arn:aws:${rest}`;

const service = {
  name: 'dev',
  clusterName: 'shop',
  serviceName: 'app-web-service',
  containerName: 'app-web',
  taskDefinitionFamily: 'app-web-td',
  imageParameterName: '/shop/dev/images/app-web',
  executionRoleArn: arn('iam::123456789012:role/execution'),
  taskRoleArn: arn('iam::123456789012:role/task'),
};
export const rolling: RollingEcsDeployment = { ...service, type: 'rolling' };
export const blueGreen: BlueGreenEcsDeployment = {
  ...service,
  type: 'blue-green',
  containerPort: 8000,
  listenerArn: arn('elasticloadbalancing:r:1:listener/app/web/1/2'),
  targetGroupName: 'blue',
  greenTargetGroupName: 'green',
};
export const endpoint: EndpointDeployment = {
  type: 'endpoint',
  name: 'dev',
  functionName: 'deploy-endpoint',
  functionArn: arn('lambda:r:1:function:deploy-endpoint'),
  imageParameterName: '/shop/dev/images/model-endpoint',
};
export const props: ContainerPipelineProps = {
  pipelineName: 'app-web-pipeline',
  source: { provider: 'CodeCommit', repositoryName: 'app-web' },
  repositoryUrl: '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/app-web',
  repositoryArn: arn('ecr:ap-northeast-2:123456789012:repository/app-web'),
  artifactStore: { bucketName: 'artifacts', bucketArn: arn('s3:::artifacts') },
  deployments: [rolling],
};

interface Action {
  readonly name: string;
  readonly provider: string;
  readonly run_order?: number;
  readonly configuration: Readonly<Record<string, string>>;
  readonly input_artifacts?: readonly string[];
  readonly output_artifacts?: readonly string[];
  readonly role_arn?: string;
}
interface Stage {
  readonly name: string;
  readonly action: readonly Action[];
  readonly on_failure?: object;
}
interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: object;
}
interface Project {
  readonly name: string;
  readonly build_timeout: number;
  readonly environment: {
    readonly privileged_mode: boolean;
    readonly type: string;
    readonly environment_variable: readonly { readonly name: string; readonly value: string }[];
  };
  readonly cache?: object;
  readonly source: { readonly buildspec: string };
}

/** A pipeline with the defaults above, and ways to look at what was made. */
export function synth(more: Partial<ContainerPipelineProps> = {}) {
  const made = synthResources((scope) => new ContainerPipeline(scope, 'pipeline', { ...props, ...more }));
  const pipeline = made.one('aws_codepipeline') as unknown as {
    readonly stage: readonly Stage[];
    readonly trigger?: readonly object[];
    readonly artifact_store: readonly object[];
  };
  const project = (name: string): Project => {
    const found = made.all('aws_codebuild_project').find((one) => one.name === name);
    if (found === undefined)
      throw new Error(
        `no project ${name}, only ${made
          .all('aws_codebuild_project')
          .map((one) => String(one.name))
          .join(', ')}`,
      );
    return found as unknown as Project;
  };
  return {
    ...made,
    pipeline,
    project,
    projects: made
      .all('aws_codebuild_project')
      .map((one) => String(one.name))
      .sort(),
    stages: pipeline.stage.map(({ name, action }) => `${name}: ${action.map((one) => one.name).join(', ')}`),
    action: (stage: string, name: string): Action =>
      pipeline.stage.find((one) => one.name === stage)!.action.find((one) => one.name === name)!,
    variables: (name: string): Record<string, string> =>
      Object.fromEntries(project(name).environment.environment_variable.map((one) => [one.name, one.value])),
    /** What the role of a name may do. */
    statements: (role: string): readonly Statement[] => {
      const roles = Object.entries(made.raw('aws_iam_role'));
      const [id] = roles.find(([, one]) => one.name === role) ?? [undefined];
      if (id === undefined)
        throw new Error(`no role ${role}, only ${roles.map(([, one]) => String(one.name)).join(', ')}`);
      const policy = made.all('aws_iam_role_policy').find((one) => String(one.role).includes(`aws_iam_role.${id}.`))!;
      return parseTerraformJson<{ Statement: Statement[] }>(policy.policy).Statement;
    },
  };
}
