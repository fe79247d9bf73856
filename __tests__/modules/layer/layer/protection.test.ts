import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { ReleasedResource } from '@strata/core';
import { LayerStack, type LayerProps } from '@strata/layer';
import { Testing } from 'cdktf';

const props: LayerProps = {
  project: 'shop',
  environment: 'dev',
  region: 'ap-northeast-2',
  state: { type: 's3', bucket: 'shop-state', region: 'ap-northeast-2' },
};

function layer(more: Partial<LayerProps>, build: (stack: LayerStack) => void): string {
  const stack = new LayerStack(Testing.app(), 'web', {
    ...props,
    ...more,
    layer: { stackId: 'web', owner: 'team-web', version: '1.0.0' },
  });
  build(stack);
  return Testing.synth(stack, true);
}

type Lifecycles = Record<string, Record<string, { lifecycle?: object }>>;

function lifecycles(deletionProtection?: boolean): Record<string, object | undefined> {
  const json = layer({ deletionProtection }, (stack) => {
    new Vpc(stack, 'vpc', { cidrBlock: '10.0.0.0/16', lifecycle: { ignoreChanges: ['tags'] } });
    new S3Bucket(stack, 'kept', {});
    new S3Bucket(stack, 'own', { lifecycle: { preventDestroy: false } });
    new SecurityGroup(stack, 'group', {});
  });
  const { resource } = JSON.parse(json) as { resource: Lifecycles };
  delete resource.terraform_data;
  return Object.fromEntries(
    Object.values(resource).flatMap((byId) => Object.entries(byId).map(([id, { lifecycle }]) => [id, lifecycle])),
  );
}

test('a plan that would destroy what holds data or is known to others fails', () => {
  expect(lifecycles()).toEqual({
    vpc: { prevent_destroy: true, ignore_changes: ['tags'] },
    kept: { prevent_destroy: true },
    own: { prevent_destroy: false },
    group: undefined,
  });
});

test('without protection nothing is in the way', () => {
  expect(lifecycles(false)).toEqual({
    vpc: { ignore_changes: ['tags'] },
    kept: undefined,
    own: { prevent_destroy: false },
    group: undefined,
  });
});

test('what is protected is also an instance of what stays in the configuration', () => {
  const json = layer({}, (stack) => {
    const { friendlyUniqueId } = new Vpc(stack, 'vpc', { cidrBlock: '10.0.0.0/16' });
    new SecurityGroup(stack, 'group', {});
    expect(friendlyUniqueId).toBe('vpc');
    new ReleasedResource(stack, 'given-away', { type: 'aws_ecr_repository' });
  });
  expect(JSON.parse(json)).toMatchObject({
    removed: [{ from: 'aws_ecr_repository.given-away', lifecycle: { destroy: false } }],
    resource: {
      terraform_data: {
        deletion_protection: {
          for_each: '${toset(["aws_ecr_repository.given-away","aws_vpc.vpc"])}',
          depends_on: ['aws_vpc.vpc'],
          lifecycle: { prevent_destroy: true },
        },
      },
    },
  });
});

test('a layer without anything to protect still has the list, so that a plan sees what is gone', () => {
  expect(layer({}, () => undefined)).toContain('"for_each": "${toset([])}"');
  expect(layer({ deletionProtection: false }, () => undefined)).not.toContain('deletion_protection');
});

test.each<[string, Partial<LayerProps>, Record<string, string>, string]>([
  ["the layer's own", {}, { Owner: 'me' }, '"Owner" differs from "owner"'],
  ["the environment's", { tags: { team: 'web' } }, { Team: 'web' }, '"Team" differs from "team"'],
  ['each other', {}, { cost: '1', COST: '2' }, '"COST" differs from "cost"'],
])('tags of a resource differ in more than case from %s', (_, more, tags, message) => {
  const make = () =>
    layer(more, (stack) => void new IamRole(stack, 'role', { assumeRolePolicy: '{}', name: 'role', tags }));
  expect(make).toThrow(`[web/role] tags: ${message} in case alone, which AWS takes for the same key`);
});

test('a tag of a resource may replace one of the environment', () => {
  const make = () =>
    layer({ tags: { team: 'web' } }, (stack) => void new S3Bucket(stack, 'b', { tags: { team: 'x' } }));
  expect(make).not.toThrow();
});
