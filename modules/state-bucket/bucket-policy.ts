/**
 * The bucket policy: denials only, so that who may do what stays with IAM.
 * @param kms whether a write that asks for another encryption than KMS is refused; Terraform's S3 backend asks for S3's own where `encrypt` is on without a key.
 */
export function bucketPolicy(bucketArn: string, kms: boolean): string {
  const everything = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [bucketArn, `${bucketArn}/*`] };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'TlsOnly', ...everything, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { Sid: 'Tls12OrNewer', ...everything, Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } } },
      ...(kms
        ? [{
            Sid: 'KmsOnly',
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:PutObject',
            Resource: `${bucketArn}/*`,
            // A request that names no encryption gets the bucket's own, which is KMS.
            Condition: { StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' }, Null: { 's3:x-amz-server-side-encryption': 'false' } },
          }]
        : []),
    ],
  });
}
