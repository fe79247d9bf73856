import type { ContainerDefinition } from '@aws-sdk/client-sagemaker';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LocalS3 } from '../local-s3';

const run = promisify(execFile);

/** Where a container's model comes from, or undefined when it has none. */
export function modelDataUri(container: ContainerDefinition): string | undefined {
  return container.ModelDataUrl ?? container.ModelDataSource?.S3DataSource?.S3Uri;
}

/** Models as folders: an archive is unpacked once, a folder is used where it is. */
export class ModelData {
  readonly #underWay = new Map<string, Promise<string>>();

  constructor(
    private readonly s3: LocalS3,
    /** Folder for what is unpacked. */
    private readonly directory: string,
  ) {}

  /**
   * @returns the folder that is the container's `/opt/ml/model`
   * @throws Error when there is no such archive, or when it cannot be unpacked
   */
  async folder(container: ContainerDefinition): Promise<string> {
    const uri = modelDataUri(container);
    if (uri === undefined) {
      const empty = join(this.directory, 'none');
      mkdirSync(empty, { recursive: true });
      return empty;
    }
    const path = this.s3.path(uri);
    if (!existsSync(path)) throw new Error(`failed to download model data from "${uri}": there is no ${path}`);
    if (statSync(path).isDirectory()) return path;
    const target = this.#target(path);
    const known =
      this.#underWay.get(target) ?? this.#unpack(uri, path, target).finally(() => this.#underWay.delete(target));
    this.#underWay.set(target, known);
    return known;
  }

  /** Removes what was unpacked for models other than these. */
  prune(containers: readonly ContainerDefinition[]): void {
    const wanted = new Set(
      containers.flatMap((container) => {
        const uri = modelDataUri(container);
        const path = uri === undefined ? undefined : this.s3.path(uri);
        return path !== undefined && existsSync(path) && statSync(path).isFile() ? [this.#target(path)] : [];
      }),
    );
    for (const name of existsSync(this.directory) ? readdirSync(this.directory) : []) {
      if (!wanted.has(join(this.directory, name))) rmSync(join(this.directory, name), { recursive: true, force: true });
    }
  }

  /** An archive that is rewritten under the same name counts as another one. */
  #target(path: string): string {
    const { size, mtimeMs } = statSync(path);
    return join(this.directory, createHash('sha256').update(`${path}\n${size}\n${mtimeMs}`).digest('hex').slice(0, 24));
  }

  async #unpack(uri: string, archive: string, target: string): Promise<string> {
    if (existsSync(target)) return target;
    const temporary = `${target}.${process.pid}.part`;
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    try {
      await run('tar', ['-xzf', archive, '-C', temporary]);
      renameSync(temporary, target);
      return target;
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      if (existsSync(target)) return target; // another process unpacked it first
      const { stderr, code } = error as { stderr?: string; code?: string };
      if (code === 'ENOENT') throw new Error("the program 'tar' is missing; install it to unpack model data");
      throw new Error(
        `the model data "${uri}" is not an archive that tar and gzip can unpack: ${(stderr ?? String(error)).trim()}`,
      );
    }
  }
}
