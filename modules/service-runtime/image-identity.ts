/** The container image that the process runs from. */
export interface ImageIdentity {
  readonly name: string;
  readonly digest: string;
}

/**
 * Reads the image from the ECS agent's task metadata; undefined where there is no agent, or where it does not answer
 * within a second.
 *
 * Form: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html
 */
export async function readImageIdentity(environment: NodeJS.ProcessEnv): Promise<ImageIdentity | undefined> {
  const address = environment['ECS_CONTAINER_METADATA_URI_V4'];
  if (address === undefined || !URL.canParse(address)) return undefined;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(1000) });
    const { Image: name, ImageID: digest } = (await response.json()) as { Image?: unknown; ImageID?: unknown };
    return typeof name === 'string' && typeof digest === 'string' ? { name, digest } : undefined;
  } catch {
    return undefined;
  }
}
