import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { imageNode } from '../../node-versions';
import { isAlive } from '../../process/process-state';
import { imageCommand } from '../../process/image-command';
import type { ContainerCommand } from '../hosting/container';

/** This image is what Terraform would name; every image of a model is run by the code of sagemaker/endpoint here. */
export const LOCAL_IMAGE = 'model-endpoint:local';

/**
 * How the inference container of a checkout is started: its code is built once for each process that asks, as for its
 * image.
 */
export function modelEndpointCommand(root: string): () => Promise<ContainerCommand> {
  let built: Promise<ContainerCommand> | undefined;
  return () =>
    (built ??= build(root, join(root, '.strata/model-endpoint')).then((folder) => {
      const dockerfile = join(root, 'sagemaker/endpoint/Dockerfile');
      const { options, environment } = imageCommand(dockerfile);
      return {
        program: imageNode(dockerfile),
        arguments: [...options, join(folder, 'server.js')],
        directory: folder,
        // Who sends the signal has already stopped sending requests: there is nothing to wait for.
        environment: { ...environment, DRAIN_SECONDS: '0' },
      };
    }));
}

/**
 * A folder of this process's own: another may be running what it built before. It lies in the checkout, where the
 * packages with native code are found.
 */
async function build(root: string, parent: string): Promise<string> {
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent))
    if (!isAlive(Number(name))) rmSync(join(parent, name), { recursive: true, force: true });
  const folder = join(parent, String(process.pid));
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'sagemaker/endpoint/build/build.mjs'), `--outdir=${folder}`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`sagemaker/endpoint does not build:\n${errors}`)),
    );
  });
  if (!existsSync(join(folder, 'server.js')))
    throw new Error(`sagemaker/endpoint was built without a server.js in ${folder}`);
  return folder;
}
