import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { Problems } from '@strata/core';
import type { PrivateBucket } from '@strata/s3';
import { AssetType, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { sourceFiles, tarGz, type SourceFile } from './training-archive';

/** Where in the artifact bucket the training code lies. */
export const CODE_PREFIX = 'code/';
const ARCHIVE = 'sourcedir.tar.gz';
const FOLDER = 'source';

/** What SageMaker's jobs run: the programs of training and of evaluation. */
const NEEDED = ['train.py', 'evaluate.py'];

export interface TrainingSourceProps {
  readonly bucket: PrivateBucket;
  /** Folder of the code. @default none: it must already be there */
  readonly directory?: string;
}

/**
 * The training code in the artifact bucket: packed, as SageMaker's training toolkit unpacks it, and as plain files, as
 * processing jobs unpack nothing. It keeps its place when it changes, so that a run that has begun finds it; the bucket
 * keeps former versions.
 */
export class TrainingSource extends Construct {
  /** `s3://…/sourcedir.tar.gz` */
  readonly archiveUri: string;
  /** `s3://…/`, the same files unpacked. */
  readonly folderUri: string;
  readonly objects: S3Object[] = [];

  /** @throws ValidationError when the folder is missing, or lacks a program. */
  constructor(scope: Construct, id: string, props: TrainingSourceProps) {
    super(scope, id);
    const { bucket, directory } = props;
    this.archiveUri = `s3://${bucket.bucketName}/${CODE_PREFIX}${ARCHIVE}`;
    this.folderUri = `s3://${bucket.bucketName}/${CODE_PREFIX}${FOLDER}/`;
    if (directory === undefined) return;

    const files = this.filesOf(directory);
    const all: SourceFile[] = [
      { path: ARCHIVE, content: tarGz(files) },
      ...files.map(({ path, content }) => ({ path: `${FOLDER}/${path}`, content })),
    ];
    const asset = new TerraformAsset(this, 'asset', { ...this.stage(all), type: AssetType.DIRECTORY });
    for (const { path, content } of all) {
      this.objects.push(
        new S3Object(this, `object-${path}`, {
          bucket: bucket.bucketName,
          key: `${CODE_PREFIX}${path}`,
          source: `${asset.path}/${path}`,
          // Not an etag: with a key of KMS that is no hash of the content.
          sourceHash: sha256(content),
          contentType: path.endsWith('.gz') ? 'application/gzip' : 'text/plain; charset=utf-8',
          // S3 takes 10 tags on an object, which those of the layer may be too many for.
          overrideProvider: { defaultTags: { tags: {} } },
          dependsOn: [
            bucket.policy,
            ...(bucket.versioning === undefined ? [] : [bucket.versioning]),
            bucket.encryption,
          ],
        }),
      );
    }
  }

  private filesOf(directory: string): SourceFile[] {
    const problems = new Problems(this);
    const files = existsSync(directory) ? sourceFiles(directory) : [];
    const missing = NEEDED.filter((name) => !files.some(({ path }) => path === name));
    problems.check(
      missing.length === 0,
      `training.sourceDirectory: "${directory}" has no ${missing.join(' and no ')}; give the folder that ` +
        `holds ${NEEDED.join(' and ')}`,
    );
    problems.throwIfAny();
    return files;
  }

  /** Writes the files below the folder that is synthesized to, where Terraform's copy of them is taken from. */
  private stage(files: readonly SourceFile[]): { readonly path: string; readonly assetHash: string } {
    const hash = sha256(...files.map(({ path, content }) => `${path}\0${sha256(content)}\n`)).slice(0, 32);
    const { outdir } = this.node.root as { readonly outdir?: string };
    const folder = resolve(outdir ?? 'cdktf.out', 'training-source', hash);
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    return { path: folder, assetHash: hash };
  }
}

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
