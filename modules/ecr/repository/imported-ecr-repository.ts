import { DataAwsEcrRepository } from '@cdktf/provider-aws/lib/data-aws-ecr-repository';
import { Problems, ReleasedResource, checkName } from '@strata/core';
import { Construct } from 'constructs';
import type { IEcrRepository } from './ecr-repository-interface';
import { REPOSITORY_NAME, checkAccountId } from './names';

export interface ImportedEcrRepositoryProps {
  /** Name within the registry. */
  readonly repositoryName: string;
  /**
   * Account whose registry holds the repository, 12 digits. Its repository policy must let this account in.
   * @default this account
   */
  readonly registryId?: string;
}

/** What an `EcrRepository` with the same construct id may have made, by the ids of its resources. */
const MADE_BEFORE = {
  resource: 'aws_ecr_repository',
  'lifecycle-policy': 'aws_ecr_lifecycle_policy',
  policy: 'aws_ecr_repository_policy',
};

/**
 * A repository that exists and is managed elsewhere. Nothing is changed in it; the plan fails if there is none with
 * this name. One that was made here as an `EcrRepository` with the same construct id stays with its images and
 * policies: Terraform only drops it from the state.
 */
export class ImportedEcrRepository extends Construct implements IEcrRepository {
  readonly data: DataAwsEcrRepository;

  readonly repositoryName: string;
  readonly repositoryArn: string;
  readonly repositoryUrl: string;

  /** @throws ValidationError naming every invalid prop. */
  constructor(scope: Construct, id: string, props: ImportedEcrRepositoryProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkName(problems, 'repositoryName', props.repositoryName, REPOSITORY_NAME);
    checkAccountId(problems, 'registryId', props.registryId);
    problems.throwIfAny();

    for (const [child, type] of Object.entries(MADE_BEFORE)) new ReleasedResource(this, child, { type });
    this.data = new DataAwsEcrRepository(this, 'data', { name: props.repositoryName, registryId: props.registryId });
    this.repositoryName = this.data.name;
    this.repositoryArn = this.data.arn;
    this.repositoryUrl = this.data.repositoryUrl;
  }
}
