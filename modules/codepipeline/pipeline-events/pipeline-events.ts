import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { AwsAccount, isResolved, type NameRule, Problems, checkName, checkOneOf, terraformJson } from '@strata/core';
import { Construct } from 'constructs';

/**
 * Rule for a topic's name: `CreateTopic` in the Amazon SNS API reference; the rules are named after it and take 64
 * characters.
 */
const TOPIC_NAME: NameRule = {
  what: 'topic name',
  maxLength: 64,
  pattern: /^[A-Za-z0-9_-]+$/,
  allowed: 'letters, digits, hyphens and underscores',
};

/** States of a pipeline execution. */
export type PipelineState = 'STARTED' | 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'SUPERSEDED' | 'CANCELED' | 'RESUMED';
const STATES: readonly PipelineState[] = [
  'STARTED',
  'SUCCEEDED',
  'FAILED',
  'STOPPED',
  'SUPERSEDED',
  'CANCELED',
  'RESUMED',
];

export interface PipelineEventsProps {
  /** Name of the topic and of the rule, at most 64 characters. */
  readonly name: string;
  /** @default none: the topic is for approvals alone */
  readonly pipelineNames?: readonly string[];
  /** States that are reported. @default FAILED and SUCCEEDED */
  readonly states?: readonly PipelineState[];
  /** Addresses that receive every message, once they have confirmed AWS's subscription email. @default none */
  readonly emailAddresses?: readonly string[];
  /**
   * Topic to use instead of one created here; its policy must let `events.amazonaws.com` publish.
   * @default one is made
   */
  readonly topicArn?: string;
  /**
   * KMS key that encrypts the topic made here; its policy must let `events.amazonaws.com`, without a condition on the
   * source, and the account's publishers through SNS use it (`kms:Decrypt`, `kms:GenerateDataKey*`), as the key created
   * here does.
   * @default a key created here (about 1 USD per month): EventBridge cannot use the AWS managed key of SNS
   */
  readonly kmsKeyArn?: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Notifies an encrypted SNS topic of failed and successful pipeline executions. Pipelines also announce their approvals
 * there.
 */
export class PipelineEvents extends Construct {
  readonly topicArn: string;
  /** `undefined` if a topic was passed in. */
  readonly topic?: SnsTopic;
  readonly key?: KmsKey;
  /** `undefined` if there are no pipelines. */
  readonly rule?: CloudwatchEventRule;
  readonly subscriptions: SnsTopicSubscription[] = [];

  /** @throws ValidationError naming every prop that cannot be used. */
  constructor(scope: Construct, id: string, props: PipelineEventsProps) {
    super(scope, id);
    check(this, props);
    const tags = props.tags === undefined ? undefined : { ...props.tags };
    if (props.topicArn === undefined) {
      if (props.kmsKeyArn === undefined) this.key = this.makeKey(props);
      this.topic = new SnsTopic(this, 'topic', {
        name: props.name,
        kmsMasterKeyId: this.key?.arn ?? props.kmsKeyArn,
        tags,
      });
    }
    this.topicArn = props.topicArn ?? this.topic!.arn;
    const pipelines = props.pipelineNames ?? [];
    if (pipelines.length > 0) {
      this.rule = new CloudwatchEventRule(this, 'rule', {
        name: props.name,
        description: 'Runs of pipelines that failed or finished',
        eventPattern: terraformJson({
          source: ['aws.codepipeline'],
          'detail-type': ['CodePipeline Pipeline Execution State Change'],
          detail: { pipeline: pipelines, state: props.states ?? ['FAILED', 'SUCCEEDED'] },
        }),
        tags,
      });
      const console =
        'https://<region>.console.aws.amazon.com/codesuite/codepipeline/pipelines/<pipeline>/executions/<execution>/timeline';
      new CloudwatchEventTarget(this, 'target', {
        rule: this.rule.name,
        arn: this.topicArn,
        inputTransformer: {
          inputPaths: {
            pipeline: '$.detail.pipeline',
            state: '$.detail.state',
            execution: '$.detail.execution-id',
            region: '$.region',
          },
          inputTemplate: JSON.stringify(`<pipeline>: <state>. ${console}?region=<region>`),
        },
      });
    }
    if (this.topic !== undefined) this.letIn(this.topic);
    for (const address of props.emailAddresses ?? []) {
      this.subscriptions.push(
        new SnsTopicSubscription(this, `email-${address}`, {
          topicArn: this.topicArn,
          protocol: 'email',
          endpoint: address,
        }),
      );
    }
  }

  private makeKey(props: PipelineEventsProps): KmsKey {
    const { accountId, dnsSuffix, partition, region } = AwsAccount.of(this);
    return new KmsKey(this, 'key', {
      description: `Messages of the topic ${props.name}`,
      enableKeyRotation: true,
      deletionWindowInDays: 7,
      policy: terraformJson({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'AccountAdministers',
            Effect: 'Allow',
            Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
            Action: 'kms:*',
            Resource: '*',
          },
          // EventBridge sends no source account to SNS and KMS: a condition on it would block every message.
          {
            Sid: 'EventsEncrypt',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
          },
          {
            Sid: 'PublishersEncrypt',
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Resource: '*',
            Condition: {
              StringEquals: { 'kms:CallerAccount': accountId, 'kms:ViaService': `sns.${region}.${dnsSuffix}` },
            },
          },
        ],
      }),
      tags: props.tags === undefined ? undefined : { ...props.tags },
    });
  }

  /**
   * The topic's policy: events and this account, over TLS. There is no condition for EventBridge. A pipeline publishes
   * under its own role, whose policy allows it.
   */
  private letIn(topic: SnsTopic): void {
    const { accountId, partition } = AwsAccount.of(this);
    new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: terraformJson({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'EventsPublish',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: topic.arn,
          },
          {
            Sid: 'AccountPublishes',
            Effect: 'Allow',
            Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
            Action: 'sns:Publish',
            Resource: topic.arn,
          },
          {
            Sid: 'TlsOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: topic.arn,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      }),
    });
  }
}

function check(scope: Construct, props: PipelineEventsProps): void {
  const problems = new Problems(scope);
  const addresses = props.emailAddresses ?? [];
  checkName(problems, 'name', props.name, TOPIC_NAME);
  for (const state of props.states ?? []) checkOneOf(problems, 'states', state, STATES);
  problems.check(
    props.states === undefined || props.states.length > 0,
    'states: with an empty list nothing is reported; add a state, or leave it out',
  );
  problems.check(
    props.topicArn === undefined || props.kmsKeyArn === undefined,
    'kmsKeyArn: the topic in topicArn has its own key; leave one of the two out',
  );
  for (const address of addresses) {
    if (!isResolved(address))
      problems.add(
        'emailAddresses: an address known only to Terraform cannot be subscribed here; use a literal ' + 'string',
      );
    else
      problems.check(
        /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address),
        `emailAddresses: "${address}" is not an email address; use one such as team@example.com`,
      );
  }
  problems.check(
    new Set(addresses).size === addresses.length,
    `emailAddresses: ${JSON.stringify(addresses)} lists an address twice; list each once`,
  );
  problems.throwIfAny();
}
