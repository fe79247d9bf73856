import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

import type { Claim } from '../store/claim';
import { type Manifest, manifest } from './manifest';
import { writeCsv } from './csv';
import { CSV_OBJECT, MANIFEST_OBJECT, prefixOf, type Result, ROWS_OBJECT } from './result';
import type { RowFile } from './row-file';

/** How many earlier attempts are asked for a finished result, newest first. */
const ADOPTABLE_ATTEMPTS = 10;

/** The input is not what the job was submitted with. */
export class InputChanged extends Error {
  override readonly name = 'InputChanged';
}

/** Inputs and results in S3. */
export class ResultStore {
  constructor(
    private readonly client: S3Client,
    private readonly bucket: string,
    private readonly imageDigest: string,
  ) {}

  /**
   * Downloads the input into a file. Returns its bytes.
   *
   * @throws InputChanged when the object is gone or another than the one that was submitted
   */
  async download({ input }: Claim, path: string): Promise<number> {
    try {
      const { Body: body } = await this.client.send(
        new GetObjectCommand({ Bucket: input.bucket, Key: input.key, IfMatch: input.etag }),
      );
      await pipeline(body as Readable, createWriteStream(path));
    } catch (error) {
      if ([404, 412].includes(statusOf(error)))
        throw new InputChanged(`s3://${input.bucket}/${input.key} is gone or was changed after the job was submitted`);
      throw error;
    }
    return statSync(path).size;
  }

  /** Uploads the rows, also as CSV, then the manifest that makes them a finished result. */
  async upload(claim: Claim, file: RowFile, summary: unknown): Promise<Result> {
    const rowsSha256 = await file.close();
    const prefix = prefixOf(claim.jobId, claim.attempt);
    const csv = `${file.path}.csv`;
    await writeCsv(file.path, [...file.columns], csv);
    await Promise.all([
      this.putFile(`${prefix}${ROWS_OBJECT}`, file.path, 'application/x-ndjson'),
      this.putFile(`${prefix}${CSV_OBJECT}`, csv, 'text/csv; charset=utf-8'),
    ]);
    const text = JSON.stringify({
      version: 1,
      jobId: claim.jobId,
      attempt: claim.attempt,
      inputEtag: claim.input.etag,
      imageDigest: this.imageDigest,
      rows: file.rows,
      rowsSha256,
      summary: summary as Manifest['summary'],
    } satisfies Manifest);
    await this.put(`${prefix}${MANIFEST_OBJECT}`, text, Buffer.byteLength(text), 'application/json');
    return { prefix, rowsFile: file.path, rows: file.rows, summary };
  }

  /**
   * A finished result of an earlier attempt, of the same input and by the same image; undefined when there is none.
   * Its rows are downloaded to `path`.
   */
  async adopt(claim: Claim, path: string): Promise<Result | undefined> {
    const oldest = Math.max(1, claim.attempt - ADOPTABLE_ATTEMPTS);
    for (let attempt = claim.attempt - 1; attempt >= oldest; attempt--) {
      const prefix = prefixOf(claim.jobId, attempt);
      const found = await this.readManifest(`${prefix}${MANIFEST_OBJECT}`);
      if (found?.inputEtag !== claim.input.etag || found.imageDigest !== this.imageDigest) continue;
      const rows = await this.get(`${prefix}${ROWS_OBJECT}`);
      if (rows === undefined) continue;
      const hash = createHash('sha256');
      const hashing = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          done(null, chunk);
        },
      });
      await pipeline(rows, hashing, createWriteStream(path));
      if (hash.digest('hex') === found.rowsSha256)
        return { prefix, rowsFile: path, rows: found.rows, summary: found.summary };
    }
    return undefined;
  }

  private async readManifest(key: string): Promise<Manifest | undefined> {
    const body = await this.get(key);
    if (body === undefined) return undefined;
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk as Buffer);
    try {
      return manifest.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8'))).data;
    } catch {
      return undefined;
    }
  }

  /** Undefined when there is no such object; S3 answers 403 for that to a role that may not list. */
  private async get(key: string): Promise<Readable | undefined> {
    try {
      const { Body: body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      return body as Readable;
    } catch (error) {
      if ([403, 404].includes(statusOf(error))) return undefined;
      throw error;
    }
  }

  private putFile(key: string, path: string, type: string): Promise<void> {
    const bytes = statSync(path).size;
    return this.put(key, bytes === 0 ? '' : createReadStream(path), bytes, type);
  }

  private async put(key: string, body: Readable | string, bytes: number, type: string): Promise<void> {
    await this.client.send(
      new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ContentLength: bytes, ContentType: type }),
    );
  }
}

function statusOf(error: unknown): number {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
}
