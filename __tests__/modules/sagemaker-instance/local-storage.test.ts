import { hasLocalStorage } from '@strata/sagemaker-instance';

test.each([
  'c5d',
  'm5d',
  'm5dn',
  'r5d',
  'm6gd',
  'c6gd',
  'c6id',
  'r7gd',
  'g4dn',
  'g5',
  'g6',
  'g6e',
  'gr6',
  'g7e',
  'p3dn',
  'p4d',
  'p4de',
  'p5',
  'p5e',
  'p5en',
  'p6-b200',
  'p6e-gb200',
  'trn1',
  'trn1n',
  'trn2',
  'dl1',
  'i3en',
])('%s has disks of its own', (family) => {
  expect(hasLocalStorage(`ml.${family}.24xlarge`)).toBe(true);
});

test.each(['t3', 'm4', 'm5', 'm6g', 'm7i', 'c5', 'c5n', 'c6gn', 'c7g', 'c8i', 'r5', 'p2', 'p3', 'inf1', 'inf2', 'g5g'])(
  '%s has not',
  (family) => {
    expect(hasLocalStorage(`ml.${family}.xlarge`)).toBe(false);
  },
);

test('what only Terraform knows has not', () => {
  expect(hasLocalStorage('${var.type}')).toBe(false);
});
