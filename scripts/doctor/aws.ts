// What a new account lacks before a first deploy. Reads only.
import {
  DescribeAvailabilityZonesCommand,
  DescribeRegionsCommand,
  DescribeVpcEndpointServicesCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import { ListServiceQuotasCommand, type ServiceQuota, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { Finding } from './checks';

/** A SageMaker quota that a deploy needs to be above 0, as AWS names it. */
export interface NeededQuota {
  readonly name: string;
  /** What uses it. */
  readonly use: string;
}

export interface AwsQuestions {
  readonly region: string;
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  readonly quotas: Pick<ServiceQuotasClient, 'send'>;
  readonly neededQuotas: readonly NeededQuota[];
}

/**
 * The roles that services create for themselves on first use, if the deploying principal may call
 * iam:CreateServiceLinkedRole.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
 */
const SERVICE_LINKED_ROLES: Readonly<Record<string, string>> = {
  'ecs.amazonaws.com': 'AWSServiceRoleForECS',
  'elasticloadbalancing.amazonaws.com': 'AWSServiceRoleForElasticLoadBalancing',
  'ecs.application-autoscaling.amazonaws.com': 'AWSServiceRoleForApplicationAutoScaling_ECSService',
  'sagemaker.application-autoscaling.amazonaws.com': 'AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint',
};

/** Interface endpoints that the layers may need in a network without NAT. */
const ENDPOINT_SERVICES = ['ecr.api', 'ecr.dkr', 'logs', 'sagemaker.api', 'sagemaker.runtime', 'ssmmessages', 'sts'];

/** Asks the account of the credentials what a first deploy would fail on. */
export async function examineAws(questions: AwsQuestions): Promise<Finding[]> {
  const account = await asked('AWS account', () => accountOf(questions));
  // Without credentials everything else fails alike.
  if (account.some(({ state }) => state === 'problem')) return account;
  const others = await Promise.all([
    asked('zones', () => zones(questions)),
    asked('endpoints', () => endpoints(questions)),
    ...Object.entries(SERVICE_LINKED_ROLES).map(([service, role]) =>
      asked('service role', () => serviceLinkedRole(questions, service, role)),
    ),
    asked('quotas', () => quotas(questions)),
  ]);
  return [...account, ...others.flat()];
}

async function asked(subject: string, question: () => Promise<Omit<Finding, 'subject'>[]>): Promise<Finding[]> {
  try {
    return (await question()).map((finding) => ({ subject, ...finding }));
  } catch (error) {
    const { name, message } = error as Error;
    const denied = /AccessDenied|UnauthorizedOperation/.test(name);
    const fix = denied
      ? 'ask with credentials that may read this, or look it up in the console'
      : 'set credentials and a region that AWS accepts: aws sts get-caller-identity';
    return [{ subject, state: denied ? 'warning' : 'problem', text: `${name}: ${message}`, fix }];
  }
}

async function accountOf({ ec2, region }: AwsQuestions): Promise<Omit<Finding, 'subject'>[]> {
  const { Regions = [] } = await ec2.send(new DescribeRegionsCommand({ AllRegions: true, RegionNames: [region] }));
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const id = Vpcs[0]?.OwnerId ?? 'without a VPC yet';
  if (Regions[0]?.OptInStatus !== 'not-opted-in') return [{ state: 'ok', text: `${id}, ${region} is enabled` }];
  return [
    {
      state: 'problem',
      text: `${id}: the region ${region} is not enabled`,
      fix: `aws account enable-region --region-name ${region}, and wait until it is enabled`,
    },
  ];
}

async function zoneNames({ ec2 }: AwsQuestions): Promise<string[]> {
  const Filters = [
    { Name: 'zone-type', Values: ['availability-zone'] },
    { Name: 'state', Values: ['available'] },
  ];
  const { AvailabilityZones = [] } = await ec2.send(new DescribeAvailabilityZonesCommand({ Filters }));
  return AvailabilityZones.map(({ ZoneName = '' }) => ZoneName).sort();
}

async function zones(questions: AwsQuestions): Promise<Omit<Finding, 'subject'>[]> {
  const names = await zoneNames(questions);
  if (names.length >= 2) return [{ state: 'ok', text: names.join(', ') }];
  return [
    {
      state: 'problem',
      text: `${questions.region} has ${names.length} zones for this account, and a load balancer needs two`,
      fix: 'use another region (region of the environment)',
    },
  ];
}

async function endpoints(questions: AwsQuestions): Promise<Omit<Finding, 'subject'>[]> {
  const { ec2, region } = questions;
  const names = await zoneNames(questions);
  const nameOf = (service: string): string => `com.amazonaws.${region}.${service}`;
  const Filters = [{ Name: 'service-name', Values: ENDPOINT_SERVICES.map(nameOf) }];
  const { ServiceDetails = [] } = await ec2.send(new DescribeVpcEndpointServicesCommand({ Filters }));
  const lacking = ENDPOINT_SERVICES.flatMap((service): Omit<Finding, 'subject'>[] => {
    const found = ServiceDetails.find(({ ServiceName }) => ServiceName === nameOf(service));
    const missing = names.filter((zone) => !(found?.AvailabilityZones ?? []).includes(zone));
    if (missing.length === 0) return [];
    return [
      {
        state: 'warning',
        text: `${service} has no interface endpoint in ${missing.join(', ')}`,
        fix: 'keep a NAT gateway (natGateways of the network layer), or leave these zones out (availabilityZones)',
      },
    ];
  });
  return lacking.length > 0 ? lacking : [{ state: 'ok', text: 'in every zone' }];
}

async function serviceLinkedRole(
  { iam }: AwsQuestions,
  service: string,
  role: string,
): Promise<Omit<Finding, 'subject'>[]> {
  try {
    await iam.send(new GetRoleCommand({ RoleName: role }));
    return [{ state: 'ok', text: role }];
  } catch (error) {
    if (!(error as Error).name.startsWith('NoSuchEntity')) throw error;
    return [
      {
        state: 'warning',
        text: `${role} does not exist; the first deploy makes it if it may call iam:CreateServiceLinkedRole`,
        fix: `aws iam create-service-linked-role --aws-service-name ${service}`,
      },
    ];
  }
}

/** @see https://docs.aws.amazon.com/general/latest/gr/sagemaker.html#limits_sagemaker */
async function quotas({ quotas: client, neededQuotas }: AwsQuestions): Promise<Omit<Finding, 'subject'>[]> {
  const all: ServiceQuota[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListServiceQuotasCommand({ ServiceCode: 'sagemaker', NextToken }));
    all.push(...(page.Quotas ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return neededQuotas.map(({ name, use }): Omit<Finding, 'subject'> => {
    const quota = all.find(({ QuotaName }) => QuotaName === name);
    if (quota === undefined)
      return {
        state: 'warning',
        text: `there is no quota "${name}", for ${use}`,
        fix: 'the region may lack the instance type: look for it in Service Quotas > Amazon SageMaker, or use another',
      };
    if ((quota.Value ?? 0) >= 1) return { state: 'ok', text: `${name}: ${quota.Value}` };
    return {
      state: 'problem',
      text: `${name}: 0, and ${use} needs 1`,
      fix:
        'aws service-quotas request-service-quota-increase --service-code sagemaker ' +
        `--quota-code ${quota.QuotaCode} --desired-value 1 (it takes hours to days), or choose another type`,
    };
  });
}
