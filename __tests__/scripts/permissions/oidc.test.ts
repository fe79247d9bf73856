import { trustPolicies } from '../../../scripts/permissions/oidc';
import type { Place } from '../../../scripts/permissions/policies';

const PLACE: Place = {
  partition: 'aws',
  region: 'ap-northeast-2',
  account: '123456789012',
  project: 'shop',
  environment: 'prod',
  prefix: '',
};
const conditions = (policy: object) =>
  (policy as { Statement: [{ Principal: object; Condition: Record<string, Record<string, unknown>> }] }).Statement[0];

test("GitHub's jobs apply in the environment, and plan pull requests", () => {
  const { plan, apply } = trustPolicies('github:example/shop', PLACE);
  expect(conditions(apply)).toMatchObject({
    Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com' },
    Condition: {
      StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
      StringLike: { 'token.actions.githubusercontent.com:sub': ['repo:example/shop:environment:prod'] },
    },
  });
  expect(conditions(plan).Condition.StringLike).toEqual({
    'token.actions.githubusercontent.com:sub': [
      'repo:example/shop:pull_request',
      'repo:example/shop:ref:refs/heads/main',
    ],
  });
});

test("GitHub's repositories with immutable subjects are named by their ids as well", () => {
  const { apply } = trustPolicies('github:example@123456/shop@456789', PLACE);
  expect(conditions(apply).Condition.StringLike).toEqual({
    'token.actions.githubusercontent.com:sub': ['repo:example@123456/shop@456789:environment:prod'],
  });
});

test("GitLab's jobs apply from the main branch, also of a project in subgroups", () => {
  const { apply } = trustPolicies('gitlab:example/web/shop', PLACE);
  expect(conditions(apply)).toMatchObject({
    Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/gitlab.com' },
    Condition: {
      StringEquals: { 'gitlab.com:aud': 'https://gitlab.com' },
      StringLike: { 'gitlab.com:sub': ['project_path:example/web/shop:ref_type:branch:ref:main'] },
    },
  });
});

test('what is no repository, and an account that is not known, are refused', () => {
  const half = ['github:a@1/b', 'github:a/b@1', 'github:a@1/b@c', 'gitlab:a@1/b@2'];
  for (const wrong of ['github:shop', 'github:a/b/c', 'bitbucket:a/b', 'github:a/*', 'toString:a/b', ...half])
    expect(() => trustPolicies(wrong, PLACE)).toThrow(
      `--oidc=${wrong} is not allowed; use github:<organization>/<repository>, ` +
        'github:<organization>@<id>/<repository>@<id> or gitlab:<group>/<project>',
    );
  expect(() => trustPolicies('github:a/b', { ...PLACE, account: '*' })).toThrow('add --account=<its 12 digits>');
});
