import type { EmulatedRole } from './task-role';

const INVOCATIONS = { 'sagemaker:InvokeEndpoint': 'invocations', 'sagemaker:InvokeEndpointAsync': 'async-invocations' };

/**
 * Why the emulator's IAM refuses an invocation, in AWS's words; undefined when it may be made. The emulator sees no
 * photo: what it answers besides AccessDenied does not count.
 *
 * @param accessKey one that the emulator was told belongs to the role
 * @throws Error when the emulator does not answer
 */
export async function emulatorRefusal(
  { endpoint: emulator, region }: EmulatedRole,
  accessKey: string,
  action: keyof typeof INVOCATIONS,
  endpoint: string,
): Promise<string | undefined> {
  const scope = `${accessKey}/20260101/${region}/sagemaker/aws4_request`;
  const response = await fetch(`${emulator}/endpoints/${encodeURIComponent(endpoint)}/${INVOCATIONS[action]}`, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
      'content-type': 'application/octet-stream',
      ...(action === 'sagemaker:InvokeEndpointAsync' && { 'x-amzn-sagemaker-inputlocation': 's3://none/none' }),
    },
    body: 'who may invoke',
  });
  const text = await response.text();
  if (response.status !== 403) return undefined;
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
