// What someone meets who does not know the project yet: each mistake has one message that says what to do.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expectSaid, runCommand, type CommandResult } from '../support/e2e/command';
import { Project, repository } from '../support/e2e/project';
import { terraformTest, toolchain } from '../support/terraform';

const tools = toolchain();
const environment: NodeJS.ProcessEnv = {
  ...(typeof tools === 'string' ? process.env : tools.environment),
  CI: 'true',
  FORCE_COLOR: '0',
  CDKTF_SKIP_PROVIDER_LOCK: 'true',
  CDKTF_DISABLE_PLUGIN_CACHE_ENV: 'true',
  // Nothing here gets as far as AWS.
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
};
const scratch = mkdtempSync(path.join(tmpdir(), 'strata-e2e-user-'));
let project: Project;

beforeEach(() => {
  project = new Project(environment);
  project.configure({ state: { type: 'local' }, layers: { network: {}, registry: {}, compute: {} } });
});
afterEach(() => project.remove());
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const npmStart = (variables: NodeJS.ProcessEnv): Promise<CommandResult> =>
  runCommand(process.execPath, [path.join(repository, 'scripts', 'start.mjs')], {
    cwd: scratch,
    environment: { ...environment, ...variables },
  });

/** Fails, and says so in words alone. */
function expectMessage({ status, output }: CommandResult, message: string): void {
  expectSaid(output, message);
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(status).not.toBe(0);
}

describe('cdktf deploy', () => {
  test('in an environment that is not there', async () => {
    const result = await project.cdktf(['deploy', 'network', '--auto-approve'], { STRATA_ENVIRONMENT: 'e2' });
    expectMessage(
      result,
      '1 problem in the context of cdktf.json: - STRATA_ENVIRONMENT: "e2" does not exist; use one of e2e; did you mean "e2e"?',
    );
  }, 60_000);

  test('of layers that are not there', async () => {
    const result = await project.cdktf(['deploy', '--auto-approve'], { STRATA_LAYERS: 'netwrok,computer' });
    expectMessage(
      result,
      '2 problems in the context of cdktf.json: - STRATA_LAYERS: "netwrok" does not exist; use one of bootstrap, network, registry, ml, jobs, compute, ci-cd; did you mean "network"?',
    );
    expectMessage(
      result,
      '- STRATA_LAYERS: "computer" does not exist; use one of bootstrap, network, registry, ml, jobs, compute, ci-cd; did you mean "compute"?',
    );
  }, 60_000);

  test('of a layer without the one it reads, both being in the app', async () => {
    expectMessage(
      await project.cdktf(['deploy', 'compute', '--auto-approve']),
      'The following dependencies are not included in the stacks to run: network.',
    );
  }, 60_000);

  terraformTest(
    'with a provider registry that cannot be reached',
    async () => {
      const configuration = path.join(scratch, 'terraform.rc');
      writeFileSync(configuration, 'provider_installation {\n  direct {}\n}\n');
      const unreachable = {
        HTTPS_PROXY: 'http://127.0.0.1:9',
        TF_CLI_CONFIG_FILE: configuration,
        TF_PLUGIN_CACHE_DIR: '',
        TF_REGISTRY_CLIENT_TIMEOUT: '2',
        TF_REGISTRY_DISCOVERY_RETRY: '0',
      };
      expectMessage(
        await project.cdktf(['deploy', 'network', '--auto-approve'], unreachable),
        'could not connect to registry.terraform.io',
      );
    },
    120_000,
  );
});

describe('npm start', () => {
  test('without Terraform', async () => {
    expectMessage(await npmStart({ PATH: scratch, TERRAFORM_BINARY_NAME: '' }), "no 'terraform' on PATH");
  }, 60_000);

  terraformTest(
    'with a port that is taken',
    async () => {
      const server: Server = createServer((socket) => socket.destroy());
      const port = await new Promise<number>((resolve) =>
        server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
      );
      try {
        expectMessage(await npmStart({ STRATA_EMULATOR_PORT: String(port) }), `port ${port} is taken by`);
      } finally {
        server.close();
      }
    },
    60_000,
  );
});
