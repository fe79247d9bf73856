import { didYouMean } from '@strata/core/config';

const environments = ['dev', 'staging', 'prod'];

test.each([
  ['stagin', 'staging'],
  ['stging', 'staging'],
  ['prd', 'prod'],
  ['prodd', 'prod'],
  ['dve', 'dev'],
])('%p was probably meant to be %p', (word, meant) => {
  expect(didYouMean(word, environments)).toBe(`; did you mean "${meant}"?`);
});

test.each(['production-eu', 'xxxxx', 'something'])('%p is near nothing', (word) => {
  expect(didYouMean(word, environments)).toBe('');
});

test('a third of the letters of a long word may differ, not more', () => {
  expect(didYouMean('abcdefxyz', ['abcdefghi'])).not.toBe('');
  expect(didYouMean('abcdewxyz', ['abcdefghi'])).toBe('');
});

test.each([
  ['c', 'a'],
  ['eu', 'dev'],
  ['', 'dev'],
])('%p has too little in common with %p', (word, known) => {
  expect(didYouMean(word, [known])).toBe('');
});

test('where nothing is known nothing is suggested', () => {
  expect(didYouMean('dev', [])).toBe('');
});
