import { CodecommitRepository } from '@cdktf/provider-aws/lib/codecommit-repository';
import { Problems, checkName } from '@strata/core';
import { Construct } from 'constructs';
import { REPOSITORY_NAME } from './code-source';

export interface CodeRepositoryProps {
  /** At most 100 characters. */
  readonly repositoryName: string;
  /** @default none */
  readonly description?: string;
  /** KMS key that encrypts the repository. @default the AWS managed key of CodeCommit */
  readonly kmsKeyArn?: string;
  /**
   * Whether Terraform refuses every plan that would destroy the repository: the history exists only here.
   * @default true
   */
  readonly preventDestroy?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A Git repository of CodeCommit. This resource is stateful: it stores the source and its history. */
export class CodeRepository extends Construct {
  readonly resource: CodecommitRepository;

  /** @throws ValidationError when the name cannot be used. */
  constructor(scope: Construct, id: string, props: CodeRepositoryProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkName(problems, 'repositoryName', props.repositoryName, REPOSITORY_NAME);
    problems.throwIfAny();
    this.resource = new CodecommitRepository(this, 'resource', {
      repositoryName: props.repositoryName,
      description: props.description,
      kmsKeyId: props.kmsKeyArn,
      tags: props.tags === undefined ? undefined : { ...props.tags },
      lifecycle: { preventDestroy: props.preventDestroy ?? true },
    });
  }

  get repositoryName(): string {
    return this.resource.repositoryName;
  }

  get repositoryArn(): string {
    return this.resource.arn;
  }

  /** HTTPS clone URL. */
  get cloneUrlHttp(): string {
    return this.resource.cloneUrlHttp;
  }
}
