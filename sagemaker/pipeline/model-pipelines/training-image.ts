import { PipelineDefinitionError } from '../definition/pipeline-definition-error';
import { didYouMean } from '@strata/core/config';

/**
 * Accounts of AWS's Deep Learning Containers that differ from the usual one, by region.
 * @see https://github.com/aws/sagemaker-python-sdk/blob/master/src/sagemaker/image_uri_config/pytorch.json
 */
const ACCOUNTS: Readonly<Record<string, string>> = {
  'af-south-1': '626614931356',
  'ap-east-1': '871362719292',
  'ap-east-2': '975050140332',
  'ap-northeast-3': '364406365360',
  'ap-south-2': '772153158452',
  'ap-southeast-3': '907027046896',
  'ap-southeast-4': '457447274322',
  'ap-southeast-5': '550225433462',
  'ap-southeast-6': '633930458069',
  'ap-southeast-7': '590183813437',
  'ca-west-1': '204538143572',
  'cn-north-1': '727897471807',
  'cn-northwest-1': '727897471807',
  'eu-central-2': '380420809688',
  'eu-south-1': '692866216735',
  'eu-south-2': '503227376785',
  'il-central-1': '780543022126',
  'me-central-1': '914824155844',
  'me-south-1': '217643126080',
  'mx-central-1': '637423239942',
  'us-gov-east-1': '446045086412',
  'us-gov-west-1': '442386744353',
};
const USUAL_ACCOUNT = '763104351884';
const USUAL_REGIONS = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

/** Tags of the PyTorch training image, by what it computes on. */
const TAGS = {
  cpu: '2.8.0-cpu-py312-ubuntu22.04-sagemaker',
  gpu: '2.8.0-gpu-py312-cu129-ubuntu22.04-sagemaker',
} as const;

export interface PyTorchTrainingImageOptions {
  /** Where the job runs; AWS keeps a copy of its images in each region. */
  readonly region: string;
  /** Chooses the image for GPUs by the family of the instance (`ml.g…`, `ml.p…`). @default an image for CPUs */
  readonly instanceType?: string;
  /** @default the newest that this library knows, PyTorch 2.8 with Python 3.12 */
  readonly tag?: string;
}

/**
 * AWS's Deep Learning Container for training with PyTorch.
 *
 * @throws PipelineDefinitionError for a region that has none that this library knows: give the image itself instead
 */
export function pytorchTrainingImage({ region, instanceType, tag }: PyTorchTrainingImageOptions): string {
  const account = ACCOUNTS[region] ?? (USUAL_REGIONS.includes(region) ? USUAL_ACCOUNT : undefined);
  if (account === undefined) {
    throw new PipelineDefinitionError(undefined, [
      'no Deep Learning Container is known in region ' +
        `"${region}"${didYouMean(region, [...USUAL_REGIONS, ...Object.keys(ACCOUNTS)]) || '; give the image (trainingImageUri)'}`,
    ]);
  }
  const hasGpu = /^ml\.[gp]\d/.test(instanceType ?? '');
  return `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/pytorch-training:${tag ?? TAGS[hasGpu ? 'gpu' : 'cpu']}`;
}
