import { refusalKinds } from '../../../../local/aws/refusals/switch';

const kinds = (value?: string) => [...refusalKinds({ STRATA_EMULATOR_REFUSALS: value })];

describe('STRATA_EMULATOR_REFUSALS', () => {
  it('is all when it is not set, none when it is off, or a list', () => {
    expect(kinds()).toEqual(['models', 'rules', 'iam']);
    expect(kinds('on')).toEqual(['models', 'rules', 'iam']);
    expect(kinds('off')).toEqual([]);
    expect(kinds('iam, models')).toEqual(['iam', 'models']);
  });

  it('names what it cannot be', () => {
    expect(() => kinds('models,rule')).toThrow(
      "STRATA_EMULATOR_REFUSALS is 'models,rule': 'rule' is none of models, rules, iam; use a list of these, 'off' for none",
    );
  });
});
