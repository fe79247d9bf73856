import { UserError } from '../../local/toolchain';
import type { Place } from './policies';

interface Provider {
  readonly host: string;
  /** The audience that the CI's own action or documentation uses. */
  readonly audience: string;
  /** Subjects of the jobs that plan, and of those that apply. */
  readonly subjects: (repository: string, environment: string) => Record<'plan' | 'apply', string[]>;
}

const PROVIDERS: Readonly<Record<string, Provider>> = {
  // https://docs.github.com/actions/reference/openid-connect-reference#example-subject-claims
  github: {
    host: 'token.actions.githubusercontent.com',
    audience: 'sts.amazonaws.com',
    subjects: (repository, environment) => ({
      plan: [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/main`],
      apply: [`repo:${repository}:environment:${environment}`],
    }),
  },
  // https://docs.gitlab.com/ci/cloud_services/aws/
  gitlab: {
    host: 'gitlab.com',
    audience: 'https://gitlab.com',
    subjects: (repository) => ({
      plan: [`project_path:${repository}:ref_type:branch:ref:*`],
      apply: [`project_path:${repository}:ref_type:branch:ref:main`],
    }),
  },
};

/**
 * Trust policies of the roles of a CI: one for jobs that plan, one for jobs that apply.
 *
 * @param repository `github:<organization>/<repository>` or `gitlab:<group>/<project>`
 * @throws UserError when it is neither
 */
export function trustPolicies(
  repository: string,
  { partition, account, environment }: Place,
): Record<'plan' | 'apply', object> {
  const [, name = '', path = ''] = /^(\w+):([\w.-]+(?:\/[\w.-]+)+)$/.exec(repository) ?? [];
  const provider = Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name] : undefined;
  if (provider === undefined || (name === 'github' && path.split('/').length !== 2))
    throw new UserError(
      `--oidc=${repository} is not allowed; use github:<organization>/<repository> or gitlab:<group>/<project>`,
    );
  if (account === '*')
    throw new UserError(
      'a trust policy names the account: add --account=<its 12 digits>, or set allowedAccountIds of the environment',
    );
  const trust = (subjects: readonly string[]): object => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${provider.host}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${provider.host}:aud`]: provider.audience },
          StringLike: { [`${provider.host}:sub`]: subjects },
        },
      },
    ],
  });
  const { plan, apply } = provider.subjects(path, environment);
  return { plan: trust(plan), apply: trust(apply) };
}
