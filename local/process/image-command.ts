import { readFileSync } from 'node:fs';

/** How an image starts Node. */
export interface ImageCommand {
  /** Options of Node, such as `--max-semi-space-size=1`. */
  readonly options: readonly string[];
  /** The image's own environment variables. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * How an image starts Node, read from its Dockerfile: what runs here runs as it is deployed.
 * @throws Error when the Dockerfile has no ENV, or neither ENTRYPOINT nor CMD in exec form that starts Node
 */
export function imageCommand(dockerfile: string): ImageCommand {
  const text = readFileSync(dockerfile, 'utf8');
  const commands = [...text.matchAll(/^(?:ENTRYPOINT|CMD) (\[.*\])$/gm)].map(
    ([, words]) => JSON.parse(words!) as string[],
  );
  const command = commands.find(([program]) => program === 'node');
  const variables = /^ENV (.+)$/m.exec(text)?.[1];
  if (command === undefined || variables === undefined) {
    throw new Error(`${dockerfile} has no ENV, or no ENTRYPOINT or CMD in exec form that starts node; add them`);
  }
  return {
    options: command.filter((word) => word.startsWith('--')),
    environment: Object.fromEntries(variables.split(' ').map((pair) => pair.split('=') as [string, string])),
  };
}
