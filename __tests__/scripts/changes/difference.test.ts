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
