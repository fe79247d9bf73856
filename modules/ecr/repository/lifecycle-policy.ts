/**
 * ECR's default quota of images per repository: no repository exceeds it, so a rule with this count expires nothing.
 */
const MORE_THAN_ANY_REPOSITORY_HOLDS = 100_000;

export interface LifecyclePolicySettings {
  readonly untaggedExpirationDays: number;
  readonly maxTaggedImages: number;
  readonly protectedTagPatterns: readonly string[];
}

/**
 * A lifecycle policy as JSON.
 *
 * Rules are numbered in order: ECR returns them sorted, and any other order would show as a change in every plan. An
 * image whose tags match a rule is ignored by all later rules, which is how a pattern protects images: its own rule
 * never expires anything. Patterns in one rule must all match, so each pattern gets its own rule.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function lifecyclePolicy(settings: LifecyclePolicySettings): string {
  const { untaggedExpirationDays, maxTaggedImages, protectedTagPatterns } = settings;
  const rules = [
    ...protectedTagPatterns.map((pattern) => ({
      description: `Keep every image tagged ${pattern}`,
      selection: {
        tagStatus: 'tagged',
        tagPatternList: [pattern],
        countType: 'imageCountMoreThan',
        countNumber: MORE_THAN_ANY_REPOSITORY_HOLDS,
      },
    })),
    {
      description: `Keep the last ${maxTaggedImages} tagged images`,
      selection: {
        tagStatus: 'tagged',
        tagPatternList: ['*'],
        countType: 'imageCountMoreThan',
        countNumber: maxTaggedImages,
      },
    },
    {
      description: `Expire untagged images after ${untaggedExpirationDays} days`,
      selection: {
        tagStatus: 'untagged',
        countType: 'sinceImagePushed',
        countUnit: 'days',
        countNumber: untaggedExpirationDays,
      },
    },
  ];
  return JSON.stringify({
    rules: rules.map((rule, i) => ({ rulePriority: i + 1, ...rule, action: { type: 'expire' } })),
  });
}
