import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readInventory, type Inventory } from '@strata/contract-cli/inventory';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | object;
}

let folder: string;
let server: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'strata-inventory-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  server?.closeAllConnections();
  await new Promise((done) => (server === undefined ? done(undefined) : server.close(done)));
  server = undefined;
});

/** Answers HTTP on a free port; gives `host:port`. */
async function listen(answer: (url: URL, request: IncomingMessage) => Answer): Promise<string> {
  server = createServer((request, response) => {
    const { status = 200, headers, body } = answer(new URL(request.url!, 'http://localhost'), request);
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function stateFile(outputs: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    version: 4,
    serial: 1,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value, type: 'string' }])),
    resources: [],
  });
}

function put(file: string, text: string): string {
  const full = path.join(folder, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

describe('a local directory', () => {
  const read = (directory?: string): Promise<Inventory> =>
    readInventory({ type: 'local', directory }, { workingDirectory: folder });

  test('holds the states of every project and environment', async () => {
    const files = ['shop/dev/network', 'shop/prod/network', 'wiki/dev/compute'].map((name) =>
      put(`.strata/state/${name}.tfstate`, stateFile({ contract_version: `1.0.0 of ${name}` })),
    );
    put('.strata/state/shop/dev/network.tfstate.backup', 'not read');
    put('.strata/state/shop/dev/.network.tfstate.lock.info', 'not read');
    put('.strata/state/shop/dev/.terraform/terraform.tfstate', 'not read');
    expect(await read()).toEqual({
      states: [
        { name: 'shop/dev/network', location: files[0], outputs: { contract_version: '1.0.0 of shop/dev/network' } },
        { name: 'shop/prod/network', location: files[1], outputs: { contract_version: '1.0.0 of shop/prod/network' } },
        { name: 'wiki/dev/compute', location: files[2], outputs: { contract_version: '1.0.0 of wiki/dev/compute' } },
      ],
      problems: [],
    });
  });

  test('is empty while nothing was deployed', async () => {
    expect(await read('nowhere')).toEqual({ states: [], problems: [] });
  });

  test('may be an absolute path', async () => {
    put('elsewhere/a/b/c.tfstate', stateFile({}));
    expect((await read(path.join(folder, 'elsewhere'))).states.map(({ name }) => name)).toEqual(['a/b/c']);
  });

  test('keeps quiet about sensitive outputs', async () => {
    put(
      '.strata/state/a/b/c.tfstate',
      JSON.stringify({ version: 4, outputs: { open: { value: 1 }, secret: { value: 2, sensitive: true } } }),
    );
    expect((await read()).states[0]!.outputs).toEqual({ open: 1 });
  });

  test.each([
    ['is cut off', '{"version": 4, "outp', 'is not a Terraform state: it is not JSON'],
    ['is something else', '[]', 'is not a Terraform state'],
    ['is encrypted', '{"serial":1,"encrypted_data":"AAAA"}', 'is encrypted, so its outputs cannot be read'],
    [
      'has a format of the past',
      '{"version":3,"modules":[]}',
      'has the state format 3; only format 4 is supported, which Terraform has written since 0.12',
    ],
  ])('reports a state that %s, and reads the others', async (_title, text, says) => {
    const file = put('.strata/state/shop/dev/broken.tfstate', text);
    put('.strata/state/shop/dev/network.tfstate', stateFile({}));
    const { states, problems } = await read();
    expect(problems).toEqual([`${file}: ${says}`]);
    expect(states.map(({ name }) => name)).toEqual(['shop/dev/network']);
  });

  test('that cannot be listed is a problem', async () => {
    const file = put('state', 'a file, not a folder');
    expect(await read('state')).toEqual({
      states: [],
      problems: [`${file}: ENOTDIR: not a directory, scandir '${file}'`],
    });
  });
});

describe('an S3 bucket', () => {
  const backend = { type: 's3', bucket: 'shop-terraform-state', region: 'ap-northeast-2' } as const;
  const before = { ...process.env };
  const requests: string[] = [];

  /** An S3 that lists two keys a page. */
  async function bucket(objects: Readonly<Record<string, string>>): Promise<void> {
    const host = await listen((url, { headers }) => {
      const key = decodeURIComponent(url.pathname.replace(/^\/shop-terraform-state\/?/, ''));
      requests.push(
        `${/Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1]} ${key === '' ? `list ${url.searchParams.get('prefix')}` : key}`,
      );
      if (key !== '')
        return objects[key] === undefined
          ? {
              status: 404,
              body: '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
            }
          : { body: objects[key] };
      const all = Object.keys(objects).filter((name) => name.startsWith(url.searchParams.get('prefix') ?? ''));
      const from = Number(url.searchParams.get('continuation-token') ?? 0);
      const more =
        from + 2 < all.length
          ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${from + 2}</NextContinuationToken>`
          : '<IsTruncated>false</IsTruncated>';
      return {
        body: `<ListBucketResult>${more}${all
          .slice(from, from + 2)
          .map((name) => `<Contents><Key>${name}</Key></Contents>`)
          .join('')}</ListBucketResult>`,
      };
    });
    process.env.AWS_ENDPOINT_URL = `http://${host}`;
  }

  beforeEach(() => {
    requests.length = 0;
    for (const name of Object.keys(process.env)) if (/^(AWS_|NO_PROXY|no_proxy)/.test(name)) delete process.env[name];
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'reader',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_EC2_METADATA_DISABLED: 'true',
      NO_PROXY: '127.0.0.1',
    });
  });
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });

  test('holds the states of every project, page after page', async () => {
    await bucket({
      'shop/dev/compute.tfstate': stateFile({ contract_version: '1.0.0' }),
      'shop/dev/compute.tfstate.tflock': 'not read',
      'shop/dev/network.tfstate': stateFile({}),
      'wiki/prod/network.tfstate': stateFile({}),
      'wiki/notes.txt': 'not read',
    });
    const { states, problems } = await readInventory(backend);
    expect(problems).toEqual([]);
    expect(states.map(({ name }) => name)).toEqual(['shop/dev/compute', 'shop/dev/network', 'wiki/prod/network']);
    expect(states[0]).toEqual({
      name: 'shop/dev/compute',
      location: 's3://shop-terraform-state/shop/dev/compute.tfstate',
      outputs: { contract_version: '1.0.0' },
    });
    expect(requests).toHaveLength(3 + 3);
  });

  test('is read below its prefix', async () => {
    await bucket({
      'team-a/shop/dev/network.tfstate': stateFile({}),
      'team-b/shop/dev/network.tfstate': stateFile({}),
    });
    const { states } = await readInventory({ ...backend, prefix: 'team-a' });
    expect(states.map(({ name, location }) => [name, location])).toEqual([
      ['shop/dev/network', 's3://shop-terraform-state/team-a/shop/dev/network.tfstate'],
    ]);
    expect(requests).toEqual(['reader list team-a/', 'reader team-a/shop/dev/network.tfstate']);
  });

  test('is read with the role of the backend', async () => {
    let stsAction: string | null = null;
    const host = await listen((url, request) => {
      if (request.method !== 'POST') {
        requests.push(/Credential=([^/]+)/.exec(request.headers.authorization ?? '')![1]!);
        return { body: '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>' };
      }
      stsAction = url.pathname;
      return {
        body:
          '<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>assumed</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>' +
          '<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>',
      };
    });
    process.env.AWS_ENDPOINT_URL = `http://${host}`;
    expect(await readInventory({ ...backend, roleArn: 'arn:aws:iam::123456789012:role/state-reader' })).toEqual({
      states: [],
      problems: [],
    });
    expect(stsAction).toBe('/');
    expect(requests).toEqual(['assumed']);
  });

  test('says what is wrong with the bucket', async () => {
    const host = await listen(() => ({
      status: 404,
      body: '<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>',
    }));
    process.env.AWS_ENDPOINT_URL = `http://${host}`;
    expect(await readInventory(backend)).toEqual({
      states: [],
      problems: ['s3://shop-terraform-state/: NoSuchBucket: The specified bucket does not exist'],
    });
  });

  test('reports a state that may not be read, and reads the others', async () => {
    const host = await listen((url) => {
      if (url.pathname.endsWith('secret.tfstate'))
        return { status: 403, body: '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>' };
      if (url.pathname.endsWith('.tfstate')) return { body: stateFile({}) };
      return {
        body: '<ListBucketResult><Contents><Key>a/b/secret.tfstate</Key></Contents><Contents><Key>a/b/open.tfstate</Key></Contents></ListBucketResult>',
      };
    });
    process.env.AWS_ENDPOINT_URL = `http://${host}`;
    const { states, problems } = await readInventory(backend);
    expect(states.map(({ name }) => name)).toEqual(['a/b/open']);
    expect(problems).toEqual(['s3://shop-terraform-state/a/b/secret.tfstate: AccessDenied: Access Denied']);
  });

  test('that does not answer is a problem', async () => {
    const host = await listen(() => ({ body: '' }));
    await new Promise((done) => server!.close(done));
    process.env.AWS_ENDPOINT_URL = `http://${host}`;
    expect((await readInventory(backend)).problems).toEqual([
      expect.stringMatching(/^s3:\/\/shop-terraform-state\/: .*ECONNREFUSED/),
    ]);
  });
});

