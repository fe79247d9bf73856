// `npm run jobs:kills [-- --jobs 200 --workers 4 --kills 1000 --seed 1]`: kills workers at random moments and says
// whether a job was lost or a row doubled.
import { parseArgs } from 'node:util';

import { runKills } from './run-kills';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '200' },
    workers: { type: 'string', default: '4' },
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});
const numbers = Object.fromEntries(
  Object.entries(values).map(([name, text]) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} is "${text}"; use a whole number from 1`);
    return [name, number];
  }),
) as { jobs: number; workers: number; kills: number; seed: number };

void runKills({ ...numbers, progress: (text) => console.error(text) }).then(
  (result) => {
    console.log(JSON.stringify(result, null, 2));
    const isRight =
      result.states.succeeded === numbers.jobs &&
      result.wrongRows === 0 &&
      result.leftRunning === 0 &&
      result.messagesLeft === 0;
    process.exit(isRight ? 0 : 1);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
