import { UserError } from '../../local/toolchain';
import type { Place } from './policies';

interface Provider {
  readonly host: string;
  /** The audience that the CI's own action or documentation uses. */
  readonly audience: string;
  /** How a repository or project is named. */
  readonly repository: RegExp;
  /** Subjects of the jobs that plan, and of those that apply. */
  readonly subjects: (repository: string, environment: string) => Record<'plan' | 'apply', string[]>;
}

/**
 * Subjects as the providers write them. GitHub's have the names of the repository and, in repositories that were made,
 * renamed or transferred after 15 July 2026 or that opted in, the ids: `repo:octo-org@123456/octo-repo@456789:...`.
 * A job that names an environment has that for its subject, whatever branch it is of. GitLab's say the kind of ref
 * (`branch` or `tag`), and the branch without `refs/heads/`. AWS wants a condition on the subject of both.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc#example-subject-claims
 * @see https://docs.github.com/en/actions/reference/security/oidc#immutable-subject-claims
 * @see https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload
 * @see https://docs.gitlab.com/ci/cloud_services/aws/
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
 */
const PROVIDERS: Readonly<Record<string, Provider>> = {
  github: {
    host: 'token.actions.githubusercontent.com',
    audience: 'sts.amazonaws.com',
    repository: /^[\w.-]+\/[\w.-]+$|^[\w.-]+@\d+\/[\w.-]+@\d+$/,
    subjects: (repository, environment) => ({
      plan: [`repo:${repository}:pull_request`, `repo:${repository}:ref:refs/heads/main`],
      apply: [`repo:${repository}:environment:${environment}`],
    }),
  },
  gitlab: {
    host: 'gitlab.com',
    audience: 'https://gitlab.com',
    repository: /^[\w.-]+(\/[\w.-]+)+$/,
    subjects: (repository) => ({
      plan: [`project_path:${repository}:ref_type:branch:ref:*`],
      apply: [`project_path:${repository}:ref_type:branch:ref:main`],
    }),
  },
};

/**
 * Trust policies of the roles of a CI: one for jobs that plan, one for jobs that apply.
 *
 * @param repository `github:<organization>/<repository>`, the same with ids
 *   (`github:<organization>@<id>/<repository>@<id>`), or `gitlab:<group>/<project>`
 * @throws UserError when it is neither
 */
export function trustPolicies(
  repository: string,
  { partition, account, environment }: Place,
): Record<'plan' | 'apply', object> {
  const [, name = '', path = ''] = /^(\w+):(.+)$/.exec(repository) ?? [];
  const provider = Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name] : undefined;
  if (provider === undefined || !provider.repository.test(path))
    throw new UserError(
      `--oidc=${repository} is not allowed; use github:<organization>/<repository>, ` +
        'github:<organization>@<id>/<repository>@<id> or gitlab:<group>/<project>',
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
