import { EcrPullThroughCacheRule } from '@cdktf/provider-aws/lib/ecr-pull-through-cache-rule';
import { isResolved, Problems, checkName } from '@strata/core';
import { Construct } from 'constructs';
import { REPOSITORY_PREFIX } from './names';

/** Upstream registries that require credentials. */
const NEEDS_CREDENTIALS = ['registry-1.docker.io', 'ghcr.io', 'registry.gitlab.com'];

export interface EcrPullThroughCacheProps {
  /**
   * First part of the cached repositories' names, 2 to 30 characters: with `ecr-public`, pull
   * `ecr-public/docker/library/node:22`.
   */
  readonly repositoryPrefix: string;
  /** Host name of the upstream registry. @default 'public.ecr.aws' */
  readonly upstreamRegistryUrl?: string;
  /**
   * ARN of the secret in Secrets Manager that holds the upstream's user name and access token; its name must start
   * `ecr-pullthroughcache/`.
   * @default none, which only registries open to everyone accept
   */
  readonly credentialArn?: string;
}

/**
 * Caches images of another registry in this one: pulls stay within AWS and do not hit the upstream's rate limit. There
 * is one registry per account and region, and each prefix can be used once in it.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
export class EcrPullThroughCache extends Construct {
  readonly resource: EcrPullThroughCacheRule;

  /** @throws ValidationError naming every invalid prop. */
  constructor(scope: Construct, id: string, props: EcrPullThroughCacheProps) {
    super(scope, id);
    const upstream = props.upstreamRegistryUrl ?? 'public.ecr.aws';

    const problems = new Problems(this);
    checkName(problems, 'repositoryPrefix', props.repositoryPrefix, REPOSITORY_PREFIX);
    if (isResolved(upstream)) {
      problems.check(
        /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(upstream),
        `upstreamRegistryUrl: "${upstream}" is not a host name; write it without https:// and path, such as ` +
          `"public.ecr.aws"`,
      );
      problems.check(
        !NEEDS_CREDENTIALS.includes(upstream) || props.credentialArn !== undefined,
        `credentialArn: is missing; "${upstream}" requires credentials: set the ARN of a secret whose name ` +
          `starts with ecr-pullthroughcache/`,
      );
    }
    if (isResolved(props.credentialArn)) {
      problems.check(
        /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\/.+$/.test(props.credentialArn),
        `credentialArn: "${props.credentialArn}" cannot be used by ECR; use the ARN of a secret whose name ` +
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
