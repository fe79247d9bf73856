import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';

/** Prints the folder of AWS's API models. */
const ASK = "import os, botocore; print(os.path.join(os.path.dirname(botocore.__file__), 'data'))";

/**
 * The folder of the API models that AWS publishes, as they come with moto (botocore's `data`).
 *
 * @param server path of `moto_server`: its Python has the models
 * @returns undefined when no Python beside that program has botocore
 */
export async function botocoreData(server: string): Promise<string | undefined> {
  for (const python of pythonsOf(server)) {
    const folder = await ask(python);
    if (folder !== undefined && existsSync(folder)) return folder;
  }
  return undefined;
}

/** Interpreters that may run a program: the one its first line names, then those in its folder. */
function pythonsOf(server: string): string[] {
  const real = existsSync(server) ? realpathSync(server) : server;
  const firstLine = existsSync(real) ? readFileSync(real, 'latin1').split('\n', 1)[0]! : '';
  const named = /^#!\s*(\S*python\S*)/.exec(firstLine)?.[1];
  const beside = [dirname(real), dirname(server)].flatMap((folder) => [
    join(folder, 'python3'),
    join(folder, 'python'),
  ]);
  const found = beside.filter((path) => isAbsolute(path) && existsSync(path));
  return [...new Set([...(named === undefined ? [] : [named]), ...found, 'python3'])];
}

function ask(python: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(python, ['-c', ASK], { encoding: 'utf8', timeout: 30_000 }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : undefined),
    );
  });
}
