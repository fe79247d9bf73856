// A service is data: what an entry in the configuration makes.
import { ComputeStack } from '@strata/stack-compute';
import { Testing } from 'cdktf';
import { SHOP_DEV } from '../../support/synth-layer';
import { synth } from './synth';

describe('a third service', () => {
  const layer = synth({
    services: {
      'app-api': {
        exposure: 'internal',
        callers: ['app-web'],
        containerPort: 9000,
        permissions: [
          { actions: ['s3:GetObject'], resources: ['arn:{partition}:s3:::photos/*'] },
          { actions: ['sqs:SendMessage'], resources: ['arn:{partition}:sqs:{region}:{account}:jobs'] },
        ],
      },
    },
  });

  test('stands beside the two that are always there', () => {
    expect(layer.names('aws_ecs_service')).toEqual(['app-api-service', 'app-was-service', 'app-web-service']);
  });

  test('is called by those it names, which get its address', () => {
    expect(layer.ingress('app-api-alb-sg')).toEqual([{ from: 'app-web-sg', port: 80 }]);
    expect(layer.containers('app-web-td')).toContain('"APP_API_URL"');
    expect(layer.containers('app-was-td')).not.toContain('"APP_API_URL"');
  });

  test('may do what it says in AWS, in this account and region', () => {
    const statements = layer.statements('app-api-task-role');
    expect(statements.map((statement) => statement.Action)).toEqual([['s3:GetObject'], ['sqs:SendMessage']]);
    expect(JSON.stringify(statements[1]!.Resource)).toMatch(/:sqs:.*data\.aws_region.*account_id.*:jobs/);
  });

  test('shares no security group, role, log group or size with another', () => {
    for (const type of ['aws_security_group', 'aws_iam_role', 'aws_cloudwatch_log_group', 'aws_ecs_task_definition']) {
      expect(new Set(layer.names(type)).size).toBe(layer.names(type).length);
    }
    const roles = layer.all('aws_ecs_task_definition').flatMap((one) => [one.task_role_arn, one.execution_role_arn]);
    expect(new Set(roles).size).toBe(6);
    const groups = layer
      .all('aws_ecs_service')
      .map((one) => JSON.stringify((one.network_configuration as { security_groups: unknown }).security_groups));
    expect(new Set(groups).size).toBe(3);
  });
});

test('services may call each other', () => {
  const layer = synth({
    services: { 'app-web': false, 'app-was': false, a: { callers: ['b'] }, b: { callers: ['a'] } },
  });
  expect(layer.containers('a-td')).toContain(`aws_lb.${layer.idOf('aws_lb', 'b-alb')}.dns_name`);
  expect(layer.containers('b-td')).toContain(`aws_lb.${layer.idOf('aws_lb', 'a-alb')}.dns_name`);
});

test('app-web and app-was can be left out, and one of their keys changed alone', () => {
  const layer = synth({ services: { 'app-web': false, 'app-was': { callers: [], memoryMiB: 4096 } } });
  expect(layer.names('aws_ecs_service')).toEqual(['app-was-service']);
  expect(layer.named('aws_ecs_task_definition', 'app-was-td')).toMatchObject({ cpu: '1024', memory: '4096' });
  expect(layer.ingress('app-was-alb-sg')).toEqual([]);
});

test('a worker has no load balancer, no port and no address', () => {
  const layer = synth({ services: { worker: { exposure: 'none' } } });
  expect(layer.names('aws_lb')).toEqual(['app-was-alb', 'app-web-alb']);
  expect(layer.ingress('worker-sg')).toEqual([]);
  expect(layer.outputs).not.toHaveProperty('worker_url');
  expect(layer.outputs.services).toMatchObject({ worker: { url: '' } });
});

describe('images', () => {
  test('come from the home that pipelines write, before that from a tag that does not exist yet', () => {
    expect(synth().containers('app-web-td')).toMatch(
      /lookup\(local\.\w+, "\/shop\/dev\/images\/app-web", ".*\.\$\{data\.aws_partition\.\S+\.dns_suffix\}\/app-web:not-yet-deployed"\)/,
    );
  });

  test('can start with one that exists', () => {
    const layer = synth({ services: { 'app-web': { initialImage: 'public.ecr.aws/docker/library/httpd:2.4' } } });
    expect(layer.containers('app-web-td')).toContain('"public.ecr.aws/docker/library/httpd:2.4")');
    expect(Object.keys(layer.check).filter((name) => name.endsWith('_has_an_image'))).toEqual(['app-was_has_an_image']);
  });

  test('that are still missing are announced by a check, which fails nothing and is no output', () => {
    const { check } = synth();
    expect(Object.keys(check)).toEqual(expect.arrayContaining(['app-was_has_an_image', 'app-web_has_an_image']));
    expect(check['app-web_has_an_image']!.assert).toEqual([
      {
        condition: expect.stringMatching(/contains\(keys\(local\.\w+\), "\/shop\/dev\/images\/app-web"\)/),
        error_message: expect.stringContaining('push an image to the repository app-web'),
      },
    ]);
  });

  test('come from a repository by name, or by ARN from another account', () => {
    const layer = synth({
      services: {
        'app-web': { repository: 'team/web' },
        'app-was': { repository: 'arn:aws:ecr:us-east-1:210987654321:repository/shared/was' },
      },
    });
    expect(JSON.stringify(layer.statements('app-web-execution-role'))).toContain(':repository/team/web');
    expect(layer.containers('app-was-td')).toMatch(
      /210987654321\.dkr\.ecr\.us-east-1\.\$\{data\.aws_partition\.\S+\.dns_suffix\}\/shared\/was:not-yet-deployed/,
    );
    expect(layer.outputs.services).toMatchObject({ 'app-was': { repository_name: 'shared/was' } });
  });
});

test('a service and the role that others name are protected with the environment', () => {
  const lifecycles = (deletionProtection: boolean) => {
    const layer = synth({ services: { 'app-was': false } }, { deletionProtection });
    return [layer.named('aws_ecs_service', 'app-web-service'), layer.named('aws_iam_role', 'app-web-task-role')].map(
      ({ lifecycle }) => (lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy,
    );
  };
  expect(lifecycles(true)).toEqual([true, true]);
  expect(lifecycles(false)).toEqual([undefined, undefined]);
});

test('a service whose images are in no repository of registry is said at synth', () => {
  const warnings = (repositoryNames?: string[]) => {
    const stack = new ComputeStack(Testing.app(), 'compute', {
      ...SHOP_DEV,
      repositoryNames,
      config: {
        namePrefix: 'blue',
        services: {
          'app-was': false,
          later: { exposure: 'none' },
          theirs: { exposure: 'none', repository: 'arn:aws:ecr:ap-northeast-2:210987654321:repository/theirs' },
          public: { exposure: 'none', initialImage: 'public.ecr.aws/nginx/nginx:1' },
        },
      },
    });
    return stack.node.metadata.map(({ data }) => String(data));
  };
  expect(warnings()).toEqual([]);
  expect(warnings(['blue-app-web'])).toEqual([
    'services.later: its images come from the repository "blue-later", which the registry layer does not have; it has ' +
      'blue-app-web. Add "later" to repositories of registry, or set repository',
  ]);
});
