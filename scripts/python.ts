import { join, resolve } from 'node:path';

import { runCommand, UserError } from '../local/toolchain';
import { ensurePythonEnvironment } from '../local/python/environment';
import { runPython, trainingFolder } from '../local/python/run-python';

const root = resolve(__dirname, '..');

/** What each command gives to Python. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  train: [join(trainingFolder, 'train.py')],
  evaluate: [join(trainingFolder, 'evaluate.py')],
  predict: ['-m', 'strata_training.predict'],
  test: ['-m', 'pytest', '-c', join(root, '__tests__/sagemaker/training/pytest.ini'), '--rootdir', root],
};

async function main(): Promise<number> {
  const [command = '', ...args] = process.argv.slice(2);
  const given = COMMANDS[command];
  if (given === undefined)
    throw new UserError(`'${command}' is not a command: must be one of ${Object.keys(COMMANDS).join(', ')}`);
  let python: string;
  try {
    ({ python } = await ensurePythonEnvironment({ progress: (text) => process.stderr.write(`${text}\n`) }));
  } catch (error) {
    // Tests that cannot run here are skipped, except in CI; the last line is the reason that `npm test` shows.
    if (command !== 'test' || process.env.CI === 'true' || !(error instanceof UserError)) throw error;
    process.stdout.write(`${error.message.replaceAll('\n', ' ')}\n`);
    return 77;
  }
  // npm runs scripts in the folder of package.json; paths that a person types are meant from where they typed them.
  const cwd = command === 'test' ? root : (process.env.INIT_CWD ?? process.cwd());
  return runPython(python, [...given, ...args], cwd);
}

runCommand(main);
