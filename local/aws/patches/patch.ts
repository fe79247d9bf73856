import type { OutgoingHttpHeaders } from 'node:http';

import type { AwsRequest } from '../aws-request';

/** An answer that is held in memory whole: patches only touch small messages. */
export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** What of a request is another when it is sent to moto. */
export interface ForwardChanges {
  readonly body?: Buffer;
  /** Of the JSON protocol. */
  readonly operation?: string;
  readonly method?: string;
  /** Path and query. */
  readonly path?: string;
}

/** Sends the request to moto, and returns what moto says. */
export type Forward = (changes?: ForwardChanges) => Promise<Reply>;

/** Answers a request that the patch matched. */
export type Answer = (request: AwsRequest, forward: Forward) => Promise<Reply>;

/** One thing that moto lacks and a resource of ours needs. */
export interface Patch {
  /** Service as AWS names it in a signature. */
  readonly service: string;
  readonly operations: readonly string[];
  /** What moto does instead. */
  readonly missing: string;
  /** Which of our resources needs it, and what happens without it. */
  readonly why: string;
  /** How the shim fills it. */
  readonly how: string;
  /** The moto version it was last seen in: look here first when moto is upgraded. */
  readonly seenIn: string;
  /** Cheap: runs for every request. */
  matches(request: AwsRequest): boolean;
  /** Makes a fresh memory for one run of the emulator, and for each reset. */
  open(): Answer;
}

/** A reply of the AWS JSON protocol. */
export function jsonReply(status: number, value: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** The same reply with another body. */
export function withBody(reply: Reply, body: string): Reply {
  return { ...reply, body: Buffer.from(body) };
}

/** What a JSON reply or request holds; an empty body is an empty object. */
export function parseJson(body: Buffer): Record<string, unknown> {
  const text = body.toString('utf8').trim();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
