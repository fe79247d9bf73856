import { DescribeAddressesCommand, DescribeVpcEndpointsCommand, EC2Client, type Filter } from '@aws-sdk/client-ec2';
import { paginateGetResources, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { foundByArn } from './arn-types';
import type { Found, Owner } from './found';
import { findApiParts } from './find-api-parts';
import { findListeners } from './find-listeners';
import { findPolicies } from './find-policies';
import { findSecurityGroupRules } from './find-security-group-rules';
import { findStudio } from './find-studio';
import { tagsOf } from './tags';

/** How AWS is reached: a region, with credentials and addresses as the SDK finds them in the environment. */
export interface AwsOptions {
  readonly region: string;
}

export interface Survey {
  /** What has the layer's tags, or is part of something that has. */
  readonly found: readonly Found[];
  /** Every ARN with the layer's tags, also of types that are found by their names. */
  readonly arns: readonly string[];
}

/** What is looked at besides: parts of what the layer has in its state already, and what is found by names alone. */
export interface Parents {
  readonly securityGroupIds: readonly string[];
  readonly loadBalancerArns: readonly string[];
  readonly apiIds: readonly string[];
  /** Names of the managed policies that Terraform would make. */
  readonly policyNames: readonly string[];
}

/**
 * Asks AWS for what has the layer's tags: the tagging API for nearly all, and a service itself for what has no tags of
 * its own or is not told by that API.
 */
export async function survey(owner: Owner, parents: Parents, aws: AwsOptions): Promise<Survey> {
  const tagging = new ResourceGroupsTaggingAPIClient(aws);
  const tagged: { arn: string; tags: Record<string, string> }[] = [];
  const TagFilters = Object.entries(owner).map(([Key, value]) => ({ Key, Values: [String(value)] }));
  for await (const page of paginateGetResources({ client: tagging }, { TagFilters }))
    for (const { ResourceARN, Tags } of page.ResourceTagMappingList ?? [])
      if (ResourceARN !== undefined) tagged.push({ arn: ResourceARN, tags: tagsOf(Tags) });

  const byArn = tagged.flatMap(({ arn, tags }) => foundByArn(arn, tags));
  const idsOf = (type: string): string[] => byArn.filter((one) => one.type === type).map(({ id }) => id);
  const ec2 = new EC2Client(aws);
  const parts = await Promise.all([
    findAddresses(ec2, owner),
    findEndpoints(ec2, owner),
    findSecurityGroupRules(ec2, [...new Set([...parents.securityGroupIds, ...idsOf('aws_security_group')])]),
    findListeners([...new Set([...parents.loadBalancerArns, ...idsOf('aws_lb')])], aws),
    findStudio(owner, aws),
    findApiParts([...new Set([...parents.apiIds, ...idsOf('aws_apigatewayv2_api')])], aws),
    findPolicies(parents.policyNames, aws),
  ]);
  // What a service itself says of a resource is more than its tags, so it comes last.
  const found = new Map([...byArn, ...parts.flat()].map((one) => [`${one.type} ${one.id}`, one]));
  return { found: [...found.values()], arns: tagged.map(({ arn }) => arn) };
}

async function findAddresses(ec2: EC2Client, owner: Owner): Promise<Found[]> {
  const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({ Filters: filters(owner) }));
  return Addresses.map((one) => ({ type: 'aws_eip', id: one.AllocationId ?? '', tags: tagsOf(one.Tags) }));
}

async function findEndpoints(ec2: EC2Client, owner: Owner): Promise<Found[]> {
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters: filters(owner) }));
  return VpcEndpoints.filter(({ State }) => !['deleted', 'deleting'].includes(`${State}`.toLowerCase())).map((one) => ({
    type: 'aws_vpc_endpoint',
    id: one.VpcEndpointId ?? '',
    tags: tagsOf(one.Tags),
  }));
}

function filters(owner: Owner): Filter[] {
  return Object.entries(owner).map(([key, value]) => ({ Name: `tag:${key}`, Values: [String(value)] }));
}
