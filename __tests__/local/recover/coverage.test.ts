// Every type that a layer makes must be one that a recovery knows how to find, or need not find.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { notLookedFor } from '../../../local/recover/candidates';

const root = path.resolve(__dirname, '../../..');

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (name === 'node_modules' || name === 'lib') return [];
    return statSync(file).isDirectory() ? sources(file) : file.endsWith('.ts') ? [file] : [];
  });
}

test('a recovery knows every type that modules and stacks make', () => {
  const imports = ['modules', 'stacks']
    .flatMap((folder) => sources(path.join(root, folder)))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/provider-aws\/lib\/([a-z0-9-]+)'/g)])
    .map(([, name = '']) => name)
    .filter((name) => name !== 'provider' && !name.startsWith('data-aws-'));
  expect(imports).toContain('vpc');
  const creates = [...new Set(imports)].map((name) => {
    const type = `aws_${name.replaceAll('-', '_')}`;
    return { address: `${type}.x`, type, values: {} };
  });
  expect(notLookedFor(creates)).toEqual([]);
});
