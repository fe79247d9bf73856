import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand, UserError } from '../../local/toolchain';
import { readArguments } from '../arguments';
import { checkConformance } from './conformance';

const HELP = `Usage: npm run endpoint:conformance -- <url> [--photo <file>]

Tries the rules that an endpoint of this project keeps on the container at <url>, such as http://127.0.0.1:8080, and
prints one line for each. Exit code 0 when all are kept.
`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments({
    photo: { type: 'string' },
    help: { type: 'boolean' },
  });
  if (values.help === true || positionals.length === 0) {
    process.stdout.write(HELP);
    return values.help === true ? 0 : 1;
  }
  const file =
    values.photo === undefined
      ? join(__dirname, '../../__tests__/apps/photos/violet.jpg')
      : resolve(process.env['INIT_CWD'] ?? '.', values.photo);
  if (!existsSync(file)) throw new UserError(`there is no photo ${file}`);
  const [url, ...others] = positionals;
  if (url === undefined || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol) || others.length > 0) {
    throw new UserError(`give one address, such as http://127.0.0.1:8080; "${[url, ...others].join(' ')}" is none`);
  }

  let from = '';
  const outcomes = await checkConformance({
    url,
    photo: readFileSync(file),
    onOutcome: ({ rule, broken }) => {
      if (rule.from !== from) process.stdout.write(`${rule.from}\n`);
      from = rule.from;
      process.stdout.write(
        broken === undefined ? `  ok    ${rule.text}\n` : `  FAIL  ${rule.text}\n        ${broken}\n`,
      );
    },
  });
  const failed = outcomes.filter(({ broken }) => broken !== undefined).length;
  process.stdout.write(`${outcomes.length - failed} rules kept, ${failed} broken\n`);
  return failed === 0 ? 0 : 1;
}

runCommand(main);
