import manifest from '@strata/ci-cd-contract/package.json';
import { defineContract, t } from '@strata/contract';

/**
 * What the ci-cd layer promises: which pipelines there are, where to push for each, and where they tell what happened.
 */
export const ciCdContract = defineContract({
  layer: 'ci-cd',
  owner: 'platform-delivery',
  version: manifest.version,
  outputs: {
    pipelines: {
      type: t.map(
        t.object({
          pipelineName: t.string,
          pipelineArn: t.string,
          buildProjectName: t.string,
          source: t.string,
          branch: t.string,
        }),
      ),
      description:
        "Pipeline, as the layer's configuration calls it -> its name and ARN, its build project, and what is " +
        "pushed to: a repository's address, and a branch",
      example: {
        'app-web': {
          pipelineName: 'app-web-pipeline',
          pipelineArn: 'arn:aws:codepipeline:ap-northeast-2:123456789012:app-web-pipeline',
          buildProjectName: 'appWebBuild',
          source: 'https://git-codecommit.ap-northeast-2.amazonaws.com/v1/repos/app-web',
          branch: 'main',
        },
      },
    },
    artifactBucketName: {
      type: t.string,
      description: 'Bucket in which pipelines pass files on',
      example: 'strata-dev-pipelines-20260101000000000000000003',
    },
    eventTopicArn: {
      type: t.string,
      description: 'SNS topic that tells of runs that failed or finished, and of approvals',
      example: 'arn:aws:sns:ap-northeast-2:123456789012:strata-dev-pipelines',
    },
    connections: {
      type: t.map(t.string),
      description: 'Connection to GitHub, GitLab or Bitbucket -> its ARN; somebody confirms it in the console',
      example: {
        github: 'arn:aws:codeconnections:ap-northeast-2:123456789012:connection/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
      },
    },
  },
});
