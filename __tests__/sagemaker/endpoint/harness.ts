import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildEndpoint, startEndpoint, type ChildEndpoint } from '../../../local/run/child-endpoint';
import { Client } from '../../../scripts/endpoint-conformance/client';

jest.setTimeout(60_000);

/** A model of a few kilobytes that tells red, green and blue apart; make_model.py makes it. */
export const colours = join(__dirname, 'model');

/** Inside the repository, where the bundle finds its native packages. */
const dist = join(__dirname, '../../../.strata/endpoint-test', String(process.pid));

/** What a test file starts, ended together. */
export class Harness {
  readonly #scratch = mkdtempSync(join(tmpdir(), 'strata-endpoint-test-'));
  readonly #endpoints: ChildEndpoint[] = [];
  readonly #clients: Client[] = [];

  async build(): Promise<void> {
    await buildEndpoint(dist);
  }

  async start(
    environment: Record<string, string> = {},
    modelDirectory: string = colours,
  ): Promise<{ readonly endpoint: ChildEndpoint; readonly client: Client }> {
    const endpoint = await startEndpoint({ dist, modelDirectory, environment: { DRAIN_SECONDS: '0', ...environment } });
    const client = new Client(endpoint.url);
    this.#endpoints.push(endpoint);
    this.#clients.push(client);
    return { endpoint, client };
  }

  /** A copy of the model's folder with some files rewritten, or left out where their content is undefined. */
  model(files: Readonly<Record<string, string | Buffer | undefined>>): string {
    const folder = mkdtempSync(join(this.#scratch, 'model-'));
    cpSync(colours, folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      if (content === undefined) rmSync(join(folder, name));
      else writeFileSync(join(folder, name), content);
    }
    return folder;
  }

  /** An empty folder. */
  folder(): string {
    return mkdtempSync(join(this.#scratch, 'folder-'));
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await Promise.all(this.#endpoints.map((endpoint) => endpoint.stop('SIGINT')));
    rmSync(this.#scratch, { recursive: true, force: true });
    rmSync(dist, { recursive: true, force: true });
  }

  get server(): string {
    return join(dist, 'server.js');
  }
}
