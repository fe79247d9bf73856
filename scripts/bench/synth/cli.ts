import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeBetweenMarkers } from './document';
import { growthCases } from './growth';
import { root } from './paths';
import { installPrograms } from './programs';
import { report } from './report';
import { runRounds } from './rounds';
import { sideBySideCases } from './side-by-side';

const HELP = `Usage: npm run bench:synth [-- options]

Measures synth side by side with CDKTF as it is usually written and with AWS CDK, and its growth to 300 services;
writes the results to docs/benchmarks.md. The programs it compares with are installed in .strata/bench.

Options:
  --rounds <n>   rounds to measure (7)
  --no-growth    leave growth out; prints the results and writes nothing
  --no-write     print the results only
  --help         this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      growth: { type: 'boolean', default: true },
      write: { type: 'boolean', default: true },
      help: { type: 'boolean', default: false },
    },
    allowNegative: true,
  });
  if (values.help) return void process.stdout.write(HELP);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds "${values.rounds}" is not a whole number of at least 1`);

  const progress = (text: string): void => void process.stderr.write(`${text}\n`);
  installPrograms(progress);
  const loadBefore = loadavg()[0]!;
  if (loadBefore > availableParallelism() / 2)
    progress(`the machine is busy (load ${loadBefore.toFixed(1)}): only the processor times will mean something`);
  const cases = sideBySideCases();
  const sideBySide = { cases, results: await runRounds(cases, rounds, progress) };
  const growing = growthCases();
  const growth = values.growth ? { cases: growing, results: await runRounds(growing, rounds, progress) } : undefined;

  const text = report({ rounds, loadBefore, sideBySide, growth });
  process.stdout.write(`${text}\n`);
  if (values.write && growth !== undefined) writeBetweenMarkers(join(root, 'docs', 'benchmarks.md'), text);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
