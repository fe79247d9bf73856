import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { ClientConfig } from './aws';
import type { TerraformState } from './project';

/** The bucket that states live in, as AWS tells of it. */
export class StateBucketContents {
  private readonly s3: S3Client;

  constructor(
    config: ClientConfig,
    private readonly bucket: string,
  ) {
    this.s3 = new S3Client(config);
  }

  /** Keys of all objects: states and locks. */
  async keys(): Promise<string[]> {
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket: this.bucket }));
    return Contents.map(({ Key }) => Key ?? '').sort();
  }

  async state(key: string): Promise<TerraformState> {
    const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return JSON.parse(await Body!.transformToString()) as TerraformState;
  }
}
