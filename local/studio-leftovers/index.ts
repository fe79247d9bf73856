import {
  DeleteSecurityGroupCommand,
  EC2Client,
  paginateDescribeSecurityGroups,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { paginateListDomains, SageMakerClient } from '@aws-sdk/client-sagemaker';

/** The groups of a domain's home file system: SageMaker names them so, and deletes them with nothing. */
const GROUP_NAME = /^security-group-for-(inbound|outbound)-nfs-(d-[a-z0-9]+)$/;

/** What SageMaker left in a VPC of a domain that is gone. */
export interface StudioLeftover {
  readonly domainId: string;
  readonly vpcId: string;
  readonly groupIds: readonly string[];
}

export interface StudioClients {
  readonly ec2: EC2Client;
  readonly sagemaker: SageMakerClient;
}

/**
 * The security groups that deleted Studio domains have left, of the region. They keep their VPC from being deleted.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/gs-studio-delete-domain.html
 */
export async function findStudioLeftovers({ ec2, sagemaker }: StudioClients): Promise<StudioLeftover[]> {
  const alive = new Set<string>();
  for await (const { Domains = [] } of paginateListDomains({ client: sagemaker }, {}))
    for (const { DomainId = '' } of Domains) alive.add(DomainId);
  const found = new Map<string, StudioLeftover & { groupIds: string[] }>();
  for (const { GroupName = '', GroupId = '', VpcId = '' } of await nfsGroups(ec2)) {
    const domainId = GROUP_NAME.exec(GroupName)?.[2];
    if (domainId === undefined || alive.has(domainId)) continue;
    const leftover = found.get(domainId) ?? { domainId, vpcId: VpcId, groupIds: [] };
    leftover.groupIds.push(GroupId);
    found.set(domainId, leftover);
  }
  return [...found.values()];
}

/**
 * Deletes the groups of a domain that is gone: their rules first, which name each other.
 * @throws the error of EC2 when something still uses one, as a home file system does that outlived its domain
 */
export async function deleteStudioLeftover(ec2: EC2Client, leftover: StudioLeftover): Promise<void> {
  const groups = (await nfsGroups(ec2)).filter(({ GroupId = '' }) => leftover.groupIds.includes(GroupId));
  for (const { GroupId, IpPermissions = [], IpPermissionsEgress = [] } of groups) {
    if (IpPermissions.length > 0) await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    if (IpPermissionsEgress.length > 0)
      await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress }));
  }
  for (const { GroupId } of groups) await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
}

async function nfsGroups(ec2: EC2Client): Promise<SecurityGroup[]> {
  const Filters = [{ Name: 'group-name', Values: ['security-group-for-*-nfs-d-*'] }];
  const found: SecurityGroup[] = [];
  for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client: ec2 }, { Filters }))
    found.push(...SecurityGroups);
  return found;
}
