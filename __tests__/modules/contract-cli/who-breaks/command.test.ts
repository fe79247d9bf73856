import { utimesSync } from 'node:fs';
import path from 'node:path';
import { readContractFile, readCdktfProject, whoBreaksCommand, type WhoBreaksSetup } from '@strata/contract-cli';
import { before, broken, folderFor, put, putProject, stackJson, stateJson } from './project';

const here = { folder: '' };
folderFor(here);

const READS = { range: '^1.0', outputs: ['nat_mode', 'vpc_id'] };

async function run(
  args: readonly string[],
  setup: Partial<WhoBreaksSetup> = {},
): Promise<{ code: number; lines: string[] }> {
  let text = '';
  const code = await whoBreaksCommand(args, {
    directory: here.folder,
    usage: 'strata-who-breaks',
    write: (more) => (text += more),
    ...setup,
  });
  return { code, lines: text.trimEnd().split('\n') };
}

/** Runs it for the broken contract, compared with the one before. */
function publishBroken(args: readonly string[] = []): Promise<{ code: number; lines: string[] }> {
  put(here.folder, 'new.json', broken);
  put(here.folder, 'old.json', before);
  return run(['network', '--contract', 'new.json', '--before', 'old.json', ...args]);
}

test('finds readers in the synthesized stacks and the deployed states of every environment', async () => {
  putProject(
    here.folder,
    { dev: {}, prod: { state: { type: 'local', directory: 'states' } } },
    `
    write('network', {});
    reads('compute', environment === 'dev' ? ${JSON.stringify(READS)} : { range: '>=1.0.0 <3.0.0', outputs: ['vpc_id'] });`,
  );
  put(
    here.folder,
    '.strata/state/shop/dev/network.tfstate',
    stateJson({ contract_name: 'network', contract_version: '1.0.0' }),
  );
  put(
    here.folder,
    '.strata/state/wiki/dev/pages.tfstate',
    stateJson({ contract_consumes: { network: { range: '^1.0 || ^2.0', outputs: ['nat_mode'] } } }),
  );
  put(
    here.folder,
    'states/shop/prod/network.tfstate',
    stateJson({ contract_name: 'network', contract_version: '0.9.0' }),
  );
  put(here.folder, 'states/shop/prod/compute.tfstate', stateJson({ contract_consumes: { network: READS } }));
  expect(await publishBroken()).toEqual({
    code: 1,
    lines: [
      'contract "network" 2.0.0 (owner platform-network)',
      'before: 1.0.0 at old.json; output "nat_mode" was removed',
      'deployed: 1.0.0 in shop/dev/network, 0.9.0 in shop/prod/network',
      '',
      'reader             found in                              range           verdict',
      'shop/dev/compute   synthesized now                       ^1.0            BREAKS: accepts ^1.0, not 2.0.0; uses "nat_mode", which is not in it',
      'shop/prod/compute  synthesized now                       >=1.0.0 <3.0.0  ok',
      'shop/prod/compute  states/shop/prod/compute.tfstate      ^1.0            BREAKS: accepts ^1.0, not 2.0.0; uses "nat_mode", which is not in it',
      'wiki/dev/pages     .strata/state/wiki/dev/pages.tfstate  ^1.0 || ^2.0    BREAKS: uses "nat_mode", which is not in it',
      '',
      '3 of 4 readers break if contract "network" 2.0.0 is published.',
    ],
  });
});

test('tells an output that was retyped', async () => {
  const retyped = {
    ...before,
    version: '1.0.1',
    outputs: { ...before.outputs, vpc_id: { type: 'list(string)', description: 'Id' } },
  };
  putProject(here.folder, { dev: {} }, `reads('compute', ${JSON.stringify(READS)});`);
  put(here.folder, 'new.json', retyped);
  put(here.folder, 'old.json', before);
  const { code, lines } = await run(['network', '--contract', 'new.json', '--before', 'old.json']);
  expect(code).toBe(1);
  expect(lines).toContain(
    'shop/dev/compute  synthesized now  ^1.0   BREAKS: uses "vpc_id", whose type changes from string to list(string)',
  );
  expect(lines.at(-1)).toBe('1 of 1 reader breaks if contract "network" 1.0.1 is published.');
});

test('says that nobody breaks, or that nobody reads it', async () => {
  putProject(here.folder, { dev: {} }, `reads('compute', ${JSON.stringify(READS)});`);
  put(here.folder, 'new.json', { ...before, version: '1.1.0' });
  put(here.folder, 'lonely.json', { ...before, layer: 'lonely' });
  expect(await run(['network', '--contract', 'new.json'])).toMatchObject({
    code: 0,
    lines: expect.arrayContaining(['No reader breaks if contract "network" 1.1.0 is published: 1 reader.']),
  });
  expect(await run(['lonely', '--contract', 'lonely.json'])).toEqual({
    code: 0,
    lines: [
      'contract "lonely" 1.0.0 (owner platform-network)',
      'deployed: nowhere that was searched',
      '',
      'No reader of contract "lonely" was found.',
    ],
  });
});

