import { AlarmTopic, type AlarmTopicProps } from '@strata/ecs-patterns';
import { Testing } from 'cdktf';

const base: AlarmTopicProps = { name: 'app-alarms' };
const resourcesOf = (props: Partial<AlarmTopicProps>): Record<string, Record<string, Record<string, unknown>>> =>
  JSON.parse(
    Testing.synthScope((scope) => {
      new AlarmTopic(scope, 'topic', { ...base, ...props });
    }),
  ).resource;
const only = (resources: Record<string, Record<string, Record<string, unknown>>>, type: string) => {
  const found = Object.values(resources[type] ?? {});
  expect(found).toHaveLength(1);
  return found[0]!;
};

test('is encrypted with a rotating key that alarms of the account may use', () => {
  const resources = resourcesOf({ tags: { team: 'web' } });
  const key = only(resources, 'aws_kms_key');
  expect(key).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 7, tags: { team: 'web' } });
  const [account, alarms] = JSON.parse(String(key.policy)).Statement;
  expect(account.Principal.AWS).toMatch(/:iam::\$\{data\.aws_caller_identity\.[\w-]+\.account_id\}:root$/);
  expect(alarms).toMatchObject({
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
  });
  expect(Object.keys(alarms.Condition)).toEqual(['StringEquals', 'ArnLike']);
  expect(only(resources, 'aws_sns_topic')).toMatchObject({
    name: 'app-alarms',
    kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\..*\.arn\}$/),
    tags: { team: 'web' },
  });
});

test('takes messages from alarms of the account only, over TLS', () => {
  const [publish, tls] = JSON.parse(String(only(resourcesOf({}), 'aws_sns_topic_policy').policy)).Statement;
  expect(publish).toMatchObject({
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
  });
  expect(publish.Condition.StringEquals['aws:SourceAccount']).toMatch(/^\$\{data\.aws_caller_identity\./);
  expect(tls).toMatchObject({
    Effect: 'Deny',
    Principal: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
});

test('uses a given key', () => {
  const resources = resourcesOf({ kmsKeyArn: 'arn:aws:kms:ap-northeast-2:111122223333:key/1' });
  expect(resources).not.toHaveProperty('aws_kms_key');
  expect(only(resources, 'aws_sns_topic')).toMatchObject({
    kms_master_key_id: 'arn:aws:kms:ap-northeast-2:111122223333:key/1',
  });
});

test('subscribes addresses', () => {
  const resources = resourcesOf({ emailAddresses: ['a@example.com', 'b@example.com'] });
  expect(
    Object.values(resources.aws_sns_topic_subscription!).map(({ protocol, endpoint }) => [protocol, endpoint]),
  ).toEqual([
    ['email', 'a@example.com'],
    ['email', 'b@example.com'],
  ]);
});

test.each<[string, Partial<AlarmTopicProps>, string]>([
  [
    'a name',
    { name: 'app alarms' },
    'name: "app alarms" is not a topic name; allowed are letters, digits, hyphens and underscores',
  ],
  ['a long name', { name: 'a'.repeat(257) }, 'has 257 characters, a topic name at most 256; shorten it by 1'],
  [
    'an address',
    { emailAddresses: ['team'] },
    'emailAddresses: "team" is not an email address; use one such as team@example.com',
  ],
  [
    'an address twice',
    { emailAddresses: ['a@example.com', 'a@example.com'] },
    'emailAddresses: ["a@example.com","a@example.com"] lists an address twice; list each once',
  ],
  [
    'an address known only to Terraform',
    { emailAddresses: ['${TfToken[TOKEN.0]}'] },
    'emailAddresses: an address known only to Terraform cannot be subscribed here; use a literal string',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => resourcesOf(props)).toThrow(message);
});
