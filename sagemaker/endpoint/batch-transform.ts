import type { Settings } from './settings';

const MiB = 1024 * 1024;

/** The product of `MaxConcurrentTransforms` and `MaxPayloadInMB` must not exceed this. */
const MAX_CONCURRENT_MB = 100;

/**
 * What a batch transform asks before it begins (`GET /execution-parameters`).
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-batch-code.html
 */
export function executionParameters({ MAX_IMAGE_BYTES }: Pick<Settings, 'MAX_IMAGE_BYTES'>, workers: number) {
  const MaxPayloadInMB = Math.min(MAX_CONCURRENT_MB, Math.max(1, Math.floor(MAX_IMAGE_BYTES / MiB)));
  return {
    MaxConcurrentTransforms: Math.max(1, Math.min(workers * 2, Math.floor(MAX_CONCURRENT_MB / MaxPayloadInMB))),
    BatchStrategy: 'SINGLE_RECORD',
    MaxPayloadInMB,
  };
}
