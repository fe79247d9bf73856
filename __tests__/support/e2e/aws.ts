import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emulatorEnvironment, EMULATOR_REGION, withEmulator } from '../../../local/aws/environment';
import { startEmulator, stopEmulator } from '../../../local/aws/emulator';
import { locate, type Location } from '../../../local/aws/location';
import { freePort } from '../../../local/aws/moto';
import { chooseProviderSource, skipProviderChecksum } from '../../../local/toolchain';
import { motoFolder } from './journey';
import { withRecentNode } from './recent-node';

/** What an AWS SDK client needs to reach the emulator. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** An emulated AWS of a test's own: on a free port, with its files in a temporary folder. */
export class TestAws {
  private constructor(
    private readonly folder: string,
    private readonly location: Location,
    readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** @param variables of the emulator, besides those of this process */
  static async start(variables: NodeJS.ProcessEnv = {}): Promise<TestAws> {
    const folder = mkdtempSync(path.join(tmpdir(), 'strata-e2e-aws-'));
    const location = locate({ STRATA_EMULATOR_PORT: String(await freePort()) }, folder);
    const own = {
      ...process.env,
      ...variables,
      PATH: [motoFolder(), process.env.PATH].filter((part) => part !== undefined).join(path.delimiter),
    };
    await startEmulator(location, { environment: own });
    const source = chooseProviderSource({ generatedPath: location.terraformConfig });
    skipProviderChecksum(source.setConfigFile);
    const environment = {
      ...withRecentNode(withEmulator(emulatorEnvironment(location, source))),
      CI: 'true',
      FORCE_COLOR: '0',
      TF_IN_AUTOMATION: '1',
    };
    return new TestAws(folder, location, environment);
  }

  get port(): number {
    return this.location.port;
  }

  get clients(): ClientConfig {
    return {
      endpoint: this.location.endpoint,
      region: EMULATOR_REGION,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
  }

  async stop(): Promise<void> {
    await stopEmulator(this.location);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
