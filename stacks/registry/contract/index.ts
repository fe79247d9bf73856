import manifest from '@strata/registry-contract/package.json';
import { defineContract, t } from '@strata/contract';

/** What the registry layer promises: where images are pushed to and pulled from. */
export const registryContract = defineContract({
  layer: 'registry',
  owner: 'platform-registry',
  version: manifest.version,
  outputs: {
    repositories: {
      type: t.map(t.object({ name: t.string, arn: t.string, url: t.string })),
      description:
        "Repository, as the layer's configuration calls it -> its name in ECR, its ARN, and its URL without a tag",
      example: {
        'app-web': {
          name: 'app-web',
          arn: 'arn:aws:ecr:ap-northeast-2:123456789012:repository/app-web',
          url: '123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/app-web',
        },
      },
    },
  },
});