test('synthesizes all layers, whatever the shell restricts them to, and leaves cdktf.out alone', async () => {
  putProject(
    here.folder,
    { dev: {} },
    `
    if (process.env.STRATA_LAYERS !== undefined || process.env.STRATA_FIXTURES !== undefined) throw new Error('restricted');
    if (JSON.parse(process.env.CDKTF_CONTEXT_JSON).project !== 'shop' || out.includes('cdktf.out')) throw new Error('misled');
    reads('compute', ${JSON.stringify(READS)});`,
  );
  const former = { ...process.env };
  Object.assign(process.env, { STRATA_LAYERS: 'network', STRATA_FIXTURES: 'all' });
  const { code, lines } = await publishBroken();
  process.env = former;
  expect(code).toBe(1);
  expect(lines.at(-1)).toBe('1 of 1 reader breaks if contract "network" 2.0.0 is published.');
});

describe('an environment that no longer synthesizes', () => {
  const refusal =
    'layer "compute" reads contract "network" (owner platform-network) in the range ^1.0, but the version installed is 2.0.0';

  test('because of this very contract breaks', async () => {
    putProject(
      here.folder,
      { dev: {}, prod: {} },
      `if (environment === 'dev') { console.error(${JSON.stringify(`\n${refusal};\n  widen it\n`)}); process.exit(1); }`,
    );
    expect(await run(['network'], { contractOf: async () => broken })).toEqual({
      code: 1,
      lines: [
        'contract "network" 2.0.0 (owner platform-network)',
        'deployed: nowhere that was searched',
        '',
        `environment dev no longer synthesizes: ${refusal}; widen it`,
        '',
        '1 environment breaks if contract "network" 2.0.0 is published.',
      ],
    });
  });

  test('is looked up where it was written last', async () => {
    putProject(
      here.folder,
      { dev: {}, prod: {} },
      `if (environment === 'dev') { console.error(${JSON.stringify(refusal)}); process.exit(1); } reads('jobs', { range: '^2.0', outputs: [] });`,
    );
    const written = put(here.folder, 'cdktf.out/dev/compute/cdk.tf.json', stackJson('compute', 'dev', READS));
    utimesSync(written, new Date('2026-11-01T10:30:00Z'), new Date('2026-11-01T10:30:00Z'));
    // Of an environment that synthesizes, what was written last is out of date.
    put(here.folder, 'cdktf.out/prod/jobs/cdk.tf.json', stackJson('jobs', 'prod', READS));
    // So is what is left of an environment that is no more.
    put(here.folder, 'cdktf.out/qa/jobs/cdk.tf.json', stackJson('jobs', 'qa', READS));
    const { code, lines } = await run(['network'], { contractOf: async () => broken });
    expect(code).toBe(1);
    expect(lines.slice(3, 6)).toEqual([
      'reader            found in                                       range  verdict',
      `shop/dev/compute  ${path.join('cdktf.out', 'dev', 'compute')} of 2026-11-01 10:30 UTC  ^1.0   BREAKS: accepts ^1.0, not 2.0.0; uses "nat_mode", which is not in it`,
      'shop/prod/jobs    synthesized now                                ^2.0   ok',
    ]);
    expect(lines.at(-1)).toBe('1 of 2 readers breaks if contract "network" 2.0.0 is published.');
  });

  test('for another reason leaves the answer open', async () => {
    putProject(here.folder, { dev: {} }, `console.error('no such option'); process.exit(1);`);
    const { code, lines } = await run(['network'], { contractOf: async () => broken });
    expect(code).toBe(2);
    expect(lines).toContain('not searched: environment dev cannot be synthesized: no such option');
    expect(lines.at(-1)).toBe('No break was found in 0 readers, but not everything could be searched.');
  });

  test('says nothing about a contract from a file', async () => {
    putProject(here.folder, { dev: {} }, `console.error(${JSON.stringify(refusal)}); process.exit(1);`);
    put(here.folder, 'new.json', { ...before, version: '1.0.1' });
    const { code, lines } = await run(['network', '--contract', 'new.json'], { contractOf: async () => broken });
    expect(code).toBe(2);
    expect(lines).toContain(`not searched: environment dev cannot be synthesized: ${refusal}`);
  });

  test('without a word is named by its command', async () => {
    putProject(here.folder, { dev: {} }, 'process.exit(3);');
    const { lines } = await run(['network'], { contractOf: async () => broken });
    expect(lines).toContain(
      `not searched: environment dev cannot be synthesized: ""${process.execPath}" app.js" ended with 3`,
    );
  });
});

