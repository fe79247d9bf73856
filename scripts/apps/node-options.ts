import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The options with which the image starts Node, read from the Dockerfile: what runs here runs as it is deployed. */
export function nodeOptions(): string[] {
  const dockerfile = readFileSync(join(__dirname, '../images/Dockerfile'), 'utf8');
  const command = /^CMD (\[.*\])$/m.exec(dockerfile)?.[1];
  if (command === undefined) throw new Error('the Dockerfile has no CMD in exec form');
  return (JSON.parse(command) as string[]).filter((word) => word.startsWith('--'));
}
