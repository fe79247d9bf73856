import { leftOver } from '../../../local/recover/left-over';
import { lockInWords, lockOf } from '../../../local/recover/lock';

const DETAIL = `Error message: operation error S3: PutObject, https response error StatusCode: 412
Lock Info:
  ID:        0b9a1b5e-3c55-0d9b-8f0a-9f4b8e3d2c11
  Path:      states/shop/dev/network.tfstate
  Operation: OperationTypeApply
  Who:       kim@laptop
  Version:   1.11.4
  Created:   2026-11-28 12:00:00 UTC
  Info:      `;

test('a lock is told by whom and when, and how it is taken away', () => {
  const lock = lockOf([{ severity: 'error', summary: 'Error acquiring the state lock', detail: DETAIL }]);
  expect(lock).toEqual({
    id: '0b9a1b5e-3c55-0d9b-8f0a-9f4b8e3d2c11',
    who: 'kim@laptop',
    created: '2026-11-28 12:00:00 UTC',
  });
  const words = lockInWords(lock!, 'network');
  expect(words).toContain('the state of "network" is locked by kim@laptop since 2026-11-28 12:00:00 UTC');
  expect(words).toContain('npm run recover -- network --unlock 0b9a1b5e-3c55-0d9b-8f0a-9f4b8e3d2c11');
});

test('another error is no lock', () => {
  expect(lockOf([{ severity: 'error', summary: 'Invalid reference', detail: DETAIL }])).toBeUndefined();
});

test('what has the tags is left over unless its ARN, its id or its name is known; revisions of ECS are not', () => {
  const arns = [
    'arn:aws:ec2:eu-west-1:1:vpc/vpc-1',
    'arn:aws:ec2:eu-west-1:1:vpc/vpc-2',
    'arn:aws:sns:eu-west-1:1:alarms',
    'arn:aws:ecs:eu-west-1:1:task-definition/web:3',
    'arn:aws:kms:eu-west-1:1:key/k',
  ];
  expect(leftOver(arns, ['vpc-1', 'alarms', 'arn:aws:kms:eu-west-1:1:key/k'])).toEqual([
    'arn:aws:ec2:eu-west-1:1:vpc/vpc-2',
  ]);
});
