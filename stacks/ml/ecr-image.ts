import * as z from 'zod';

/** SageMaker pulls from ECR, in the region it runs in. */
export const ecrImage = z
  .string()
  .regex(
    /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.(com|com\.cn|eu)\/[a-z0-9._/-]+(:[\w.-]+|@sha256:[0-9a-f]{64})$/,
    'use an image in ECR: <account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>, or @sha256:<digest>',
  );
