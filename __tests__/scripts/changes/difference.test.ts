import { attributesOf, differenceOf } from '../../../scripts/changes/difference';

const service = (attributes: object) => ({
  resource: { aws_ecs_service: { web: { lifecycle: { ignore_changes: ['desired_count'] }, ...attributes } } },
});

test('an attribute whose changes Terraform ignores makes no difference', () => {
  const difference = differenceOf(service({ desired_count: 2 }), service({ desired_count: 3 }));
  expect(difference.touched).toEqual({});
  expect([...difference.reaches]).toEqual([]);
});

test('beside another attribute it is not named', () => {
  const difference = differenceOf(service({ desired_count: 2 }), service({ desired_count: 3, name: 'web' }));
  expect(attributesOf(difference)).toEqual(['name']);
});

test('it counts where the resource is new', () => {
  expect(attributesOf(differenceOf({}, service({ desired_count: 3 })))).toContain('desired_count');
});

test('a check changes nothing, and what is released is no further resource', () => {
  const released = { removed: [{ from: 'aws_ecr_repository.web', lifecycle: { destroy: false } }] };
  const difference = differenceOf({}, { ...released, check: { web: { assert: [] } } });
  expect(Object.keys(difference.touched)).toEqual(['removed.aws_ecr_repository.web']);
  expect([...difference.reaches]).toEqual([]);
});
