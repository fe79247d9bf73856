import { PipelineEvents, type PipelineEventsProps } from '@strata/codepipeline';
import { synthResources } from '../../../support/synth-resources';

const synth = (more: Partial<PipelineEventsProps> = {}) =>
  synthResources(
    (scope) =>
      new PipelineEvents(scope, 'events', { name: 'shop-pipelines', pipelineNames: ['app-web-pipeline'], ...more }),
  );

test('an encrypted topic is told which runs failed or finished', () => {
  const made = synth();
  expect(made.document('aws_cloudwatch_event_rule', 'event_pattern')).toEqual({
    source: ['aws.codepipeline'],
    'detail-type': ['CodePipeline Pipeline Execution State Change'],
    detail: { pipeline: ['app-web-pipeline'], state: ['FAILED', 'SUCCEEDED'] },
  });
  expect(made.one('aws_sns_topic').kms_master_key_id).toMatch(/aws_kms_key/);
  const { input_template: template } = made.one('aws_cloudwatch_event_target').input_transformer as {
    input_template: string;
  };
  expect(JSON.parse(template)).toMatch(/^<pipeline>: <state>\. https:\/\/<region>\.console\.aws\.amazon\.com\//);
});

test('events and this account publish, over TLS alone, and may use the key', () => {
  const made = synth();
  expect(made.document('aws_sns_topic_policy')).toMatchObject({
    Statement: [
      { Sid: 'EventsPublish', Principal: { Service: 'events.amazonaws.com' } },
      { Sid: 'AccountPublishes' },
      { Sid: 'TlsOnly', Effect: 'Deny' },
    ],
  });
  expect(made.document('aws_kms_key')).toMatchObject({
    Statement: [
      { Sid: 'AccountAdministers' },
      { Sid: 'EventsEncrypt', Action: ['kms:Decrypt', 'kms:GenerateDataKey*'] },
      {
        Sid: 'PublishersEncrypt',
        Condition: {
          StringEquals: { 'kms:ViaService': expect.stringMatching(/^sns\./), 'kms:CallerAccount': expect.any(String) },
        },
      },
    ],
  });
  // EventBridge would meet none.
  const { Statement } = made.document('aws_sns_topic_policy') as { Statement: { Sid: string; Condition?: object }[] };
  expect(Statement[0]).not.toHaveProperty('Condition');
});

test('other states, mail, another topic or key, or no pipelines', () => {
  const states = synth({
    states: ['STARTED'],
    emailAddresses: ['web@example.com'],
    kmsKeyArn: 'arn:aws:kms:r:1:key/k',
    tags: { a: 'b' },
  });
  expect(states.document('aws_cloudwatch_event_rule', 'event_pattern')).toMatchObject({
    detail: { state: ['STARTED'] },
  });
  expect(states.one('aws_sns_topic_subscription')).toMatchObject({ protocol: 'email', endpoint: 'web@example.com' });
  expect(states.types).not.toContain('aws_kms_key');
  const given = synth({ topicArn: 'arn:aws:sns:r:1:mine' });
  expect(given.one('aws_cloudwatch_event_target').arn).toBe('arn:aws:sns:r:1:mine');
  expect(given.types).toEqual(['aws_cloudwatch_event_rule', 'aws_cloudwatch_event_target']);
  expect(synth({ pipelineNames: [] }).types).not.toContain('aws_cloudwatch_event_rule');
});

test.each<[Partial<PipelineEventsProps>, string]>([
  [{ name: 'a b' }, 'name: "a b" is not a topic name'],
  [{ states: [] }, 'states: with an empty list nothing is reported'],
  [{ states: ['DONE' as 'FAILED'] }, 'states: "DONE" is not allowed; use one of STARTED'],
  [{ topicArn: 'arn:x', kmsKeyArn: 'k' }, 'kmsKeyArn: the topic in topicArn has its own key'],
  [{ emailAddresses: ['web'] }, 'emailAddresses: "web" is not an email address'],
  [{ emailAddresses: ['a@b.cd', 'a@b.cd'] }, 'lists an address twice'],
])('%j is refused', (more, message) => expect(() => synth(more)).toThrow(message));
