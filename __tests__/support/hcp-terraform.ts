// What HCP Terraform's API (v2) does for state, in memory: workspaces, locks, state versions, who may read whose state.
// No runs: workspaces execute locally.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from '../../local/toolchain';

interface StateVersion {
  readonly id: string;
  readonly serial: number;
  readonly lineage: string;
  readonly md5: string;
  content?: Buffer;
}

interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  lockedBy?: string;
  /** Names of the workspaces whose runs may read its state. */
  readonly consumers: Set<string>;
  readonly versions: StateVersion[];
}

interface Answer {
  readonly status: number;
  readonly body?: object | Buffer;
  /** @default that of JSON:API, or of a file */
  readonly contentType?: string;
}

/** The identity behind a token: a user who may do everything, or a run of one workspace. */
type Identity = { readonly user: string } | { readonly run: string };

const JSON_API = 'application/vnd.api+json';
const DEFAULT_PROJECT = { id: 'prj-default', name: 'Default Project' };

/** Why it cannot be used here; `undefined` where it can. */
export function missingForHcpTerraform(): string | undefined {
  // Go takes its roots from the keychain there, whatever SSL_CERT_FILE says.
  if (process.platform === 'darwin') return 'macOS lets a program trust a certificate only through the keychain';
  return findProgram('openssl') === undefined ? 'no openssl on PATH' : undefined;
}

