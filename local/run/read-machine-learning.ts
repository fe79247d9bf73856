import {
  paginateListDomains,
  paginateListEndpoints,
  paginateListModelPackageGroups,
  paginateListPipelines,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';

import type { AwsReaderOptions } from './aws-reader-options';
import type { MachineLearningItem } from './inventory';
import { all } from './pages';

/** What the ml layer makes in SageMaker. Its endpoint is there once a pipeline has deployed a model. */
export async function readMachineLearning(options: AwsReaderOptions): Promise<MachineLearningItem[]> {
  const client = new SageMakerClient(options);
  const [domains, pipelines, groups, endpoints] = await Promise.all([
    all(paginateListDomains({ client }, {}), (page) => page.Domains),
    all(paginateListPipelines({ client }, {}), (page) => page.PipelineSummaries),
    all(paginateListModelPackageGroups({ client }, {}), (page) => page.ModelPackageGroupSummaryList),
    all(paginateListEndpoints({ client }, {}), (page) => page.Endpoints),
  ]);
  return [
    ...domains.map(({ DomainName, Status }) => item('Studio domain', DomainName, Status)),
    // The list does not say a pipeline's status: one that is listed can be started.
    ...pipelines.map(({ PipelineName }) => item('pipeline', PipelineName, 'Active')),
    ...groups.map(({ ModelPackageGroupName, ModelPackageGroupStatus }) =>
      item('model package group', ModelPackageGroupName, ModelPackageGroupStatus),
    ),
    ...endpoints.map(({ EndpointName, EndpointStatus }) => item('endpoint', EndpointName, EndpointStatus)),
  ];
}

function item(kind: MachineLearningItem['kind'], name = '', status = ''): MachineLearningItem {
  return { kind, name, status };
}
