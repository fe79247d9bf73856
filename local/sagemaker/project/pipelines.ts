import {
  modelPipelines,
  MODEL_PIPELINE_NAMES,
  NO_TEST_DATA_FILE,
  NO_TEST_DATA_PREFIX,
  pytorchTrainingImage,
  type PipelineDefinition,
} from '@strata/sagemaker-pipeline';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { account } from '../account';
import { LocalS3 } from '../local-s3';
import { paths } from '../settings';
import { local } from './local-values';
import { LOCAL_IMAGE } from './model-endpoint';

const SOURCE = `s3://${local.artifactBucketName}/code/sourcedir.tar.gz`;
const CODE = `s3://${local.artifactBucketName}/code/training`;

/** The project's pipelines, by name: the definitions that Terraform deploys, with this machine's names in them. */
export function projectPipelines(): ReadonlyMap<string, PipelineDefinition> {
  const { train, model, deploy } = modelPipelines({
    roleArn: local.roleArn,
    artifactBucketName: local.artifactBucketName,
    datasetBucketName: local.datasetBucketName,
    trainingSourceUri: SOURCE,
    processingCodeUri: CODE,
    trainingImageUri: pytorchTrainingImage({ region: account.region }),
    inferenceImageUri: LOCAL_IMAGE,
    deployFunctionArn: local.deployFunctionArn,
    modelPackageGroupName: local.modelPackageGroupName,
    endpointName: local.endpointName,
    region: account.region,
  });
  return new Map([
    [MODEL_PIPELINE_NAMES.train, train],
    [MODEL_PIPELINE_NAMES.model, model],
    [MODEL_PIPELINE_NAMES.deploy, deploy],
  ]);
}

/**
 * Puts into the local S3 what Terraform uploads: the training code, packed and plain, and the marker for "no test set".
 */
export function stageTrainingCode(root: string, directory: string): void {
  const s3 = new LocalS3(paths(directory).s3);
  const training = join(root, 'sagemaker/training');
  const plain = s3.path(CODE);
  rmSync(plain, { recursive: true, force: true });
  cpSync(training, plain, {
    recursive: true,
    filter: (file) => !['__pycache__', '.pytest_cache'].includes(basename(file)),
  });
  const archive = s3.path(SOURCE);
  mkdirSync(dirname(archive), { recursive: true });
  execFileSync('tar', ['-czf', `${archive}.part`, '-C', plain, '.']);
  renameSync(`${archive}.part`, archive);
  const marker = s3.path(`s3://${local.artifactBucketName}/${NO_TEST_DATA_PREFIX}`);
  mkdirSync(marker, { recursive: true });
  writeFileSync(join(marker, NO_TEST_DATA_FILE), '{}\n');
}