describe('--no-synth', () => {
  test('takes what was written last', async () => {
    putProject(here.folder, { dev: {} }, 'process.exit(1);');
    put(here.folder, 'cdktf.out/dev/compute/cdk.tf.json', stackJson('compute', 'dev', READS));
    const { code, lines } = await publishBroken(['--no-synth']);
    expect(code).toBe(1);
    expect(lines[5]).toMatch(
      /^shop\/dev\/compute {2}cdktf\.out.dev.compute of \d{4}-\d\d-\d\d \d\d:\d\d UTC {2}\^1\.0 {3}BREAKS/,
    );
  });

  test('says which environment was never written', async () => {
    putProject(here.folder, { dev: {}, prod: {} }, '');
    put(here.folder, 'cdktf.out/dev/compute/cdk.tf.json', stackJson('compute', 'dev', { range: '^2.0', outputs: [] }));
    const { code, lines } = await publishBroken(['--no-synth']);
    expect(code).toBe(2);
    expect(lines).toContain(
      'not searched: environment prod is not synthesized in cdktf.out; run: STRATA_ENVIRONMENT=prod npx cdktf synth',
    );
    expect(lines.at(-1)).toBe('No break was found in 1 reader, but not everything could be searched.');
  });
});

describe('--synthesized', () => {
  test('looks through the stacks of another repository', async () => {
    put(here.folder, 'other/cdktf.out/stacks/search/cdk.tf.json', stackJson('search', 'dev', READS, 'wiki'));
    // A stack of somebody who has no such tags.
    put(here.folder, 'other/cdktf.out/stacks/old/cdk.tf.json', {
      output: { contract_consumes: { value: { network: { range: '^2.0', outputs: [] } } } },
    });
    const { code, lines } = await publishBroken(['--synthesized', 'other/cdktf.out']);
    expect(code).toBe(1);
    expect(lines.filter((line) => / {2}\^\d/.test(line)).map((line) => line.split(/ {2,}/)[0])).toEqual([
      'old',
      'wiki/dev/search',
    ]);
    expect(lines.at(-1)).toBe('1 of 2 readers breaks if contract "network" 2.0.0 is published.');
  });

  test.each([
    ['is not there', 'nowhere', /^not searched: ENOENT: no such file or directory, scandir '.*nowhere'$/],
    [
      'holds no stack',
      'empty',
      /^not searched: .*empty: has no synthesized stack; pass a folder that cdktf synth wrote to, such as cdktf\.out$/,
    ],
    ['holds a broken stack', 'broken', /^not searched: .*cdk\.tf\.json: .*JSON/],
  ])('reports a folder that %s', async (_title, folder, says) => {
    put(here.folder, 'empty/readme.txt', '');
    put(here.folder, 'broken/cdk.tf.json', '{');
    const { code, lines } = await publishBroken(['--synthesized', folder]);
    expect(code).toBe(2);
    expect(lines).toContainEqual(expect.stringMatching(says));
  });
});

describe('--state', () => {
  test('looks through a further backend', async () => {
    put(here.folder, 'theirs/wiki/dev/search.tfstate', stateJson({ contract_consumes: { network: READS } }));
    const { code, lines } = await publishBroken(['--state', '{"type":"local","directory":"theirs"}']);
    expect(code).toBe(1);
    expect(lines[5]).toBe(
      'wiki/dev/search  theirs/wiki/dev/search.tfstate  ^1.0   BREAKS: accepts ^1.0, not 2.0.0; uses "nat_mode", which is not in it',
    );
  });

  test('leaves the answer open where it cannot be read', async () => {
    const { code, lines } = await publishBroken([
      '--state',
      '{"type":"cloud","organization":"shop","hostname":"tfe.nowhere.invalid"}',
    ]);
    expect(code).toBe(2);
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^not searched: organization shop on tfe\.nowhere\.invalid: no token; run "terraform login tfe\.nowhere\.invalid"/,
      ),
    );
  });

  test.each([
    [
      's3',
      '--state s3: is not JSON; use a value such as \'{"type":"s3","bucket":"shop-terraform-state","region":"ap-northeast-2"}\'',
    ],
    [
      '{"type":"s3","region":"x"}',
      '--state {"type":"s3","region":"x"}: bucket: Invalid input: expected string, received undefined',
    ],
  ])('refuses %s', async (state, says) => {
    expect(await publishBroken(['--state', state])).toEqual({ code: 2, lines: [says] });
  });
});

