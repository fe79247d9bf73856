// A prop's docstring and its key in a configuration say the same sentence and the same default.
import { defaultsOf } from '@strata/core/rules';
import {
  containerHealthCheck,
  containerOptions,
  fargateServiceOptions,
  scalingOptions,
  taskOptions,
} from '@strata/ecs/rules';
import { alarmOptions, serviceHttps, serviceOptions } from '@strata/ecs-patterns/rules';
import { loadBalancerOptions, targetGroupOptions } from '@strata/elb/rules';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';

const modules = join(__dirname, '../../../../modules');
const cases: [string, string, z.ZodObject][] = [
  ['elb/application-load-balancer/target-group-options.ts', 'TargetGroupOptions', targetGroupOptions],
  ['elb/application-load-balancer/load-balancer-options.ts', 'LoadBalancerOptions', loadBalancerOptions],
  ['ecs/fargate-service/container-options.ts', 'ContainerProps', containerOptions],
  ['ecs/fargate-service/container-options.ts', 'ContainerHealthCheck', containerHealthCheck],
  ['ecs/fargate-service/task-options.ts', 'TaskOptions', taskOptions],
  ['ecs/fargate-service/service-options.ts', 'FargateServiceOptions', fargateServiceOptions],
  ['ecs/service-autoscaling/scaling-options.ts', 'ScalingOptions', scalingOptions],
  ['ecs-patterns/service-alarms/alarm-options.ts', 'AlarmOptions', alarmOptions],
  ['ecs-patterns/load-balanced-service/service-options.ts', 'ServiceHttps', serviceHttps],
  ['ecs-patterns/load-balanced-service/service-options.ts', 'ServiceOptions', serviceOptions],
];
/** How a docstring writes an empty list or map. */
const EMPTY = ['none', 'nothing'];

test.each(cases)('%s: %s', (file, name, schema) => {
  const props = docsOf(join(modules, file), name);
  expect(props.length).toBeGreaterThan(3);
  const defaults = defaultsOf(schema);
  for (const { key, text, fallback } of props) {
    const { description } = schema.shape[key] as z.ZodType;
    if (!(key in defaults)) {
      expect([key, description]).toEqual([
        key,
        fallback === undefined ? text.replace(/\.$/, '') : `${text} Default: ${fallback}`,
      ]);
      continue;
    }
    expect([key, description]).toEqual([key, text.replace(/\.$/, '')]);
    const isEmpty = ['[]', '{}'].includes(JSON.stringify(defaults[key]));
    expect([key, fallback?.replace(/:.*/, '')]).toEqual([
      key,
      isEmpty ? expect.stringMatching(`^(${EMPTY.join('|')})`) : String(defaults[key]),
    ]);
  }
});

function docsOf(file: string, name: string) {
  const [, body] =
    new RegExp(`export interface ${name}\\b[^{]*\\{\n(.*?)\n\\}`, 's').exec(readFileSync(file, 'utf8')) ?? [];
  if (body === undefined) throw new Error(`${file} has no interface ${name}`);
  const props = [...body.matchAll(/(?:\/\*\*((?:(?!\*\/).)*)\*\/\s*)?readonly (\w+)\??:/gs)];
  return props.map(([, comment = '', key = '']) => {
    const doc = comment
      .replace(/\s*\n\s*\*\s?/g, ' ')
      .replaceAll('`', '')
      .replace(/\s+/g, ' ')
      .trim();
    const [text = '', fallback] = doc.split(/ ?@default /);
    return { key, text, fallback };
  });
}
