import type { AwsRequest } from '../aws-request';
import { jsonReply, parseJson, type Reply } from './patch';

/**
 * What the services of the Code family have in common, as far as the shim plays their part: things by name, tags by
 * ARN, dates in seconds.
 */
export type Fields = Record<string, unknown>;

/** An error of the JSON protocol. */
export class CodeServiceError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

export const ACCOUNT = '123456789012';

/** Seconds since 1970, as AWS writes a date. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}

/** Tags by ARN; AWS writes them as a list or as a map, and their key with either letter. */
export class TagStore {
  private readonly tags = new Map<string, Map<string, string>>();

  list(arn: string): [string, string][] {
    return [...(this.tags.get(arn) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  }

  add(arn: string, tags: unknown): void {
    const kept = this.tags.get(arn) ?? new Map<string, string>();
    for (const [key, value] of pairs(tags)) kept.set(key, value);
    this.tags.set(arn, kept);
  }

  remove(arn: string, keys: unknown): void {
    for (const key of (keys ?? []) as string[]) this.tags.get(arn)?.delete(key);
  }

  forget(arn: string): void {
    this.tags.delete(arn);
  }
}

function pairs(tags: unknown): [string, string][] {
  if (Array.isArray(tags))
    return (tags as { Key?: string; key?: string; Value?: string; value?: string }[]).map((tag) => [
      String(tag.Key ?? tag.key),
      String(tag.Value ?? tag.value ?? ''),
    ]);
  return Object.entries((tags ?? {}) as Record<string, string>);
}

/** Answers a request by an operation's function, whose errors become AWS's. */
export async function answerWith(
  request: AwsRequest,
  operations: Readonly<Record<string, (input: Fields) => Fields>>,
): Promise<Reply> {
  const input = parseJson(await request.body());
  try {
    return jsonReply(200, operations[request.operation]!(input));
  } catch (error) {
    if (error instanceof CodeServiceError) return jsonReply(400, { __type: error.type, message: error.message });
    throw error;
  }
}