describe('an HCP Terraform organization', () => {
  const workspace = (id: string, name: string, state: object | null) => ({
    id,
    attributes: { name },
    relationships: { 'current-state-version': { data: state } },
  });
  const output = (name: string, value: unknown, sensitive = false) => ({
    id: `wsout-${name}`,
    attributes: { name, value, sensitive },
  });
  const state = { id: 'sv-1', type: 'state-versions' };

  /** The organization's inventory, read with a token from `TF_TOKEN_...` unless `environment` says otherwise. */
  function read(host: string, environment: Readonly<Record<string, string>> = {}, hostname = host): Promise<Inventory> {
    put(
      'home/.terraform.d/credentials.tfrc.json',
      JSON.stringify({ credentials: { [host]: { token: 'from-login' } } }),
    );
    return readInventory(
      { type: 'cloud', organization: 'shop', hostname },
      { environment: { HOME: path.join(folder, 'home'), ...environment }, insecureLocalhost: true },
    );
  }

  test('holds the states of its workspaces, page after page', async () => {
    const seen: string[] = [];
    const host = await listen((url, { headers }) => {
      seen.push(`${headers.authorization} ${url.pathname} ${url.searchParams.get('page[number]')}`);
      if (url.pathname === '/api/v2/organizations/shop/workspaces') {
        const pages = [
          [workspace('ws-1', 'shop-dev-network', state)],
          [workspace('ws-2', 'shop-dev-compute', state), workspace('ws-3', 'never-applied', null)],
        ];
        const number = Number(url.searchParams.get('page[number]'));
        return {
          body: {
            data: pages[number - 1],
            meta: { pagination: { 'next-page': number < pages.length ? number + 1 : null } },
          },
        };
      }
      if (url.pathname === '/api/v2/workspaces/ws-1/current-state-version-outputs')
        return { body: { data: [output('contract_version', '1.0.0'), output('password', null, true)] } };
      if (url.pathname === '/api/v2/workspaces/ws-2/current-state-version-outputs')
        return { body: { data: [output('contract_consumes', { network: { range: '^1.0', outputs: ['vpc_id'] } })] } };
      return { status: 500, body: '' };
    });
    expect(await read(host)).toEqual({
      states: [
        {
          name: 'shop-dev-network',
          location: `workspace shop/shop-dev-network on ${host}`,
          outputs: { contract_version: '1.0.0' },
        },
        {
          name: 'shop-dev-compute',
          location: `workspace shop/shop-dev-compute on ${host}`,
          outputs: { contract_consumes: { network: { range: '^1.0', outputs: ['vpc_id'] } } },
        },
      ],
      problems: [],
    });
    expect(seen.slice(0, 2)).toEqual([
      'Bearer from-login /api/v2/organizations/shop/workspaces 1',
      'Bearer from-login /api/v2/organizations/shop/workspaces 2',
    ]);
    expect(seen).toHaveLength(4);
  });

  test.each([
    [
      'TFE_TOKEN before the login, for the host in TFE_HOSTNAME',
      { TFE_TOKEN: 'from-tfe', TFE_HOSTNAME: 'HOST' },
      'from-tfe',
    ],
    ['no TFE_TOKEN of another host', { TFE_TOKEN: 'from-tfe' }, 'from-login'],
    ['no empty variable', { TFE_TOKEN: '', TFE_HOSTNAME: 'HOST' }, 'from-login'],
  ])('takes %s', async (_title, environment: Readonly<Record<string, string>>, token) => {
    let sent: string | undefined;
    const host = await listen((_url, { headers }) => {
      sent = headers.authorization;
      return { body: { data: [] } };
    });
    await read(
      host,
      Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.replace('HOST', host)])),
    );
    expect(sent).toBe(`Bearer ${token}`);
  });

  test('waits when it is asked to', async () => {
    const answers = [429, 503, 200];
    const host = await listen(() => ({
      status: answers.shift()!,
      headers: { 'retry-after': '0' },
      body: { data: [] },
    }));
    expect(await read(host)).toEqual({ states: [], problems: [] });
    expect(answers).toEqual([]);
  });

  test('gives up when it is asked to wait forever', async () => {
    let asked = 0;
    const host = await listen(() => {
      asked += 1;
      return { status: 429, headers: { 'retry-after': '0' }, body: '' };
    });
    expect((await read(host)).problems).toEqual([`organization shop on ${host}: answered 429 Too Many Requests`]);
    expect(asked).toBe(5);
  });

  test.each([
    [401, 'the token is not valid'],
    [404, 'does not exist, or this token may not read it'],
    [500, 'answered 500 Internal Server Error'],
  ])('says what an answer of %d means', async (status, says) => {
    const host = await listen(() => ({ status, body: '' }));
    expect(await read(host)).toEqual({ states: [], problems: [`organization shop on ${host}: ${says}`] });
  });

  test('reports a workspace whose outputs are not shown, and reads the others', async () => {
    const host = await listen((url) => {
      if (url.pathname.endsWith('/workspaces'))
        return { body: { data: [workspace('ws-1', 'closed', state), workspace('ws-2', 'open', state)] } };
      return url.pathname.includes('ws-1') ? { status: 404, body: '' } : { body: { data: [] } };
    });
    const { states, problems } = await read(host);
    expect(states.map(({ name }) => name)).toEqual(['open']);
    expect(problems).toEqual([`workspace shop/closed on ${host}: this token may not read its outputs`]);
  });

  test('needs a token', async () => {
    const inventory = await readInventory(
      { type: 'cloud', organization: 'shop', hostname: 'tfe.my-shop.example' },
      { environment: { HOME: folder } },
    );
    expect(inventory).toEqual({
      states: [],
      problems: [
        'organization shop on tfe.my-shop.example: no token; run "terraform login tfe.my-shop.example" or set TF_TOKEN_tfe_my__shop_example',
      ],
    });
  });

  test('finds the variable of a host with a hyphen', async () => {
    // Any port of a name under .invalid is out of reach: with a token the reader gets as far as the connection.
    const environment = { HOME: folder, TF_TOKEN_tfe_my__shop_invalid: 'x' };
    const { problems } = await readInventory(
      { type: 'cloud', organization: 'shop', hostname: 'tfe.my-shop.invalid' },
      { environment },
    );
    expect(problems).toEqual([expect.stringMatching(/^organization shop on tfe\.my-shop\.invalid: fetch failed/)]);
  });

  test('is never spoken to in plain text, except on this machine', async () => {
    const { problems } = await readInventory(
      { type: 'cloud', organization: 'shop' },
      { environment: { TFE_TOKEN: 'x' }, insecureLocalhost: true },
    );
    expect(problems).toEqual([
      'organization shop on app.terraform.io: HTTP is allowed only for a host on this machine',
    ]);
  });
});
