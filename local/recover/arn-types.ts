import type { Found } from './found';

/** The last part of an ARN of a type that AWS gives an id, or that is imported by its ARN. */
interface ArnType {
  readonly type: string;
  readonly arn: RegExp;
  /** @default the whole ARN */
  readonly id?: (...parts: readonly string[]) => string;
  /** The resource's name, as its configuration has it. @default none */
  readonly name?: (...parts: readonly string[]) => string;
}

const first = (part: string): string => part;
const ec2 = (kind: string): RegExp => new RegExp(`^arn:[^:]+:ec2:[^:]*:[^:]*:(?:${kind})/([^/]+)$`);
const elb = (rest: string): RegExp => new RegExp(`^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:${rest}$`);

const TYPES: readonly ArnType[] = [
  { type: 'aws_vpc', arn: ec2('vpc'), id: first },
  { type: 'aws_subnet', arn: ec2('subnet'), id: first },
  { type: 'aws_route_table', arn: ec2('route-table'), id: first },
  { type: 'aws_internet_gateway', arn: ec2('internet-gateway'), id: first },
  { type: 'aws_egress_only_internet_gateway', arn: ec2('egress-only-internet-gateway'), id: first },
  { type: 'aws_nat_gateway', arn: ec2('natgateway'), id: first },
  { type: 'aws_eip', arn: ec2('elastic-ip'), id: first },
  { type: 'aws_vpc_endpoint', arn: ec2('vpc-endpoint'), id: first },
  { type: 'aws_flow_log', arn: ec2('vpc-flow-log|flow-logs'), id: first },
  { type: 'aws_security_group', arn: ec2('security-group'), id: first },
  { type: 'aws_default_security_group', arn: ec2('security-group'), id: first },
  { type: 'aws_lb', arn: elb('loadbalancer/(?:app|net|gwy)/([^/]+)/[^/]+'), name: first },
  { type: 'aws_lb_target_group', arn: elb('targetgroup/([^/]+)/[^/]+'), name: first },
  { type: 'aws_lb_listener', arn: elb('listener/(?:app|net|gwy)/[^/]+/[^/]+/[^/]+') },
  { type: 'aws_lb_listener_rule', arn: elb('listener-rule/(?:app|net|gwy)/[^/]+/[^/]+/[^/]+/[^/]+') },
  {
    type: 'aws_ecs_cluster',
    arn: /^arn:[^:]+:ecs:[^:]*:[^:]*:cluster\/([^/]+)$/,
    id: first,
    name: first,
  },
  {
    type: 'aws_ecs_service',
    arn: /^arn:[^:]+:ecs:[^:]*:[^:]*:service\/([^/]+)\/([^/]+)$/,
    id: (cluster, service) => `${cluster}/${service}`,
    name: (_, service = '') => service,
  },
  { type: 'aws_s3_bucket', arn: /^arn:[^:]+:s3:::([^/]+)$/, id: first, name: first },
  { type: 'aws_kms_key', arn: /^arn:[^:]+:kms:[^:]*:[^:]*:key\/(.+)$/, id: first },
  { type: 'aws_sns_topic', arn: /^arn:[^:]+:sns:[^:]*:[^:]*:([^:]+)$/, name: first },
  {
    type: 'aws_sqs_queue',
    arn: /^arn:([^:]+):sqs:([^:]*):([^:]*):([^:]+)$/,
    // https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
    id: (partition, region, account, name) =>
      `https://sqs.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}/${account}/${name}`,
    name: (...parts) => parts[3] ?? '',
  },
  { type: 'aws_apigatewayv2_api', arn: /^arn:[^:]+:apigateway:[^:]*:[^:]*:\/apis\/([^/]+)$/, id: first },
  {
    type: 'aws_lambda_event_source_mapping',
    arn: /^arn:[^:]+:lambda:[^:]*:[^:]*:event-source-mapping:(.+)$/,
    id: first,
  },
  { type: 'aws_acm_certificate', arn: /^arn:[^:]+:acm:[^:]*:[^:]*:certificate\/.+$/ },
  {
    type: 'aws_codestarconnections_connection',
    arn: /^arn:[^:]+:(?:codestar-connections|codeconnections):.*:connection\/.+$/,
  },
  { type: 'aws_sagemaker_domain', arn: /^arn:[^:]+:sagemaker:[^:]*:[^:]*:domain\/(.+)$/, id: first },
  {
    type: 'aws_sagemaker_user_profile',
    arn: /^arn:[^:]+:sagemaker:[^:]*:[^:]*:user-profile\/[^/]+\/(.+)$/,
    name: first,
  },
];

/** Types that are found by their tags. */
export const TAGGED: ReadonlySet<string> = new Set(TYPES.map(({ type }) => type));

/** The attribute that holds the name of a type, where it is not `name`. */
export const NAME_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_s3_bucket: 'bucket',
  aws_sagemaker_domain: 'domain_name',
  aws_sagemaker_user_profile: 'user_profile_name',
};

/** What an ARN may be, with its tags: nothing for what is not found by its tags, such as a role. */
export function foundByArn(arn: string, tags: Readonly<Record<string, string>>): Found[] {
  return TYPES.flatMap(({ type, arn: pattern, id, name }) => {
    const parts = pattern.exec(arn)?.slice(1);
    return parts === undefined ? [] : { type, id: id?.(...parts) ?? arn, arn, name: name?.(...parts), tags };
  });
}
