import { chooseLanguage, classification } from '../../app-was/classification';
import { readModelAnswer } from '../../app-was/model-answer';

const text = (word: string): { ko: string; en: string; ja: string } => ({
  ko: `${word} ko`,
  en: `${word} en`,
  ja: `${word} ja`,
});
const answer = {
  model: { name: 'flowers', version: '7' },
  labels: ['a', 'b', 'c'].map((label) => ({ label, name: text(label), description: text(`about ${label}`) })),
  predictions: [{ probabilities: [0.1, 0.7, 0.2] }],
};
const read = (value: unknown): unknown =>
  readModelAnswer(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

test('an answer becomes a result in the language asked for, with all classes, the likeliest first', () => {
  const image = { type: 'image/jpeg', width: 2, height: 1, bytes: 3 } as const;
  expect(classification(readModelAnswer(Buffer.from(JSON.stringify(answer))), 'ja', image)).toEqual({
    no: 1,
    name: 'b ja',
    acc: 0.7,
    description: 'about b ja',
    language: 'ja',
    label: 'b',
    names: text('b'),
    descriptions: text('about b'),
    predictions: [
      { no: 1, label: 'b', names: text('b'), acc: 0.7 },
      { no: 2, label: 'c', names: text('c'), acc: 0.2 },
      { no: 0, label: 'a', names: text('a'), acc: 0.1 },
    ],
    model: { name: 'flowers', version: '7' },
    image,
  });
});

test.each([
  ['text', 'hello'],
  ['a page', '<html></html>'],
  ['null', 'null'],
  ['an empty object', {}],
  ['no labels', { ...answer, labels: [] }],
  ['no predictions', { ...answer, predictions: [] }],
  ['two predictions for one photo', { ...answer, predictions: [...answer.predictions, ...answer.predictions] }],
  ['too few probabilities', { ...answer, predictions: [{ probabilities: [1] }] }],
  ['a probability above 1', { ...answer, predictions: [{ probabilities: [1.5, 0, 0] }] }],
  ['probabilities that are no numbers', { ...answer, predictions: [{ probabilities: ['1', '0', '0'] }] }],
  [
    'a name that lacks a language',
    { ...answer, labels: answer.labels.map((label) => ({ ...label, name: { en: 'x' } })) },
  ],
])('%s is no answer', (_title, value) => {
  expect(() => read(value)).toThrow('the model gave an answer that cannot be understood');
});

test.each([
  [['ja', 'en'], 'ja'],
  [['fr', 'ko-KR'], 'ko'],
  [['KO'], 'ko'],
  [['*'], 'en'],
  [[], 'en'],
])('of %p the page gets %s', (accepted, language) => {
  expect(chooseLanguage(accepted)).toBe(language);
});
