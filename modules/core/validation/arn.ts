// What an ARN in a configuration has to be: of which service, in which region and partition. Loads no construct.

/** The ARN of a KMS key, not of an alias. */
export const KMS_KEY_ARN = /^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/.+$/;

interface ArnKind {
  /** Services as ARNs name them. */
  readonly services: readonly string[];
  readonly resource?: RegExp;
  /** own: AWS refuses one of another region. any: another region works. none: there is no region in it. */
  readonly region: 'own' | 'any' | 'none';
  readonly what: string;
}

const KMS_KEY: ArnKind = { services: ['kms'], resource: /^key\/./, region: 'own', what: 'a KMS key, not of an alias' };

/** By the end of the key that holds it; the first that fits counts. */
const KINDS: readonly (readonly [key: RegExp, kind: ArnKind])[] = [
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
  [
    /certificateArns?$/i,
    { services: ['acm', 'iam'], resource: /certificate\/./, region: 'own', what: 'a certificate' },
  ],
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  [/topicArn$/i, { services: ['sns'], region: 'own', what: 'an SNS topic' }],
  [
    // A web ACL for CloudFront is in us-east-1 and starts with global/.
    // https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html
    /webAclArn$/i,
    {
      services: ['wafv2'],
      resource: /^regional\/webacl\/./,
      region: 'own',
      what: 'a web ACL with the scope REGIONAL (not CLOUDFRONT)',
    },
  ],
  // The state bucket and secrets may be in another region.
  [/(stateKmsKeyArn|secretsKmsKeyArns)$/, { ...KMS_KEY, region: 'any' }],
  [/kmsKeyArns?$/i, KMS_KEY],
  [
    /(permissionsBoundaryArn|policyArns?)$/i,
    { services: ['iam'], resource: /^policy\/./, region: 'none', what: 'a managed policy' },
  ],
  [/roleArn$/i, { services: ['iam'], resource: /^role\/./, region: 'none', what: 'a role' }],
  [/bucketArns?$/i, { services: ['s3'], region: 'none', what: 'a bucket' }],
  [/connectionArn$/i, { services: ['codeconnections', 'codestar-connections'], region: 'any', what: 'a connection' }],
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  [/functionArn$/i, { services: ['lambda'], region: 'own', what: 'a Lambda function' }],
  [/queueArn$/i, { services: ['sqs'], region: 'own', what: 'an SQS queue' }],
  [/eventBusArn$/i, { services: ['events'], region: 'own', what: 'an event bus' }],
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-creating-secret.html
  [/credentialArn$/i, { services: ['secretsmanager'], region: 'own', what: 'a secret' }],
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
  [/secretArn$/i, { services: ['secretsmanager'], region: 'any', what: 'a secret' }],
  [/parameterArn$/i, { services: ['ssm'], resource: /^parameter\/./, region: 'any', what: 'a parameter' }],
  [/repositoryArn$/i, { services: ['ecr'], resource: /^repository\/./, region: 'any', what: 'an ECR repository' }],
  [/(namespaceArn|cloudMapServiceArn)$/i, { services: ['servicediscovery'], region: 'own', what: 'AWS Cloud Map' }],
  [/logGroupArn$/i, { services: ['logs'], resource: /^log-group:./, region: 'own', what: 'a log group' }],
];

/** Starts of region names -> partition. Every other region is in `aws`. */
const PARTITIONS: readonly (readonly [start: RegExp, partition: string])[] = [
  [/^cn-/, 'aws-cn'],
  [/^us-gov-/, 'aws-us-gov'],
  [/^eusc-/, 'aws-eusc'],
  [/^us-iso-/, 'aws-iso'],
  [/^us-isob-/, 'aws-iso-b'],
  [/^eu-isoe-/, 'aws-iso-e'],
  [/^us-isof-/, 'aws-iso-f'],
];

/** Partition of a region. */
export function partitionOf(region: string): string {
  return PARTITIONS.find(([start]) => start.test(region))?.[1] ?? 'aws';
}

/** Whether it is known what the ARN of a key has to be. */
export function knowsArnKey(key: string): boolean {
  return kindOf(key) !== undefined;
}

/**
 * What is wrong with an ARN that a key of a configuration holds; `undefined` if nothing is.
 * @param region the one that everything of the configuration is in
 */
export function arnProblem(key: string, arn: string, region: string): string | undefined {
  const [, partition, service = '', arnRegion = '', , ...rest] = arn.split(':');
  const own = partitionOf(region);
  const kind = kindOf(key);
  if (kind !== undefined && (!kind.services.includes(service) || kind.resource?.test(rest.join(':')) === false))
    return `it is not the ARN of ${kind.what}; write arn:${own}:${kind.services[0]}:…`;
  if (partition !== own && partition !== '*')
    return `it is of the partition "${partition}", and ${region} is in "${own}"; use one of "${own}"`;
  if (kind?.region === 'own' && arnRegion !== region && !(service === 'iam' && arnRegion === ''))
    return `it is in "${arnRegion}", where nothing in ${region} can use it; use ${kind.what} in ${region}`;
  return undefined;
}

/**
 * Everything that is wrong with the ARNs of a configuration: of another service, region, scope or partition than AWS
 * takes there. AWS itself says so at apply.
 * @param path where the value stands
 */
export function arnProblems(value: unknown, region: string, path: string): string[] {
  return walk(value, region, path, '');
}

function walk(value: unknown, region: string, path: string, key: string): string[] {
  if (typeof value === 'string') {
    // Tokens, and places such as {partition} that are filled in later.
    if (!value.startsWith('arn:') || value.includes('{')) return [];
    const problem = arnProblem(key, value, region);
    return problem === undefined ? [] : [`${path}: "${value}": ${problem}`];
  }
  // In a list or record of ARNs the key of the whole counts.
  if (Array.isArray(value)) return value.flatMap((item, i) => walk(item, region, `${path}[${i}]`, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) =>
    walk(item, region, path === '' ? name : `${path}.${name}`, /Arns?$/.test(name) || !/Arns$/.test(key) ? name : key),
  );
}

function kindOf(key: string): ArnKind | undefined {
  return KINDS.find(([end]) => end.test(key))?.[1];
}
