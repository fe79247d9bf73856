// HCP Terraform with real Terraform, on a stand-in for its API.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../support/e2e/command';
import { eventually, journey } from '../../support/e2e/journey';
import { recentNode, withRecentNode } from '../../support/e2e/recent-node';
import { HcpTerraform, missingForHcpTerraform } from '../../support/hcp-terraform';
import { toolchain } from '../../support/terraform';
import { Checkout, inOneLine } from './checkout';
import { computeJson, networkJson } from './tiny-layers';

const root = path.resolve(__dirname, '../../..');
const [NETWORK, COMPUTE] = ['shop-dev-network', 'shop-dev-compute'];

function missing(): string | undefined {
  const tools = toolchain();
  return typeof tools === 'string' ? tools : missingForHcpTerraform();
}

journey(
  'state in HCP Terraform',
  (step) => {
    const started: HcpTerraform[] = [];
    const checkouts: Checkout[] = [];
    let hcp: HcpTerraform;

    afterAll(() => {
      for (const one of started) one.stop();
      for (const one of checkouts) one.remove();
    });

    const start = async (): Promise<HcpTerraform> => {
      const made = await HcpTerraform.start();
      started.push(made);
      return made;
    };
    const checkout = (environment: NodeJS.ProcessEnv): Checkout => {
      const made = new Checkout(environment);
      checkouts.push(made);
      return made;
    };
    const cloud = (of: HcpTerraform = hcp) =>
      ({ type: 'cloud', organization: of.organization, hostname: of.hostname, project: 'shop' }) as const;
    const published = (workspace: string): unknown => {
      const state = JSON.parse(hcp.workspace(workspace)?.states.at(-1) ?? '{}') as {
        outputs?: Record<string, { value: unknown }>;
      };
      return state.outputs?.vpc_id?.value;
    };

    step('a layer is applied; its workspace is made in the project that the backend names', async () => {
      hcp = await start();
      const network = checkout(hcp.userEnvironment('ana'));
      await network.init(networkJson(cloud()));
      expect(hcp.workspaceNames).toEqual([NETWORK]);
      expect((await network.apply()).output).toContain('Apply complete! Resources: 1 added');
      expect(hcp.workspace(NETWORK)).toMatchObject({ project: 'shop', isLocked: false });
      expect(published(NETWORK)).toBe('vpc-1');
      expect(await network.isUpToDate()).toBe(true);
      expect(JSON.parse(await network.succeed('output', '-json'))).toMatchObject({
        vpc_id: { value: 'vpc-1' },
        contract_version: { value: '1.2.0' },
      });
    });

    step('while an apply holds the lock another is refused, and changes nothing', async () => {
      const [first, second] = [checkout(hcp.userEnvironment('ana')), checkout(hcp.userEnvironment('ben'))];
      const [reached, goOn] = [path.join(first.folder, 'reached'), path.join(first.folder, 'go-on')];
      await first.init(networkJson(cloud(), { vpcId: 'vpc-2' }));
      await first.succeed('destroy', '-auto-approve');
      first.write(
        networkJson(cloud(), { vpcId: 'vpc-2', waitFor: `touch ${reached}; until [ -e ${goOn} ]; do sleep 0.1; done` }),
      );
      await second.init(networkJson(cloud(), { vpcId: 'vpc-3' }));

      const running = first.startApply();
      await eventually('the first apply is half-way', () => (existsSync(reached) ? true : undefined));
      expect(hcp.workspace(NETWORK)).toMatchObject({ isLocked: true });
      const refused = await second.apply();
      expect(refused.status).toBe(1);
      expect(inOneLine(refused.output)).toMatch(
        /Error acquiring the state lock .*workspace already locked.*lock ID: "shop-org\/shop-dev-network"/,
      );

      writeFileSync(goOn, '');
      expect(await running.ended).toMatchObject({ status: 0 });
      expect(published(NETWORK)).toBe('vpc-2');
      expect(hcp.workspace(NETWORK)).toMatchObject({ isLocked: false });
      expect(await second.apply()).toMatchObject({ status: 0 });
      expect(published(NETWORK)).toBe('vpc-3');
    });

    step('a run whose workspace the state is not shared with is refused', async () => {
      await checkout(hcp.userEnvironment('ben')).init(computeJson(cloud()));
      const compute = checkout(hcp.runEnvironment(COMPUTE));
      await compute.init(computeJson(cloud()));
      const { status, output } = await compute.apply();
      expect(status).toBe(1);
      expect(inOneLine(output)).toContain(
        "Error retrieving state: forbidden This Terraform run is not authorized to read the state of the workspace 'shop-dev-network'.",
      );
      expect(hcp.workspace(COMPUTE)).toMatchObject({ states: [], isLocked: false });
    });

    step('once it is shared the run reads the contract, and can still not write there', async () => {
      hcp.share(NETWORK, COMPUTE);
      const compute = checkout(hcp.runEnvironment(COMPUTE));
      await compute.init(computeJson(cloud()));
      expect((await compute.apply()).output).toContain('Apply complete! Resources: 1 added');
      expect(hcp.workspace(COMPUTE)?.states.at(-1)).toContain('"vpc-3"');
      expect(await compute.isUpToDate()).toBe(true);

      const states = hcp.workspace(NETWORK)?.states;
      const network = checkout(hcp.runEnvironment(COMPUTE));
      await network.init(networkJson(cloud(), { vpcId: 'vpc-4' }));
      expect(await network.apply()).toMatchObject({ status: 1, output: expect.stringContaining('forbidden') });
      expect(hcp.workspace(NETWORK)?.states).toEqual(states);
    });

    step(
      'a neighbour that was never deployed is missed; the look of a user makes its workspace, that of a run does not',
      async () => {
        const empty = await start();
        await checkout(empty.userEnvironment('ana')).init(computeJson(cloud(empty)));
        const run = checkout(empty.runEnvironment(COMPUTE));
        await run.init(computeJson(cloud(empty)));
        const ofRun = await run.terraform('plan');
        expect(ofRun.status).toBe(1);
        expect(inOneLine(ofRun.output)).toContain(`Error creating workspace ${NETWORK}: forbidden`);
        expect(empty.workspaceNames).toEqual([COMPUTE]);

        const user = checkout(empty.userEnvironment('ana'));
        await user.init(computeJson(cloud(empty)));
        const ofUser = await user.terraform('plan');
        expect(ofUser.status).toBe(1);
        expect(inOneLine(ofUser.output)).toContain('Unable to find remote state');
        expect(empty.workspace(NETWORK)).toEqual({ project: 'Default Project', isLocked: false, states: [] });
      },
    );

    step('a token that is missing or unknown is named as the reason', async () => {
      const stranger = checkout(hcp.strangerEnvironment());
      await expect(stranger.init(networkJson(cloud()))).rejects.toThrow(
        /Failed to read organization "shop-org"[^]*unauthorized/,
      );
      const nobody = checkout({ ...hcp.strangerEnvironment(), TF_CLI_CONFIG_FILE: '/dev/null' });
      await expect(nobody.init(networkJson(cloud()))).rejects.toThrow(
        /Required token could not be found[^]*terraform login localhost/,
      );
    });

    step('cdktf deploys and destroys', async () => {
      const other = await start();
      const folder = checkout({}).folder;
      const app = `node ${require.resolve('tsx/cli')} --tsconfig ${path.join(root, 'tsconfig.json')} ${path.join(__dirname, 'tiny-app.ts')}`;
      writeFileSync(
        path.join(folder, 'cdktf.json'),
        JSON.stringify({ language: 'typescript', app, projectId: 'shop', sendCrashReports: 'false' }),
      );
      const environment = {
        ...withRecentNode(other.userEnvironment('ana')),
        TINY_APP_STATE: JSON.stringify(cloud(other)),
        CDKTF_SKIP_PROVIDER_LOCK: 'true',
        CI: 'true',
        FORCE_COLOR: '0',
      };
      const cdktf = (command: string) =>
        runCommand(
          recentNode,
          [path.join(root, 'node_modules/cdktf-cli/bundle/bin/cdktf'), command, 'network', '--auto-approve'],
          { cwd: folder, environment },
        );

      const deployed = await cdktf('deploy');
      expect(deployed).toMatchObject({ status: 0, output: expect.stringContaining('vpc_id = vpc-1') });
      expect(other.workspace(NETWORK)).toMatchObject({ project: 'shop', isLocked: false });
      expect(await cdktf('destroy')).toMatchObject({ status: 0 });
      expect(JSON.parse(other.workspace(NETWORK)?.states.at(-1) ?? '{}')).toMatchObject({ resources: [] });
    });

    step('a local state is moved in by answering what terraform init asks, not by a flag', async () => {
      const other = await start();
      const network = checkout(other.userEnvironment('ana'));
      await network.init(networkJson({ type: 'local', directory: path.join(network.folder, 'state') }));
      await network.succeed('apply', '-auto-approve');
      network.write(networkJson(cloud(other)));
      expect(inOneLine((await network.terraform('init', '-migrate-state')).output)).toContain(
        'not applicable when using HCP Terraform',
      );
      expect(inOneLine((await network.terraform('init')).output)).toContain(
        "Can't ask approval for state migration when interactive input is disabled",
      );

      await network.answering('yes', 'init');
      expect(other.workspace(NETWORK)?.states).toHaveLength(1);
      expect(await network.isUpToDate()).toBe(true);
    });

    step('a state is moved out by pulling it and pushing it to the other backend', async () => {
      const network = checkout(hcp.userEnvironment('ana'));
      await network.init(networkJson(cloud(), { vpcId: 'vpc-3' }));
      const pulled = await network.succeed('state', 'pull');
      const elsewhere = checkout(hcp.userEnvironment('ana'));
      await elsewhere.init(networkJson({ type: 'local', directory: elsewhere.folder }, { vpcId: 'vpc-3' }));
      writeFileSync(path.join(elsewhere.folder, 'pulled.tfstate'), pulled);
      await elsewhere.succeed('state', 'push', 'pulled.tfstate');
      expect(await elsewhere.isUpToDate()).toBe(true);
    });
  },
  missing(),
);
