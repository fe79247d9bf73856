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
test.each(cases)('%s: %s', (file, name, schema) => {
  const props = docsOf(join(modules, file), name);
  expect(props.length).toBeGreaterThan(3);
  const defaults = defaultsOf(schema);
  const said = props.map(({ key }) => [key, (schema.shape[key] as z.ZodType).description]);
  expect(said).toEqual(
    props.map(({ key, text, fallback }) => [
      key,
      key in defaults || fallback === undefined ? text.replace(/\.$/, '') : `${text} Default: ${fallback}`,
    ]),
  );
  const filledIn = props.filter(({ key }) => key in defaults);
  expect(
    filledIn.map(({ key, fallback = '' }) => [key, fallback.replace(/:.*/, '').replace('nothing', 'none')]),
  ).toEqual(filledIn.map(({ key }) => [key, isEmpty(defaults[key]) ? 'none' : String(defaults[key])]));
});

/** Whether a default is an empty list or map, which a docstring calls "none" or "nothing". */
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && Object.keys(value ?? {}).length === 0;
}

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
