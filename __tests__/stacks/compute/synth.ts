import { ComputeStack, type ComputeConfigInput, type ComputeStackProps } from '@strata/stack-compute';

import { layerJson, SHOP_DEV } from '../../support/synth-layer';

type Attributes = Record<string, unknown>;
export type Options = Partial<ComputeStackProps>;

/** The layer's JSON, with a fixed backend. */
export function json(options: Options = {}): string {
  return layerJson((app) => new ComputeStack(app, 'compute', { ...SHOP_DEV, ...options }));
}

/** The layer with a configuration, by resource type, name and output. */
export function synth(config: ComputeConfigInput = {}, options: Options = {}) {
  const parsed = JSON.parse(json({ config, ...options })) as {
    readonly resource: Record<string, Record<string, Attributes>>;
    readonly data: Record<string, Record<string, Attributes>>;
    readonly check: Record<string, { readonly assert: readonly Attributes[] }>;
    readonly output: Record<string, { readonly value: unknown }>;
    readonly provider: { readonly aws: readonly Attributes[] };
  };
  const all = (type: string): Attributes[] => Object.values(parsed.resource[type] ?? {});
  const named = (type: string, name: string): Attributes => {
    const found = all(type).find((attributes) => [attributes.name, attributes.family].includes(name));
    if (found === undefined)
      throw new Error(
        `no ${type} named ${name}, only ${all(type)
          .map((one) => one.name ?? one.family)
          .join(', ')}`,
      );
    return found;
  };
  const idOf = (type: string, name: string): string =>
    Object.entries(parsed.resource[type]!).find(([, one]) => one.name === name || one.family === name)![0];
  return {
    ...parsed,
    all,
    named,
    idOf,
    names: (type: string): string[] =>
      all(type)
        .map((one) => String(one.name ?? one.family))
        .sort(),
    /** The rules that let traffic into a security group: where from, and on which port. */
    ingress: (group: string) =>
      all('aws_vpc_security_group_ingress_rule')
        .filter((rule) => String(rule.security_group_id).includes(`.${idOf('aws_security_group', group)}.`))
        .map((rule) => ({
          from:
            rule.cidr_ipv4 ?? rule.cidr_ipv6 ?? groupName(parsed.resource, String(rule.referenced_security_group_id)),
          port: rule.from_port,
        })),
    /** A service's container definitions, with Terraform's own expressions as text. */
    containers: (family: string): string => String(named('aws_ecs_task_definition', family).container_definitions),
    /** The statements of the policies on a role. */
    statements: (role: string): { readonly Action: string[]; readonly Resource: string[] }[] =>
      all('aws_iam_role_policy')
        .filter((policy) => String(policy.role).includes(`.${idOf('aws_iam_role', role)}.`))
        .flatMap(
          (policy) =>
            (
              JSON.parse(withoutExpressions(String(policy.policy))) as {
                Statement: { Action: string[]; Resource: string[] }[];
              }
            ).Statement,
        ),
    outputs: Object.fromEntries(Object.entries(parsed.output).map(([name, { value }]) => [name, value])),
  };
}

function groupName(resource: Record<string, Record<string, Attributes>>, reference: string): unknown {
  const [, id = ''] = /aws_security_group\.([^.]+)\./.exec(reference) ?? [];
  return resource.aws_security_group?.[id]?.name;
}

/** JSON in which Terraform's `${jsonencode(...)}` stand as text. */
function withoutExpressions(json: string): string {
  return json.replaceAll(/\$\{jsonencode\((.*?)\)\}(?=[,\]}])/g, (_, expression: string) => JSON.stringify(expression));
}
