// Terraform's reading of a range and semver's own: Terraform evaluates the condition of many pairs in one process.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { satisfies, validRange } from 'semver';
import { rangeCondition } from '../../../modules/contract/version-range';
import { terraformTest, toolchain } from '../../support/terraform';

type Pair = readonly [range: string, version: string];

const part = fc.oneof(
  { weight: 20, arbitrary: fc.nat(3) },
  { weight: 2, arbitrary: fc.nat(1_000_001) },
  { weight: 1, arbitrary: fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - 1) },
);
const version = fc.tuple(part, part, part).map((parts) => parts.join('.'));
const bound = fc.oneof(
  { weight: 4, arbitrary: version },
  { weight: 2, arbitrary: fc.tuple(fc.nat(3), fc.nat(3)).map((parts) => parts.join('.')) },
  { weight: 1, arbitrary: fc.nat(3).map(String) },
  { weight: 1, arbitrary: fc.tuple(version, fc.constantFrom('0', 'beta', 'rc.1')).map((parts) => parts.join('-')) },
  { weight: 1, arbitrary: fc.tuple(fc.nat(3), fc.constantFrom('x', '*', 'X.x')).map((parts) => parts.join('.')) },
);
const comparator = fc
  .tuple(fc.constantFrom('', '=', '>', '>=', '<', '<=', '^', '~'), bound)
  .map((parts) => parts.join(''));
const alternative = fc.oneof(
  fc.array(comparator, { minLength: 1, maxLength: 2 }).map((list) => list.join(' ')),
  fc.tuple(bound, bound).map((list) => list.join(' - ')),
);
const range = fc
  .array(alternative, { minLength: 1, maxLength: 2 })
  .map((list) => list.join(' || '))
  .filter((text) => validRange(text) !== null && validRange(text) !== '*');

/** What Terraform makes of each pair. */
function evaluate(pairs: readonly Pair[]): boolean[] {
  const tools = toolchain();
  if (typeof tools === 'string') throw new Error(`terraform is needed: ${tools}`);
  const folder = mkdtempSync(join(tmpdir(), 'strata-console-'));
  try {
    writeFileSync(
      join(folder, 'pairs.tf.json'),
      JSON.stringify({
        locals: { judged: pairs.map(([wanted, found]) => `\${${rangeCondition(wanted, JSON.stringify(found))}}`) },
      }),
    );
    const { status, stdout, stderr } = spawnSync(tools.binary, ['console'], {
      cwd: folder,
      env: tools.environment,
      encoding: 'utf8',
      input: 'jsonencode(local.judged)\n',
    });
    if (status !== 0) throw new Error(`terraform console ended with ${status}:\n${stderr}`);
    return JSON.parse(JSON.parse(stdout) as string) as boolean[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The pairs that Terraform judges otherwise than expected. */
function misjudged(pairs: readonly Pair[], expected: (pair: Pair) => boolean): object[] {
  const judged = evaluate(pairs);
  expect(judged).toHaveLength(pairs.length);
  return pairs.flatMap((pair, index) =>
    judged[index] === expected(pair) ? [] : [{ range: pair[0], version: pair[1], terraform: judged[index], seed }],
  );
}

const seed = Number(process.env.FAST_CHECK_SEED ?? Date.now() % 1_000_000);

terraformTest('Terraform accepts the versions that semver accepts', () => {
  const pairs = fc.sample(fc.tuple(range, version), { numRuns: 1500, seed });
  const accepted = pairs.filter(([wanted, found]) => satisfies(found, wanted)).length;
  expect(accepted).toBeGreaterThan(150);
  expect(pairs.length - accepted).toBeGreaterThan(150);
  expect(misjudged(pairs, ([wanted, found]) => satisfies(found, wanted))).toEqual([]);
});

terraformTest('at the very edges too', () => {
  const pairs: Pair[] = [
    '^1.2',
    '~1.2.3',
    '>1.2.3-beta',
    '<=1.2.3-beta',
    '=1.2.3-beta',
    '1.2.3',
    '^0.1',
    '<1.2.3 || >1.2.3',
    '^1.999999',
    '~1.20261121',
    '2026.x',
  ].flatMap((wanted) =>
    [
      '0.0.0',
      '0.1.0',
      '0.2.0',
      '1.1.999999',
      '1.2.2',
      '1.2.3',
      '1.2.4',
      '1.3.0',
      '1.1000000.0',
      '1.20261121.7',
      '1.9007199254740991.9007199254740991',
      '2.0.0',
      '2026.11.21',
      '2027.0.0',
    ].map((found): Pair => [wanted, found]),
  );
  expect(misjudged(pairs, ([wanted, found]) => satisfies(found, wanted))).toEqual([]);
});

terraformTest('what is no released version is in no range', () => {
  const found = [
    '',
    '1',
    '1.2',
    '1.2.3.4',
    'v1.2.3',
    '1.2.3-beta',
    '1.2.x',
    '1.-2.3',
    '1.2e0.3',
    ' 1.2.3',
    'none',
    '1.2.3\n',
  ];
  expect(
    misjudged(
      found.map((text): Pair => ['>=0.0.1', text]),
      () => false,
    ),
  ).toEqual([]);
});
