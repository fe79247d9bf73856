import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { AwsAccount, isResolved, type NameRule, Problems, checkName } from '@strata/core';
import { Construct } from 'constructs';

/** Rule for a topic's name: `CreateTopic` in the Amazon SNS API reference. */
const TOPIC_NAME: NameRule = {
  what: 'topic name',
  maxLength: 256,
  pattern: /^[A-Za-z0-9_-]+$/,
  allowed: 'letters, digits, hyphens and underscores',
};

export interface AlarmTopicProps {
  /** Name of the topic, at most 256 characters. */
  readonly name: string;
  /**
   * ARN of a KMS key that encrypts the topic; its policy must let `cloudwatch.amazonaws.com` decrypt and generate data
   * keys.
   *
   * @default a key created here (about 1 USD per month; share one topic among services): CloudWatch cannot use the AWS
   * managed key of SNS
   */
  readonly kmsKeyArn?: string;
  /** Addresses that receive every message, once they have confirmed AWS's subscription email. @default none */
  readonly emailAddresses?: readonly string[];
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/** An encrypted SNS topic to which only alarms of the same account publish, over TLS. */
export class AlarmTopic extends Construct {
  readonly resource: SnsTopic;
  readonly policy: SnsTopicPolicy;
  /** The key created here; `undefined` if one was passed in. */
  readonly key?: KmsKey;
  readonly subscriptions: SnsTopicSubscription[] = [];

  /** @throws ValidationError when the name or an address cannot be used. */
  constructor(scope: Construct, id: string, props: AlarmTopicProps) {
    super(scope, id);
    const addresses = props.emailAddresses ?? [];
    const problems = new Problems(this);
    checkName(problems, 'name', props.name, TOPIC_NAME);
    for (const address of addresses) {
      if (!isResolved(address))
        problems.add(
          'emailAddresses: an address known only to Terraform cannot be subscribed here; use a ' + 'literal string',
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

    const { accountId, region, partition } = AwsAccount.of(this);
    const alarms = `arn:${partition}:cloudwatch:${region}:${accountId}:alarm:*`;
    const ofThisAccount = { StringEquals: { 'aws:SourceAccount': accountId }, ArnLike: { 'aws:SourceArn': alarms } };

    if (props.kmsKeyArn === undefined) {
      this.key = new KmsKey(this, 'key', {
        description: `Alarm messages of the topic ${props.name}`,
        enableKeyRotation: true,
        deletionWindowInDays: 7,
        policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'AccountAdministers',
              Effect: 'Allow',
              Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
              Action: 'kms:*',
              Resource: '*',
            },
            {
              Sid: 'AlarmsEncrypt',
              Effect: 'Allow',
              Principal: { Service: 'cloudwatch.amazonaws.com' },
              Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
              Resource: '*',
              Condition: ofThisAccount,
            },
          ],
        }),
        tags: props.tags,
      });
    }
    this.resource = new SnsTopic(this, 'resource', {
      name: props.name,
      kmsMasterKeyId: this.key?.arn ?? props.kmsKeyArn,
      tags: props.tags,
    });
    this.policy = new SnsTopicPolicy(this, 'policy', {
      arn: this.resource.arn,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'AlarmsPublish',
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Resource: this.resource.arn,
            Condition: ofThisAccount,
          },
          {
            Sid: 'TlsOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sns:Publish',
            Resource: this.resource.arn,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      }),
    });
    for (const address of addresses) {
      this.subscriptions.push(
        new SnsTopicSubscription(this, `email-${address}`, {
          topicArn: this.resource.arn,
          protocol: 'email',
          endpoint: address,
        }),
      );
    }
  }

  get arn(): string {
    return this.resource.arn;
  }
}