/** A stand-in for HCP Terraform on this machine, with one organization. */
export class HcpTerraform {
  readonly organization = 'shop-org';
  /** Requests that were answered, `METHOD /path`. */
  readonly requests: string[] = [];
  private readonly projects = [DEFAULT_PROJECT];
  private readonly workspaces: Workspace[] = [];
  private readonly tokens = new Map<string, Identity>();
  private count = 0;

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async start(): Promise<HcpTerraform> {
    const folder = mkdtempSync(path.join(tmpdir(), 'strata-hcp-'));
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const made = spawnSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        key,
        '-out',
        cert,
      ],
      { encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`openssl made no certificate: ${made.stderr}`);
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
    const hcp = new HcpTerraform(server, folder);
    server.on('request', (request, response) => {
      void hcp.answer(request).then(
        ({ status, body, contentType }) => {
          hcp.requests.push(`${request.method} ${request.url}`);
          const raw = Buffer.isBuffer(body);
          response.writeHead(status, {
            'content-type': contentType ?? (raw ? 'application/octet-stream' : JSON_API),
            'TFP-API-Version': '2.6',
            'TFP-AppName': 'HCP Terraform',
          });
          response.end(body === undefined || raw ? body : JSON.stringify(body));
        },
        (error: unknown) => {
          response.writeHead(500);
          response.end(String(error));
        },
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return hcp;
  }

  get hostname(): string {
    return `localhost:${this.port}`;
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Environment of a user who may do everything in the organization. */
  userEnvironment(user: string): NodeJS.ProcessEnv {
    return this.environmentOf(`user-${user}`, { user });
  }

  /** Environment of a run of a workspace: it reads its own state, and those shared with it. */
  runEnvironment(workspace: string): NodeJS.ProcessEnv {
    return this.environmentOf(`run-${workspace}`, { run: workspace });
  }

  /** Environment of somebody whose token is not, or no longer, known. */
  strangerEnvironment(): NodeJS.ProcessEnv {
    return this.environmentOf('stranger', undefined);
  }

  workspace(
    name: string,
  ): { readonly project: string; readonly isLocked: boolean; readonly states: readonly string[] } | undefined {
    const found = this.workspaces.find((workspace) => workspace.name === name);
    return (
      found && {
        project: this.projects.find(({ id }) => id === found.projectId)?.name ?? '',
        isLocked: found.lockedBy !== undefined,
        states: found.versions.map(({ content }) => content?.toString('utf8') ?? ''),
      }
    );
  }

  get workspaceNames(): string[] {
    return this.workspaces.map(({ name }) => name).sort();
  }

  /** Settings > General > Remote state sharing > Share with specific workspaces. */
  share(name: string, consumer: string): void {
    this.workspaces.find((workspace) => workspace.name === name)?.consumers.add(consumer);
  }

  private environmentOf(token: string, identity: Identity | undefined): NodeJS.ProcessEnv {
    if (identity !== undefined) this.tokens.set(token, identity);
    const config = path.join(this.folder, `${token}.tfrc`);
    writeFileSync(config, `credentials "${this.hostname}" {\n  token = "${token}"\n}\n`);
    const {
      TF_WORKSPACE: _workspace,
      TF_CLOUD_ORGANIZATION: _organization,
      TF_CLOUD_PROJECT: _project,
      ...rest
    } = process.env;
    return {
      ...rest,
      TF_CLI_CONFIG_FILE: config,
      SSL_CERT_FILE: path.join(this.folder, 'cert.pem'),
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
    };
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', `https://${this.hostname}`);
    const body = await readBody(request);
    if (url.pathname === '/.well-known/terraform.json') {
      return {
        status: 200,
        contentType: 'application/json',
        body: { 'tfe.v2': '/api/v2/', 'tfe.v2.1': '/api/v2/', 'tfe.v2.2': '/api/v2/' },
      };
    }
    const blob = /^\/blobs\/(sv-\d+)(\/json)?$/.exec(url.pathname);
    // The addresses of states are secrets themselves: they work without a token.
    if (blob !== null) return this.blob(request.method ?? '', blob[1] ?? '', blob[2] !== undefined, body);
    const identity = this.tokens.get(/^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    if (url.pathname === '/api/v2/ping') return { status: 204 };
    if (identity === undefined) return failure(401, 'unauthorized');
    return this.api(identity, `${request.method} ${url.pathname.replace('/api/v2', '')}`, url.searchParams, body);
  }

  private blob(method: string, id: string, isJson: boolean, body: Buffer): Answer {
    const version = this.workspaces.flatMap(({ versions }) => versions).find((one) => one.id === id);
    if (version === undefined) return failure(404, 'not found');
    if (method === 'GET')
      return version.content === undefined ? failure(404, 'not found') : { status: 200, body: version.content };
    if (isJson) return { status: 200 };
    if (createHash('md5').update(body).digest('hex') !== version.md5)
      return failure(422, 'the MD5 of the state is not the one that was announced');
    version.content = body;
    return { status: 200 };
  }

  private api(identity: Identity, operation: string, query: URLSearchParams, body: Buffer): Answer {
    const inOrganization = new RegExp(`^(\\w+) /organizations/${this.organization}/(.*)$`).exec(operation);
    if (inOrganization !== null)
      return this.organizationApi(identity, `${inOrganization[1]} ${inOrganization[2]}`, query, body);
    const ofWorkspace = /^(\w+) \/workspaces\/([^/]+)(?:\/(.*))?$/.exec(operation);
    const workspace = this.workspaces.find(({ id }) => id === ofWorkspace?.[2]);
    if (workspace !== undefined)
      return this.workspaceApi(identity, workspace, `${ofWorkspace?.[1]} ${ofWorkspace?.[3] ?? ''}`.trim(), body);
    const version = /^GET \/state-versions\/([^/]+)$/.exec(operation);
    const owner = this.workspaces.find(({ versions }) => versions.some(({ id }) => id === version?.[1]));
    if (owner !== undefined) return this.currentState(identity, owner);
    return failure(404, 'not found');
  }

  private organizationApi(identity: Identity, operation: string, query: URLSearchParams, body: Buffer): Answer {
    if (operation === 'GET entitlement-set') {
      const attributes = {
        operations: true,
        'state-storage': true,
        'private-module-registry': true,
        sentinel: false,
        teams: true,
        'cost-estimation': false,
        'vcs-integrations': true,
      };
      return { status: 200, body: { data: { id: this.organization, type: 'entitlement-sets', attributes } } };
    }
    if (operation === 'GET projects') {
      const name = query.get('filter[names]') ?? query.get('filter[name]');
      return page(this.projects.filter((project) => name === null || project.name === name).map(describeProject));
    }
    if (operation === 'POST projects') {
      if (!('user' in identity)) return failure(403, 'forbidden');
      const project = { id: `prj-${this.next()}`, name: attributesOf<{ name: string }>(body).name };
      this.projects.push(project);
      return { status: 201, body: { data: describeProject(project) } };
    }
    if (operation === 'POST workspaces') return this.createWorkspace(identity, body);
    const workspace = this.workspaces.find(({ name }) => operation === `GET workspaces/${name}`);
    return workspace === undefined
      ? failure(404, 'not found')
      : { status: 200, body: { data: this.describe(workspace) } };
  }

  private createWorkspace(identity: Identity, body: Buffer): Answer {
    if (!('user' in identity)) return failure(403, 'forbidden');
    const { data } = JSON.parse(body.toString('utf8')) as {
      data: { attributes: { name: string }; relationships?: { project?: { data?: { id: string } | null } } };
    };
    const workspace: Workspace = {
      id: `ws-${this.next()}`,
      name: data.attributes.name,
      projectId: data.relationships?.project?.data?.id ?? DEFAULT_PROJECT.id,
      consumers: new Set(),
      versions: [],
    };
    this.workspaces.push(workspace);
    return { status: 201, body: { data: this.describe(workspace) } };
  }

  private workspaceApi(identity: Identity, workspace: Workspace, operation: string, body: Buffer): Answer {
    const holder = 'user' in identity ? `user ${identity.user}` : `run of ${identity.run}`;
    const isItsOwn = 'user' in identity || identity.run === workspace.name;
    const itself = { status: 200, body: { data: this.describe(workspace) } };
    if (operation === 'GET current-state-version') return this.currentState(identity, workspace);
    if (operation === 'GET current-state-version-outputs') return this.currentOutputs(identity, workspace);
    if (!isItsOwn) return failure(403, 'forbidden');
    switch (operation) {
      case 'GET':
      case 'PATCH':
        return itself;
      case 'GET vars':
      case 'GET tag-bindings':
      case 'GET effective-tag-bindings':
        return page([]);
      case 'POST actions/lock':
        if (workspace.lockedBy !== undefined)
          return failure(
            409,
            'conflict',
            `Unable to lock workspace. The workspace is already locked by ${workspace.lockedBy}.`,
          );
        workspace.lockedBy = holder;
        return itself;
      case 'POST actions/unlock':
        if (workspace.lockedBy !== holder) return failure(409, 'conflict', 'Unable to unlock workspace.');
        workspace.lockedBy = undefined;
        return itself;
      case 'POST actions/force-unlock':
        workspace.lockedBy = undefined;
        return itself;
      case 'POST state-versions':
        if (workspace.lockedBy !== holder)
          return failure(409, 'conflict', 'The workspace must be locked to create a state version.');
        return this.createVersion(workspace, body);
      default:
        return failure(404, 'not found');
    }
  }

  private createVersion(workspace: Workspace, body: Buffer): Answer {
    const { serial, lineage, md5, state } = attributesOf<{
      serial: number;
      lineage: string;
      md5: string;
      state?: string;
    }>(body);
    const current = workspace.versions.at(-1);
    if (current !== undefined && (current.lineage !== lineage || current.serial >= serial))
      return failure(409, 'conflict', 'The lineage or the serial of the state does not follow.');
    const version: StateVersion = {
      id: `sv-${this.next()}`,
      serial,
      lineage,
      md5,
      content: state === undefined ? undefined : Buffer.from(state, 'base64'),
    };
    workspace.versions.push(version);
    return { status: 201, body: { data: this.describeVersion(version) } };
  }

  private currentState(identity: Identity, workspace: Workspace): Answer {
    if ('run' in identity && identity.run !== workspace.name && !workspace.consumers.has(identity.run)) {
      return failure(
        403,
        'forbidden',
        `This Terraform run is not authorized to read the state of the workspace '${workspace.name}'. ` +
          `To allow this access, '${workspace.name}' must configure this workspace ('${identity.run}') as an authorized remote state consumer.`,
      );
    }
    const current = workspace.versions.at(-1);
    return current?.content === undefined
      ? failure(404, 'not found')
      : { status: 200, body: { data: this.describeVersion(current) } };
  }

  private currentOutputs(identity: Identity, workspace: Workspace): Answer {
    const state = this.currentState(identity, workspace);
    const current = workspace.versions.at(-1);
    if (state.status !== 200 || current === undefined) return state;
    const { outputs = {} } = JSON.parse(current.content?.toString('utf8') ?? '{}') as {
      outputs?: Record<string, { value: unknown; type: unknown }>;
    };
    return page(
      Object.entries(outputs).map(([name, { value, type }]) => ({
        id: `wsout-${current.id}-${name}`,
        type: 'state-version-outputs',
        attributes: {
          name,
          value,
          sensitive: false,
          type: typeof type === 'string' ? type : 'array',
          'detailed-type': type,
        },
      })),
    );
  }

  private describe({ id, name, projectId, lockedBy }: Workspace): object {
    const permissions = Object.fromEntries(
      ['can-update', 'can-lock', 'can-unlock', 'can-force-unlock', 'can-read-settings', 'can-queue-run'].map(
        (name_) => [name_, true],
      ),
    );
    return {
      id,
      type: 'workspaces',
      attributes: {
        name,
        locked: lockedBy !== undefined,
        'execution-mode': 'local',
        operations: false,
        'terraform-version': 'latest',
        'global-remote-state': false,
        permissions,
      },
      relationships: {
        organization: { data: { id: this.organization, type: 'organizations' } },
        project: { data: { id: projectId, type: 'projects' } },
      },
    };
  }

  private describeVersion({ id, serial }: StateVersion): object {
    const blob = `https://${this.hostname}/blobs/${id}`;
    return {
      id,
      type: 'state-versions',
      attributes: {
        serial,
        status: 'finalized',
        'hosted-state-download-url': blob,
        'hosted-json-state-download-url': `${blob}/json`,
        'hosted-state-upload-url': blob,
        'hosted-json-state-upload-url': `${blob}/json`,
      },
    };
  }

  private next(): number {
    return (this.count += 1);
  }
}

function describeProject({ id, name }: { readonly id: string; readonly name: string }): object {
  return { id, type: 'projects', attributes: { name } };
}

function page(data: readonly object[]): Answer {
  return {
    status: 200,
    body: {
      data,
      meta: {
        pagination: {
          'current-page': 1,
          'page-size': 20,
          'prev-page': null,
          'next-page': null,
          'total-pages': 1,
          'total-count': data.length,
        },
      },
    },
  };
}

function failure(status: number, title: string, detail?: string): Answer {
  return { status, body: { errors: [{ status: String(status), title, detail }] } };
}

function attributesOf<T>(body: Buffer): T {
  return (JSON.parse(body.toString('utf8')) as { data: { attributes: T } }).data.attributes;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
