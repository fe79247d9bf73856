import * as z from 'zod';

const TIMEOUT_MILLISECONDS = 5000;
const container = z.object({ ImageID: z.string().regex(/^sha256:[0-9a-f]{64}$/) });

/**
 * Digest of the image that this container runs. A pipeline changes the image of a task definition and nothing else, so
 * that no variable in it can tell.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html
 *
 * @param metadataUri `ECS_CONTAINER_METADATA_URI_V4`
 * @returns undefined where ECS does not say
 */
export async function imageDigest(metadataUri: string | undefined): Promise<string | undefined> {
  if (metadataUri === undefined) return undefined;
  try {
    const response = await fetch(metadataUri, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    return container.safeParse(await response.json()).data?.ImageID;
  } catch {
    return undefined;
  }
}
