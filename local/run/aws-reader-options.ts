/** Where an AWS API is, and as whom it is called. */
export interface AwsReaderOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}
