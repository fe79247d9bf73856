// What a person sees when the app does not come to its end.
import { House } from './house';

// Each case is a few processes, on a machine that may be busy.
jest.setTimeout(60_000);

let house: House;
beforeEach(() => {
  house = new House();
});
afterEach(() => house.remove());

const refusing = (name: string): string => `
class Refusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = '${name}';
  }
}
function readEnvironment(): never {
  throw new Refusal('1 problem in the context of cdktf.json:\\n  - environment: "prd" does not exist');
}
readEnvironment();
`;
const STACK = /^ +at /m;

test.each(['ConfigError', 'ContractError', 'ValidationError'])('a %s is shown by its message alone', async (name) => {
  house.write('main.ts', refusing(name));
  expect(await house.synth()).toEqual({
    status: 1,
    stdout: '',
    stderr: '\n1 problem in the context of cdktf.json:\n  - environment: "prd" does not exist\n\n',
  });
});

test('with STRATA_TRACES=1 it is shown with where it came from in the TypeScript files', async () => {
  house.write('main.ts', refusing('ConfigError'));
  const { status, stderr } = await house.synth({ STRATA_TRACES: '1' });
  expect(status).toBe(1);
  expect(stderr).toContain('ConfigError]: 1 problem in the context of cdktf.json:');
  expect(stderr).toMatch(/at readEnvironment \(.*main\.ts:9:9\)/);
});

test('any other error is shown with its stack, and with how to see more', async () => {
  house.write('main.ts', `throw new TypeError('x is not a function');`);
  const { status, stderr } = await house.synth();
  expect(status).toBe(1);
  expect(stderr).toMatch(/^TypeError: x is not a function\n/);
  expect(stderr).toMatch(STACK);
  expect(stderr).toContain('(STRATA_TRACES=1 shows where in the TypeScript files)');
});

test.each([`throw 'text';`, 'throw undefined;', 'throw null;'])('%s is a failure too', async (source) => {
  house.write('main.ts', source);
  expect((await house.synth()).status).toBe(1);
});

test('TypeScript that cannot be read: file, line, column and what is wrong, without a stack', async () => {
  house.write('main.ts', `const layers = ['network';\n`);
  const { status, stdout, stderr } = await house.synth();
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain('main.ts:1:25: ERROR: Expected "]" but found ";"');
  expect(stderr).not.toMatch(STACK);
});

test('an import of a package that is not installed', async () => {
  house.write('main.ts', `import '@strata/stack-nowhere';\n`);
  const { status, stderr } = await house.synth();
  expect(status).toBe(1);
  expect(stderr).toContain('main.ts:1:7: ERROR: Could not resolve "@strata/stack-nowhere"');
  expect(stderr).not.toMatch(STACK);
});

test('a failure leaves no code cache that would hide a later success', async () => {
  house.write('main.ts', `if (process.env.FAIL === '1') throw new Error('once');\nconsole.log('well');`);
  expect((await house.synth({ FAIL: '1' })).status).toBe(1);
  expect(await house.synth()).toEqual({ status: 0, stdout: 'well\n', stderr: '' });
});
