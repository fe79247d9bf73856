import {
  DescribeUserProfileCommand,
  ListTagsCommand,
  paginateListDomains,
  paginateListUserProfiles,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { isOwned, type Found, type Owner } from './found';
import { tagsOf } from './tags';

/** The layer's Studio domain and the profiles in it. */
export async function findStudio(owner: Owner, aws: { readonly region: string }): Promise<Found[]> {
  const client = new SageMakerClient(aws);
  const found: Found[] = [];
  for await (const page of paginateListDomains({ client }, {}))
    for (const { DomainId = '', DomainArn = '', DomainName } of page.Domains ?? []) {
      const { Tags } = await client.send(new ListTagsCommand({ ResourceArn: DomainArn }));
      const tags = tagsOf(Tags);
      if (!isOwned(tags, owner)) continue;
      found.push({ type: 'aws_sagemaker_domain', id: DomainId, arn: DomainArn, name: DomainName, tags });
      found.push(...(await profilesOf(client, DomainId)));
    }
  return found;
}

async function profilesOf(client: SageMakerClient, domainId: string): Promise<Found[]> {
  const found: Found[] = [];
  for await (const page of paginateListUserProfiles({ client }, { DomainIdEquals: domainId }))
    for (const { UserProfileName } of page.UserProfiles ?? []) {
      const profile = await client.send(new DescribeUserProfileCommand({ DomainId: domainId, UserProfileName }));
      const arn = profile.UserProfileArn ?? '';
      const values = { domain_id: domainId };
      found.push({ type: 'aws_sagemaker_user_profile', id: arn, arn, name: UserProfileName, values });
    }
  return found;
}