test('never overlooks a reader that it cannot understand', async () => {
  putProject(here.folder, { dev: {} }, '');
  put(here.folder, '.strata/state/shop/dev/compute.tfstate', stateJson({ contract_consumes: 'network' }));
  const { code, lines } = await publishBroken();
  expect(code).toBe(2);
  expect(lines).toContain(
    `not searched: shop/dev/compute in ${path.join('.strata', 'state', 'shop', 'dev', 'compute.tfstate')}: its output "contract_consumes" is malformed, so it is unknown what it reads; synthesize and deploy it again`,
  );
});

test('reads a backend that environments share once', async () => {
  putProject(here.folder, { dev: {}, prod: {} }, '');
  put(here.folder, '.strata/state/shop/dev/compute.tfstate', stateJson({ contract_consumes: { network: READS } }));
  expect((await publishBroken()).lines.at(-1)).toBe('1 of 1 reader breaks if contract "network" 2.0.0 is published.');
});

test('reports an environment whose backend is malformed', async () => {
  putProject(here.folder, { dev: { state: { type: 's3' } } }, '');
  const { code, lines } = await publishBroken();
  expect(code).toBe(2);
  expect(lines).toContainEqual(
    expect.stringMatching(/^not searched: environments\.dev\.state of .*cdktf\.json: bucket: /),
  );
});

describe('misused', () => {
  test.each<[string, readonly string[], string]>([
    ['without a layer', [], 'no layer is named'],
    ['with two', ['network', 'compute'], 'more than one layer is named'],
  ])('%s it says how to use it', async (_title, args, says) => {
    const { code, lines } = await run(args);
    expect([code, lines[0], lines[2]]).toEqual([2, says, 'strata-who-breaks <layer> [options]']);
  });

  test.each<[string, readonly string[], string | RegExp]>([
    [
      'without a contract',
      ['network'],
      'no contract given; pass the one to be published with --contract <contract.json>',
    ],
    ['with an option that is not there', ['network', '--contrat', 'x'], /Unknown option '--contrat'/],
    ['with a contract that is not there', ['network', '--contract', 'gone.json'], /gone\.json: ENOENT/],
    [
      'with the contract of another layer',
      ['compute', '--contract', 'network.json'],
      'network.json: is the contract of layer "network", not of "compute"',
    ],
    [
      'with something else for a contract',
      ['network', '--contract', 'other.json'],
      /other\.json: is not a contract; it must have layer, owner, version, and outputs with a type and a description each/,
    ],
  ])('%s it says so', async (_title, args, says) => {
    put(here.folder, 'network.json', before);
    put(here.folder, 'other.json', { layer: 'network', owner: 'x', version: '1.0.0', outputs: { vpc_id: 'string' } });
    expect(await run(args)).toEqual({ code: 2, lines: [expect.stringMatching(says)] });
  });

  test('--help tells the default of the contract where there is one', async () => {
    const { code, lines } = await run(['--help'], { contractOf: async () => before });
    expect(code).toBe(0);
    expect(lines).toContain("  --contract <file>     the contract.json to be published (default: the layer's package)");
  });
});

test('a contract file is read as it is committed', () => {
  expect(readContractFile(path.resolve(__dirname, '../../../../stacks/network/contract/contract.json'))).toMatchObject({
    layer: 'network',
    owner: 'platform-network',
  });
});

describe('cdktf.json', () => {
  test('has an output folder of its own, or the usual one', () => {
    put(here.folder, 'cdktf.json', { app: 'node main.js', output: 'out' });
    expect(readCdktfProject(here.folder)).toMatchObject({ app: 'node main.js', output: 'out', problems: [] });
    put(here.folder, 'cdktf.json', { app: 'node main.js' });
    expect(readCdktfProject(here.folder)?.output).toBe('cdktf.out');
  });

  test('may be absent where it is said what else to look through', async () => {
    expect(readCdktfProject(here.folder)).toBeUndefined();
    put(here.folder, 'other/cdk.tf.json', stackJson('search', 'dev', undefined));
    expect((await publishBroken(['--synthesized', 'other'])).code).toBe(0);
    expect(await publishBroken()).toMatchObject({
      code: 2,
      lines: expect.arrayContaining([
        `not searched: there is no cdktf.json in ${here.folder}; run the command in a CDKTF project, or pass what to search with --synthesized or --state`,
      ]),
    });
  });

  test.each<[string, string | object, RegExp]>([
    ['no JSON', '{', /cdktf\.json: .*JSON/],
    ['no app command', {}, /cdktf\.json: has no "app", the command that synthesizes/],
  ])('that has %s is refused', (_title, content, says) => {
    put(here.folder, 'cdktf.json', content);
    expect(() => readCdktfProject(here.folder)).toThrow(says);
  });
});
