import type { IamStatement } from '@strata/iam';

/** What Studio lists and searches; IAM restricts none of it to a resource. */
const LISTS = [
  'GetSearchSuggestions',
  'ListActions',
  'ListApps',
  'ListArtifacts',
  'ListAssociations',
  'ListContexts',
  'ListDomains',
  'ListEndpointConfigs',
  'ListEndpoints',
  'ListExperiments',
  'ListModelPackageGroups',
  'ListModels',
  'ListPipelines',
  'ListProcessingJobs',
  'ListSpaces',
  'ListTrainingJobs',
  'ListTrialComponents',
  'ListTrials',
  'ListUserProfiles',
  'Search',
];

/** What Studio shows of one resource, by the kind of resource. */
const DETAILS: Readonly<Record<string, readonly string[]>> = {
  action: ['DescribeAction'],
  artifact: ['DescribeArtifact'],
  context: ['DescribeContext'],
  endpoint: ['DescribeEndpoint'],
  'endpoint-config': ['DescribeEndpointConfig'],
  experiment: ['DescribeExperiment'],
  'experiment-trial': ['DescribeTrial'],
  'experiment-trial-component': ['DescribeTrialComponent'],
  model: ['DescribeModel'],
  'model-package': ['DescribeModelPackage', 'ListModelPackages'],
  'model-package-group': ['DescribeModelPackageGroup'],
  // Executions are `pipeline/<name>/execution/<id>`.
  pipeline: [
    'DescribePipeline',
    'DescribePipelineDefinitionForExecution',
    'DescribePipelineExecution',
    'ListPipelineExecutionSteps',
    'ListPipelineExecutions',
    'ListPipelineParametersForExecution',
    'ListPipelineVersions',
  ],
  'processing-job': ['DescribeProcessingJob'],
  'training-job': ['DescribeTrainingJob'],
};

/**
 * What people see in Studio of pipelines, jobs, models, endpoints and where they came from.
 * @param arn the ARN of a SageMaker resource of this account and region
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export function viewStatements(arn: (resource: string) => string): IamStatement[] {
  const named = (actions: readonly string[]): string[] => actions.map((action) => `sagemaker:${action}`);
  return [
    { sid: 'ListResources', actions: named(LISTS), resources: ['*'], allowAllResources: true },
    {
      sid: 'ViewResources',
      actions: [...named(Object.values(DETAILS).flat()), 'sagemaker:ListTags'],
      resources: Object.keys(DETAILS).map((kind) => arn(`${kind}/*`)),
    },
  ];
}
