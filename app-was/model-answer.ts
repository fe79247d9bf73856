import { HttpError } from '@strata/service-runtime';
import * as z from 'zod';

export const languages = ['ko', 'en', 'ja'] as const;
export type Language = (typeof languages)[number];

const inEachLanguage = (text: z.ZodString) => z.object({ ko: text, en: text, ja: text });

const answerSchema = z.object({
  model: z.object({ name: z.string().min(1), version: z.string().min(1), standIn: z.boolean().optional() }),
  /** The classes in the model's own order: a class's number is its place here. */
  labels: z
    .array(
      z.object({
        label: z.string().min(1),
        name: inEachLanguage(z.string().min(1)),
        description: inEachLanguage(z.string()),
      }),
    )
    .min(1),
  /** One entry for each photo in the request; one photo was sent. */
  predictions: z.array(z.object({ probabilities: z.array(z.number().min(0).max(1)) })).length(1),
});

/** What the model's endpoint answers; docs/apps.md describes it for those who write one. */
export type ModelAnswer = z.output<typeof answerSchema>;

/**
 * Reads the endpoint's answer.
 * @throws HttpError 502 when it is anything but an answer: a model that was fixed must not look like a photo that was
 *   wrong.
 */
export function readModelAnswer(body: Uint8Array): ModelAnswer {
  const { success, data, error } = answerSchema.safeParse(parseJson(body));
  if (!success)
    throw invalid(
      error.issues
        .slice(0, 3)
        .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
        .join('; '),
    );
  const count = data.predictions[0]!.probabilities.length;
  if (count !== data.labels.length) throw invalid(`${count} probabilities for ${data.labels.length} labels`);
  return data;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw invalid('no JSON');
  }
}

function invalid(what: string): HttpError {
  return new HttpError(502, 'model_answer_invalid', 'the model gave an answer that cannot be understood', {
    cause: new Error(what),
  });
}
