// Which account is asked, and what the environment needs of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { mlConfig, type MlConfig, type MlConfigInput } from '@strata/stack-ml/config';
import { UserError } from '../../local/toolchain';
import { examineAws, type NeededInstanceType, type NeededQuota } from './aws';
import type { Finding } from './checks';

interface CdktfJson {
  readonly context: {
    readonly environment: string;
    readonly environments: Readonly<
      Record<string, { readonly region?: string; readonly layers?: { readonly ml?: MlConfigInput } }>
    >;
  };
}

/** Asks the account of the shell what the environment's first deploy would fail on. */
export async function examineAccount(
  environment: NodeJS.ProcessEnv = process.env,
  root = process.cwd(),
): Promise<Finding[]> {
  const { context } = JSON.parse(readFileSync(join(root, 'cdktf.json'), 'utf8')) as CdktfJson;
  const name = environment.STRATA_ENVIRONMENT ?? context.environment;
  const chosen = context.environments[name];
  if (chosen === undefined)
    throw new UserError(
      `STRATA_ENVIRONMENT: "${name}" does not exist; use one of ${Object.keys(context.environments).join(', ')}`,
    );
  const region = chosen.region ?? 'ap-northeast-2';
  const ml = chosen.layers?.ml;
  return examineAws({
    region,
    ec2: new EC2Client({ region }),
    iam: new IAMClient({ region }),
    quotas: new ServiceQuotasClient({ region }),
    neededQuotas: ml === undefined ? [] : neededQuotas(mlConfig.parse(ml)),
    instanceTypes: ml === undefined ? [] : instanceTypes(mlConfig.parse(ml)),
  });
}

/** The instance types of a configuration of the ml layer, each once; the other layers run on Fargate. */
export function instanceTypes({ training, endpoint }: MlConfig): NeededInstanceType[] {
  const all = [
    { type: training.instanceType, use: 'training.instanceType' },
    { type: training.evaluationInstanceType, use: 'training.evaluationInstanceType' },
    ...endpointTypes(endpoint),
  ];
  return all.filter(({ type }, index) => all.findIndex((other) => other.type === type) === index);
}

/** The quotas of the instances that a configuration of the ml layer runs; those of a new account are often 0. */
export function neededQuotas({ training, endpoint }: MlConfig): NeededQuota[] {
  const { instanceType, evaluationInstanceType, managedSpotTraining } = training;
  return [
    {
      name: `${instanceType} for ${managedSpotTraining ? 'spot ' : ''}training job usage`,
      use: `training.instanceType${managedSpotTraining ? ' with managedSpotTraining' : ''}`,
    },
    { name: `${evaluationInstanceType} for processing job usage`, use: 'training.evaluationInstanceType' },
    ...endpointTypes(endpoint).map(({ type, use }) => ({ name: `${type} for endpoint usage`, use })),
  ];
}

/** The instance types of an endpoint, those of its variants included, each once. */
function endpointTypes(endpoint: MlConfig['endpoint']): NeededInstanceType[] {
  if (endpoint.hosting === 'serverless') return [];
  const own = endpoint.instanceType ?? 'ml.m5.large';
  const variants = endpoint.owner === 'terraform' ? (endpoint.variants ?? []) : [];
  const types = variants.length === 0 ? [own] : variants.map(({ instanceType }) => instanceType ?? own);
  return [...new Set(types)].map((type) => ({
    type,
    use: variants.some(({ instanceType }) => instanceType === type) ? 'endpoint.variants' : 'endpoint.instanceType',
  }));
}
