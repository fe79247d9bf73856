import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { LayerStack } from '@strata/layer';
import { recoveryFile } from '@strata/layer/recovery';
import { layerJson, SHOP_DEV } from '../../../support/synth-layer';

const KEY = { project: 'shop', environment: 'dev', layer: 'network' };
const layer = { stackId: 'network', owner: 'platform-network', version: '1.0.0' };
const before = process.cwd();
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'strata-recovery-'));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

function synth(id = 'network') {
  const json = layerJson((scope) => {
    const stack = new LayerStack(scope, id, { ...SHOP_DEV, layer });
    for (const name of ['first', 'second']) new Vpc(stack, name, { cidrBlock: '10.0.0.0/16' });
    return stack;
  });
  return JSON.parse(json) as {
    import?: readonly { to: string; id: string }[];
    resource: { aws_vpc: Record<string, unknown> };
  };
}

function write(text: string): void {
  mkdirSync(path.dirname(recoveryFile(KEY)), { recursive: true });
  writeFileSync(recoveryFile(KEY), text);
}

test('without a recovery, nothing is imported', () => {
  expect(synth().import).toBeUndefined();
});

test('what a recovery has found is imported, each by its own block', () => {
  const imports = [
    { to: 'aws_vpc.second', id: 'vpc-2' },
    { to: 'aws_vpc.first', id: 'vpc-1' },
  ];
  write(JSON.stringify({ imports }));
  expect(synth().import).toEqual([imports[1], imports[0]]);
});

test('what is no longer in the configuration is left out: Terraform would fail over it', () => {
  write(
    JSON.stringify({
      imports: [
        { to: 'aws_vpc.first', id: 'vpc-1' },
        { to: 'aws_vpc.gone', id: 'vpc-3' },
      ],
    }),
  );
  expect(synth().import).toEqual([{ to: 'aws_vpc.first', id: 'vpc-1' }]);
});

test('the recovery of one layer is of no concern to another', () => {
  write(JSON.stringify({ imports: [{ to: 'aws_vpc.first', id: 'vpc-1' }] }));
  expect(synth('compute').import).toBeUndefined();
});

test.each(['', '{', '[]', '{"imports":[{"to":"aws_vpc.first"}]}'])('a file of another kind is refused: %s', (text) => {
  write(text);
  expect(() => synth()).toThrow(
    /network\.json is not a recovery: it has no list "imports" .* delete it and run the recovery of "network" again/,
  );
});
