import * as z from 'zod';

/** What a finished result says of itself. */
export const manifest = z.object({
  version: z.literal(1),
  jobId: z.string(),
  attempt: z.number().int(),
  inputEtag: z.string(),
  imageDigest: z.string(),
  rows: z.number().int(),
  /** SHA-256 of the rows' object, in hexadecimal. */
  rowsSha256: z.string(),
  summary: z.json(),
});

export type Manifest = z.infer<typeof manifest>;
