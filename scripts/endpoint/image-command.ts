import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the image starts Node, read from the Dockerfile: what runs here runs as it is deployed. */
export function imageCommand(): { readonly options: readonly string[]; readonly environment: Readonly<Record<string, string>> } {
  const dockerfile = readFileSync(join(__dirname, '../../sagemaker/endpoint/Dockerfile'), 'utf8');
  const entryPoint = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1];
  const variables = /^ENV (.+)$/m.exec(dockerfile)?.[1];
  if (entryPoint === undefined || variables === undefined) throw new Error('the Dockerfile has no ENV, or no ENTRYPOINT in exec form');
  return {
    options: (JSON.parse(entryPoint) as string[]).filter((word) => word.startsWith('--')),
    environment: Object.fromEntries(variables.split(' ').map((pair) => pair.split('=') as [string, string])),
  };
}
