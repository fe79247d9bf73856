import type { AskAws, Reading } from '../ask-aws';
import type { Rule } from './rule';

/**
 * The two security groups of a domain's home file system, which SageMaker leaves behind when the domain is deleted. The
 * VPC cannot be deleted while they exist. Only with `STRATA_EMULATOR_LEFTOVERS=on`, as no layer can
 * remove them: `npm run studio-leftovers` does.
 */
async function leaveSecurityGroups(aws: AskAws, domain: Reading): Promise<void> {
  const ids: Record<string, string> = {};
  for (const direction of ['inbound', 'outbound']) {
    const made = await aws('ec2', 'CreateSecurityGroup', {
      GroupName: `security-group-for-${direction}-nfs-${domain.DomainId}`,
      Description: `[DO NOT DELETE] Security Group that allows ${direction} NFS traffic for SageMaker Notebooks Domain [${domain.DomainId}]`,
      VpcId: domain.VpcId,
      TagSpecifications: [
        {
          ResourceType: 'security-group',
          Tags: [{ Key: 'ManagedByAmazonSageMakerResource', Value: domain.DomainArn }],
        },
      ],
    });
    ids[direction] = made?.GroupId ?? '';
  }
  const nfs = (GroupId: string | undefined) => [
    { IpProtocol: 'tcp', FromPort: 2049, ToPort: 2049, UserIdGroupPairs: [{ GroupId }] },
  ];
  await aws('ec2', 'AuthorizeSecurityGroupIngress', { GroupId: ids.inbound, IpPermissions: nfs(ids.outbound) });
  await aws('ec2', 'AuthorizeSecurityGroupEgress', { GroupId: ids.outbound, IpPermissions: nfs(ids.inbound) });
}

export const sagemakerDomainInUse: Rule = {
  service: 'sagemaker',
  operations: ['DeleteDomain'],
  what: 'deleting a Studio domain that has user profiles; afterwards the security groups of its home file system stay in the VPC',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/gs-studio-delete-domain.html',
  async check({ input }, aws) {
    const { DomainId } = input;
    const profiles: unknown[] =
      (await aws('sagemaker', 'ListUserProfiles', { DomainIdEquals: DomainId }))?.UserProfiles ?? [];
    if (profiles.length > 0)
      return {
        code: 'ResourceInUse',
        message: `Unable to delete Domain ${DomainId} because UserProfile(s) are associated with it`,
      };
    const domain = await aws('sagemaker', 'DescribeDomain', { DomainId });
    if (domain?.VpcId !== undefined && process.env.STRATA_EMULATOR_LEFTOVERS === 'on')
      await leaveSecurityGroups(aws, domain);
    return undefined;
  },
};
