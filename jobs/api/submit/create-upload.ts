import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { randomBytes } from 'node:crypto';
import * as z from 'zod';

import { ApiError } from '../http/api-error';
import { readBody, type Route } from '../http/route';

const MIB = 1024 * 1024;
const body = z.strictObject({ contentType: z.string() });

/** 128 random bits: whoever has not been told a job's id does not find it. */
const newJobId = (): string => randomBytes(16).toString('base64url');

/** Each tenant's uploads are below a prefix of its own, which no other tenant's name can be a part of. */
export const uploadKey = (tenant: string, jobId: string): string => `uploads/${encodeURIComponent(tenant)}/${jobId}`;

/** `POST /uploads`: a form that takes one file, of this type and up to the size, for a few minutes. */
export const createUpload: Route = async ({ s3, settings }, { event, tenant }) => {
  const { contentType } = readBody(event, body);
  if (!settings.uploadContentTypes.includes(contentType))
    throw new ApiError(
      415,
      'content_type',
      `"${contentType}" is not taken; use one of ${settings.uploadContentTypes.join(', ')}`,
    );
  const jobId = newJobId();
  const { url, fields } = await createPresignedPost(s3, {
    Bucket: settings.bucket,
    Key: uploadKey(tenant, jobId),
    Fields: { 'Content-Type': contentType },
    Conditions: [
      ['content-length-range', 1, Math.floor(settings.uploadMaxMib * MIB)],
      ['eq', '$Content-Type', contentType],
    ],
    Expires: settings.uploadExpirySeconds,
  });
  return { status: 201, body: { jobId, upload: { url, fields } } };
};
