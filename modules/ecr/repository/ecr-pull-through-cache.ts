import { EcrPullThroughCacheRule } from '@cdktf/provider-aws/lib/ecr-pull-through-cache-rule';
import { isResolved, Problems, checkName } from '@strata/core';
import { Construct } from 'constructs';
import { REPOSITORY_PREFIX } from './names';

/** Upstream registries that let nobody in without credentials. */
const NEEDS_CREDENTIALS = ['registry-1.docker.io', 'ghcr.io', 'registry.gitlab.com'];

export interface EcrPullThroughCacheProps {
  /**
   * First part of the cached repositories' names, 2 to 30 characters: with `ecr-public`, pull
   * `ecr-public/docker/library/node:22`.
   */
  readonly repositoryPrefix: string;
  /**
   * Host name of the registry behind.
   * @default 'public.ecr.aws'
   */
  readonly upstreamRegistryUrl?: string;
  /**
   * ARN of the secret in Secrets Manager that holds the upstream's user name and access token; its name must start
   * `ecr-pullthroughcache/`.
   * @default none, which only registries open to everyone accept
   */
  readonly credentialArn?: string;
}

/**
 * Keeps what is pulled from another registry in this one: pulls neither leave AWS nor fail with the upstream's rate
 * limit. There is one registry for an account and region, and a prefix can be used in it once.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
export class EcrPullThroughCache extends Construct {
  readonly resource: EcrPullThroughCacheRule;

  /** @throws ValidationError naming everything that is wrong with the props. */
  constructor(scope: Construct, id: string, props: EcrPullThroughCacheProps) {
    super(scope, id);
    const upstream = props.upstreamRegistryUrl ?? 'public.ecr.aws';

    const problems = new Problems(this);
    checkName(problems, 'repositoryPrefix', props.repositoryPrefix, REPOSITORY_PREFIX);
    if (isResolved(upstream)) {
      problems.check(
        /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(upstream),
        `upstreamRegistryUrl: "${upstream}" is not a host name; write it without https:// and without a ` +
          'path, such as "public.ecr.aws"',
      );
      problems.check(
        !NEEDS_CREDENTIALS.includes(upstream) || props.credentialArn !== undefined,
        `credentialArn: is missing; "${upstream}" needs credentials, so give the ARN of a secret whose name ` +
          'starts with ecr-pullthroughcache/',
      );
    }
    if (isResolved(props.credentialArn)) {
      problems.check(
        /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\/.+$/.test(props.credentialArn),
        `credentialArn: "${props.credentialArn}" cannot be used by ECR; give the ARN of a secret whose name ` +
          'starts with ecr-pullthroughcache/',
      );
    }
    problems.throwIfAny();

    this.resource = new EcrPullThroughCacheRule(this, 'resource', {
      ecrRepositoryPrefix: props.repositoryPrefix,
      upstreamRegistryUrl: upstream,
      credentialArn: props.credentialArn,
    });
  }
}
