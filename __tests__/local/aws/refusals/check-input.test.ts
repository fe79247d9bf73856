import { checkInput } from '../../../../local/aws/refusals/models/check-input';
import type { ServiceModel, Shape } from '../../../../local/aws/refusals/models/service-model';

const broken = (shape: Partial<Shape>, value: unknown) => {
  const input: Shape = { type: 'structure', members: { Value: { shape: 'Value' } } };
  const shapes = { Input: input, Value: { type: 'string', ...shape } };
  const model: ServiceModel = { name: 'x', metadata: { apiVersion: '1', protocol: 'json' }, operations: {}, shapes };
  return checkInput(model, 'Input', { Value: value }).map(({ member, kind }) => `${member} ${kind}`);
};

describe('a pattern of a model', () => {
  it('is about the whole text', () => {
    expect(broken({ pattern: '[a-z]+' }, 'ab1')).toEqual(['value pattern']);
    expect(broken({ pattern: '[a-z]+|[0-9]+' }, 'ab')).toEqual([]);
  });

  it('is read with the classes and anchors of Java', () => {
    expect(broken({ pattern: '\\p{Print}+' }, 'app-was-asg-policy')).toEqual([]);
    expect(broken({ pattern: '\\p{Print}+' }, 'tab\t')).toEqual(['value pattern']);
    expect(broken({ pattern: '\\A\\S[\\p{Print}]*\\z' }, 'a b')).toEqual([]);
    expect(broken({ pattern: '[\\p{L}\\p{N}_.:/=+\\-@]*' }, 'größe_1')).toEqual([]);
  });

  it('that nobody but Java reads refuses nothing', () => {
    expect(broken({ pattern: '[a-z]{2}${1,2}\\p{L}' }, '?')).toEqual([]);
  });
});

it('lengths count characters, not halves of them', () => {
  expect(broken({ max: 2 }, '😀😀')).toEqual([]);
  expect(broken({ max: 2 }, 'abc')).toEqual(['value length']);
  expect(broken({ type: 'integer', min: 1, max: 5 }, 6)).toEqual(['value range']);
  expect(broken({ type: 'list', member: { shape: 'None' }, min: 1 }, [])).toEqual(['value length']);
});
