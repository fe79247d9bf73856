import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const rules = readFileSync(join(root, '.github/CODEOWNERS'), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => line.trim().split(/\s+/));

const stacks = existsSync(join(root, 'stacks'))
  ? readdirSync(join(root, 'stacks')).filter((name) => existsSync(join(root, 'stacks', name, 'package.json')))
  : [];

test.each(stacks)('layer %s has one owner, the one that its contract names', (layer) => {
  const lines = rules.filter(([path]) => path === `/stacks/${layer}/`);
  expect(lines).toHaveLength(1);
  const owners = lines[0]!.slice(1);
  expect(owners).toHaveLength(1);

  const contractFile = join(root, 'stacks', layer, 'contract', 'index.ts');
  if (!existsSync(contractFile)) return;
  const contracts = Object.values(require(contractFile) as Record<string, { readonly owner?: unknown }>).filter(
    (value) => typeof value?.owner === 'string',
  );
  expect(contracts.map(({ owner }) => `@strata/${String(owner)}`)).toEqual(owners);
});

test('the first rule gives an owner to whatever has none of its own', () => {
  expect(rules[0]![0]).toBe('*');
});

test('each rule has one owner', () => {
  expect(rules.filter((rule) => rule.length !== 2)).toEqual([]);
});
