import { readModelAnswer, type ModelAnswer } from '../../app-was/model-answer';
import type { Answer } from './client';

/** What a rule says when it is not kept. */
export class RuleBroken extends Error {}

export function holds(condition: boolean, otherwise: string): void {
  if (!condition) throw new RuleBroken(otherwise);
}

/** One photo's answer, read as app-was reads it. */
export function modelAnswer(answer: Answer): ModelAnswer {
  holds(answer.status === 200, `answered ${answer.status}: ${answer.text.slice(0, 200)}`);
  holds(
    /^application\/json\b/.test(answer.headers['content-type'] ?? ''),
    `Content-Type is ${answer.headers['content-type']}, not application/json`,
  );
  try {
    return readModelAnswer(Buffer.from(answer.text));
  } catch (error) {
    const { cause, message } = error as Error;
    throw new RuleBroken(`app-was cannot read the answer: ${cause instanceof Error ? cause.message : message}`);
  }
}

export function probabilitiesOf(answer: Answer): readonly number[] {
  return modelAnswer(answer).predictions[0]!.probabilities;
}

/** Probabilities by row, in TensorFlow Serving's form. */
export function rowsOf(answer: Answer, key: 'predictions' | 'outputs'): readonly (readonly number[])[] {
  holds(answer.status === 200, `answered ${answer.status}: ${answer.text.slice(0, 200)}`);
  const rows = (answer.json as Record<string, unknown> | undefined)?.[key];
  const isRows =
    Array.isArray(rows) && rows.every((row) => Array.isArray(row) && row.every((value) => typeof value === 'number'));
  holds(isRows, `"${key}" is not a list of lists of numbers: ${answer.text.slice(0, 200)}`);
  return rows as number[][];
}

/** Two answers for what should be the same picture. */
export function areAlike(one: readonly number[], other: readonly number[], tolerance: number, what: string): void {
  const difference = Math.max(...one.map((value, index) => Math.abs(value - (other[index] ?? Number.NaN))));
  holds(
    one.length === other.length && difference <= tolerance,
    `${what}: probabilities differ by ${difference.toFixed(4)}, more than ${tolerance}`,
  );
}

/** A refusal: its status, and JSON that says why. */
export function refused(answer: Answer, statuses: readonly number[]): void {
  holds(
    statuses.includes(answer.status),
    `answered ${answer.status}, not ${statuses.join(' or ')}: ${answer.text.slice(0, 200)}`,
  );
  holds(
    (answer.json as { error?: unknown } | undefined)?.error !== undefined,
    `the body has no "error": ${answer.text.slice(0, 200)}`,
  );
}
