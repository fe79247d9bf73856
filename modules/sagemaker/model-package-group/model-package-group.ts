import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { SagemakerModelPackageGroup } from '@cdktf/provider-aws/lib/sagemaker-model-package-group';
import { SagemakerModelPackageGroupPolicy } from '@cdktf/provider-aws/lib/sagemaker-model-package-group-policy';
import {
  AwsAccount,
  isResolved,
  type JsonValue,
  type NameRule,
  Problems,
  checkInteger,
  checkName,
  checkOneOf,
  terraformJson,
} from '@strata/core';
import { Construct } from 'constructs';
import { MODEL_PACKAGE_GROUP_NAME } from './names';

const RULE_NAME: NameRule = {
  what: 'rule name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9._-]+$/,
  allowed: 'letters, digits, dots, hyphens and underscores',
};
const TRIGGER_NAME: NameRule = {
  what: 'trigger name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9_-]+$/,
  allowed: 'letters, digits, hyphens and underscores',
};

const APPROVAL_STATUSES = ['Approved', 'Rejected', 'PendingManualApproval'] as const;

export type ModelApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export interface ModelPackageGroupProps {
  /** At most 63 characters. Another name replaces the group, which AWS refuses while there are versions in it. */
  readonly modelPackageGroupName: string;
  /** At most 1024 characters. @default none */
  readonly description?: string;
  /** Accounts that may see the versions and make models of them. @default none */
  readonly readerAccountIds?: readonly string[];
  /** Accounts that may also register versions and approve them. @default none */
  readonly contributorAccountIds?: readonly string[];
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a change of a version's approval invokes. */
export interface ApprovalTrigger {
  readonly functionName: string;
  readonly functionArn: string;
  /** Approval that invokes it. @default ['Approved'] */
  readonly approvalStatuses?: readonly ModelApprovalStatus[];
  /** @default `<modelPackageGroupName>-<name>`, cut to 64 characters */
  readonly ruleName?: string;
  /** How often EventBridge retries if it cannot invoke the function, 0 to 185. @default 185, within a day */
  readonly maximumRetryAttempts?: number;
  /**
   * SQS queue for events that EventBridge dropped; its policy must let the rule send to it.
   * @default none: they are lost
   */
  readonly deadLetterQueueArn?: string;
  /** @default true */
  readonly enabled?: boolean;
}

/** What `onApproval` made. */
export interface ApprovalRule {
  readonly rule: CloudwatchEventRule;
  readonly target: CloudwatchEventTarget;
  readonly permission: LambdaPermission;
}

/**
 * A model package group: the versions of one model, each with its metrics and its approval. This resource is stateful:
 * the versions are made by pipelines, not by Terraform, and AWS refuses to delete a group that holds any.
 */
export class ModelPackageGroup extends Construct {
  readonly resource: SagemakerModelPackageGroup;
  /** `undefined` where no other account is let in. */
  readonly policy: SagemakerModelPackageGroupPolicy | undefined;
  private readonly name: string;
  private readonly tags: Record<string, string> | undefined;

  /** @throws ValidationError naming every prop that SageMaker would reject. */
  constructor(scope: Construct, id: string, props: ModelPackageGroupProps) {
    super(scope, id);
    const readers = props.readerAccountIds ?? [];
    const contributors = props.contributorAccountIds ?? [];
    const problems = new Problems(this);
    checkName(problems, 'modelPackageGroupName', props.modelPackageGroupName, MODEL_PACKAGE_GROUP_NAME);
    const { description } = props;
    problems.check(
      !isResolved(description) || description.length <= 1024,
      `description: has ${description?.length} characters, SageMaker takes at most 1024; shorten it`,
    );
    checkAccounts(problems, 'readerAccountIds', readers, []);
    checkAccounts(problems, 'contributorAccountIds', contributors, readers);
    problems.throwIfAny();

    this.name = props.modelPackageGroupName;
    this.tags = props.tags === undefined ? undefined : { ...props.tags };
    this.resource = new SagemakerModelPackageGroup(this, 'resource', {
      modelPackageGroupName: this.name,
      modelPackageGroupDescription: description,
      tags: this.tags,
    });
    this.policy =
      readers.length + contributors.length === 0
        ? undefined
        : new SagemakerModelPackageGroupPolicy(this, 'policy', {
            modelPackageGroupName: this.modelPackageGroupName,
            resourcePolicy: this.resourcePolicy(readers, contributors),
          });
  }

  get modelPackageGroupName(): string {
    return this.resource.modelPackageGroupName;
  }

  get modelPackageGroupArn(): string {
    return this.resource.arn;
  }

  /** ARN that stands for every version in the group. */
  get modelPackagesArn(): string {
    const { partition, region, accountId } = AwsAccount.of(this);
    return `arn:${partition}:sagemaker:${region}:${accountId}:model-package/${this.name}/*`;
  }

  /**
   * Invokes a function when the approval of a version of the group is changed. A version that is registered as
   * approved, and an edit of its metadata, do not invoke it. EventBridge may send an event more than once.
   *
   * @param name Names the rule; unique in the group.
   * @throws ValidationError naming everything that EventBridge would refuse.
   */
  onApproval(name: string, trigger: ApprovalTrigger): ApprovalRule {
    const statuses = trigger.approvalStatuses ?? ['Approved'];
    const ruleName =
      trigger.ruleName ?? (isResolved(this.name) ? `${this.name}-${name}`.slice(0, 64) : `${this.name}-${name}`);
    const problems = new Problems(this);
    checkName(problems, 'name', name, TRIGGER_NAME);
    problems.check(isResolved(name), 'name: the name is known only to Terraform; use a literal string');
    problems.check(
      !isResolved(name) || this.node.tryFindChild(`rule-${name}`) === undefined,
      `name: "${name}" is used already; give each trigger its own name`,
    );
    checkName(problems, 'ruleName', ruleName, RULE_NAME);
    problems.check(
      statuses.length > 0,
      'approvalStatuses: an empty list never invokes the function; name at least one status',
    );
    statuses.forEach((status, i) => checkOneOf(problems, `approvalStatuses[${i}]`, status, APPROVAL_STATUSES));
    checkInteger(problems, 'maximumRetryAttempts', trigger.maximumRetryAttempts, { min: 0, max: 185 });
    problems.throwIfAny();

    const rule = new CloudwatchEventRule(this, `rule-${name}`, {
      name: ruleName,
      description: `A model package of the group becomes ${statuses.join(' or ')}`,
      // https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-model-package
      eventPattern: terraformJson({
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Model Package State Change'],
        // Any edit of a version sends an event with its approval as it is; only those that changed it count.
        detail: {
          ModelPackageGroupName: [this.name],
          ModelApprovalStatus: [...statuses],
          UpdatedModelPackageFields: ['ModelApprovalStatus'],
        },
      }),
      state: (trigger.enabled ?? true) ? 'ENABLED' : 'DISABLED',
      tags: this.tags,
    });
    const permission = new LambdaPermission(this, `permission-${name}`, {
      functionName: trigger.functionName,
      statementId: `${isResolved(this.name) ? this.name : 'model-package-group'}-${name}`.slice(0, 100),
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
    const { maximumRetryAttempts, deadLetterQueueArn } = trigger;
    const target = new CloudwatchEventTarget(this, `target-${name}`, {
      rule: rule.name,
      targetId: name,
      arn: trigger.functionArn,
      retryPolicy:
        maximumRetryAttempts === undefined ? undefined : { maximumRetryAttempts, maximumEventAgeInSeconds: 86400 },
      deadLetterConfig: deadLetterQueueArn === undefined ? undefined : { arn: deadLetterQueueArn },
      dependsOn: [permission],
    });
    return { rule, target, permission };
  }

  /** @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-deploy-xaccount.html */
  private resourcePolicy(readers: readonly string[], contributors: readonly string[]): string {
    const { partition } = AwsAccount.of(this);
    const statements = (sid: string, accounts: readonly string[], actions: readonly string[]): JsonValue[] => {
      if (accounts.length === 0) return [];
      const Principal = { AWS: accounts.map((account) => `arn:${partition}:iam::${account}:root`) };
      return [
        {
          Sid: `${sid}DescribeGroup`,
          Effect: 'Allow',
          Principal,
          Action: ['sagemaker:DescribeModelPackageGroup'],
          Resource: this.modelPackageGroupArn,
        },
        { Sid: `${sid}UseVersions`, Effect: 'Allow', Principal, Action: actions, Resource: this.modelPackagesArn },
      ];
    };
    const read = ['sagemaker:DescribeModelPackage', 'sagemaker:ListModelPackages', 'sagemaker:CreateModel'];
    return terraformJson({
      Version: '2012-10-17',
      Statement: [
        ...statements('Readers', readers, read),
        ...statements('Contributors', contributors, [
          ...read,
          'sagemaker:CreateModelPackage',
          'sagemaker:UpdateModelPackage',
        ]),
      ],
    });
  }
}

function checkAccounts(problems: Problems, key: string, accounts: readonly string[], others: readonly string[]): void {
  accounts.forEach((account, i) => {
    problems.check(
      !isResolved(account) || /^\d{12}$/.test(account),
      `${key}[${i}]: "${account}" is not an AWS account id; use 12 digits, as a string`,
    );
    problems.check(accounts.indexOf(account) === i, `${key}[${i}]: "${account}" is listed twice; remove one`);
    problems.check(
      !others.includes(account),
      `${key}[${i}]: "${account}" is one of readerAccountIds too; a contributor reads already, so remove it there`,
    );
  });
}
