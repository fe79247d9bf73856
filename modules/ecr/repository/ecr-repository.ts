import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy';
import { EcrRepository as EcrRepositoryResource } from '@cdktf/provider-aws/lib/ecr-repository';
import { EcrRepositoryPolicy } from '@cdktf/provider-aws/lib/ecr-repository-policy';
import { isResolved, Problems, checkInteger, checkName, checkOneOf } from '@strata/core';
import { KMS_KEY_ARN } from '@strata/core/rules';
import { Construct } from 'constructs';
import type { IEcrRepository } from './ecr-repository-interface';
import { lifecyclePolicy } from './lifecycle-policy';
import { REPOSITORY_NAME, checkAccountIds } from './names';

export type ImageTagMutability = 'IMMUTABLE' | 'MUTABLE';

const TAG_MUTABILITIES: readonly ImageTagMutability[] = ['IMMUTABLE', 'MUTABLE'];

/** Actions needed to pull an image, besides `ecr:GetAuthorizationToken` in the puller's account. */
const PULL_ACTIONS = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

export interface EcrRepositoryProps {
  /**
   * Name within the registry, 2 to 256 characters, may contain slashes: `shop/app-web`. Changing it replaces the
   * repository.
   */
  readonly repositoryName: string;
  /**
   * Whether every image is scanned for vulnerabilities when it is pushed. Free.
   * @default true
   */
  readonly scanOnPush?: boolean;
  /**
   * Whether a tag, once pushed, may be pushed again with another image.
   * @default 'IMMUTABLE': what was tested under a tag is what is deployed under it
   */
  readonly imageTagMutability?: ImageTagMutability;
  /**
   * ARN of the KMS key that encrypts the images; billed by KMS. Changing it replaces the repository.
   * @default AES-256 with keys of Amazon S3, free
   */
  readonly kmsKeyArn?: string;
  /** Whether old images expire. @default true */
  readonly expireImages?: boolean;
  /**
   * Days after its push that an image without a tag expires, 1 to 3650. ECR keeps an image while a multi-architecture
   * image refers to it.
   * @default 7
   */
  readonly untaggedExpirationDays?: number;
  /**
   * How many tagged images are kept, the most recently pushed first, 1 to 10000. ECR does not know which image is
   * running: set more than the number of images from the oldest one in use (or to roll back to) to the newest, or
   * protect its tag.
   * @default 30
   */
  readonly maxTaggedImages?: number;
  /**
   * Images with a tag that matches one of these patterns never expire and do not count towards `maxTaggedImages`; `*`
   * matches any text, at most four per pattern.
   * @default none
   */
  readonly protectedTagPatterns?: readonly string[];
  /**
   * Accounts that may pull, 12 digits each; each account grants access to its own principals.
   * @default none: this account only
   */
  readonly pullAccountIds?: readonly string[];
  /**
   * Whether destroying the repository also destroys the images in it.
   * @default false: AWS refuses while there are any
   */
  readonly forceDelete?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A private repository for container images. This resource is stateful.
 *
 * Scanned, encrypted, immutable tags; untagged and old images expire; other accounts cannot pull.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Repositories.html
 */
export class EcrRepository extends Construct implements IEcrRepository {
  readonly resource: EcrRepositoryResource;
  /** Unless `expireImages` is false. */
  readonly lifecyclePolicy?: EcrLifecyclePolicy;
  /** Only with `pullAccountIds`. */
  readonly policy?: EcrRepositoryPolicy;

  readonly repositoryName: string;
  readonly repositoryArn: string;
  readonly repositoryUrl: string;

  /** @throws ValidationError naming every invalid prop. */
  constructor(scope: Construct, id: string, props: EcrRepositoryProps) {
    super(scope, id);
    this.check(props);

    this.resource = new EcrRepositoryResource(this, 'resource', {
      name: props.repositoryName,
      imageTagMutability: props.imageTagMutability ?? 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: props.scanOnPush ?? true },
      encryptionConfiguration: [
        props.kmsKeyArn === undefined
          ? { encryptionType: 'AES256' }
          : { encryptionType: 'KMS', kmsKey: props.kmsKeyArn },
      ],
      forceDelete: props.forceDelete ?? false,
      tags: props.tags === undefined ? undefined : { ...props.tags },
    });
    this.repositoryName = this.resource.name;
    this.repositoryArn = this.resource.arn;
    this.repositoryUrl = this.resource.repositoryUrl;

    // The id and not the name, which a replaced repository keeps: its policies have to be made again with it.
    const repository = this.resource.id;
    if (props.expireImages ?? true) {
      this.lifecyclePolicy = new EcrLifecyclePolicy(this, 'lifecycle-policy', {
        repository,
        policy: lifecyclePolicy({
          untaggedExpirationDays: props.untaggedExpirationDays ?? 7,
          maxTaggedImages: props.maxTaggedImages ?? 30,
          protectedTagPatterns: props.protectedTagPatterns ?? [],
        }),
      });
    }
    if (props.pullAccountIds !== undefined && props.pullAccountIds.length > 0) {
      this.policy = new EcrRepositoryPolicy(this, 'policy', {
        repository,
        policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'PullFromOtherAccounts',
              Effect: 'Allow',
              Principal: { AWS: [...props.pullAccountIds] },
              Action: PULL_ACTIONS,
            },
          ],
        }),
      });
    }
  }

  private check(props: EcrRepositoryProps): void {
    const problems = new Problems(this);
    checkName(problems, 'repositoryName', props.repositoryName, REPOSITORY_NAME);
    checkOneOf(problems, 'imageTagMutability', props.imageTagMutability, TAG_MUTABILITIES);
    checkInteger(problems, 'untaggedExpirationDays', props.untaggedExpirationDays, {
      min: 1,
      max: 3650,
      unit: 'days',
    });
    checkInteger(problems, 'maxTaggedImages', props.maxTaggedImages, { min: 1, max: 10_000 });
    checkAccountIds(problems, 'pullAccountIds', props.pullAccountIds);
    if (isResolved(props.kmsKeyArn)) {
      problems.check(
        KMS_KEY_ARN.test(props.kmsKeyArn),
        `kmsKeyArn: "${props.kmsKeyArn}" is not the ARN of a KMS key; write ` +
          'arn:aws:kms:<region>:<account>:key/<id>, not an alias, which would replace the repository at every ' +
          'apply',
      );
    }
    props.protectedTagPatterns?.forEach((pattern, i) => {
      if (!isResolved(pattern)) return;
      problems.check(
        /^[A-Za-z0-9_.*-]{1,128}$/.test(pattern) && pattern.split('*').length <= 5,
        `protectedTagPatterns[${i}]: "${pattern}" is not a tag pattern; use 1 to 128 letters, digits and _ . ` +
          '-, with at most four *',
      );
    });
    if (props.expireImages === false) {
      for (const key of ['untaggedExpirationDays', 'maxTaggedImages', 'protectedTagPatterns'] as const) {
        problems.check(
          props[key] === undefined,
          `${key}: has no effect while expireImages is false; remove one of them`,
        );
      }
    }
    problems.throwIfAny();
  }
}
