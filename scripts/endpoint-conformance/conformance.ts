import sharp from 'sharp';
import { Client } from './client';
import { RuleBroken } from './expectations';
import { rules, type Rule } from './rules';

export interface Outcome {
  readonly rule: Rule;
  /** Why the rule is not kept; undefined when it is. */
  readonly broken?: string;
}

/** Tries every rule on the endpoint at a URL, one after the other. */
export async function checkConformance(props: {
  readonly url: string;
  readonly photo: Buffer;
  readonly onOutcome?: (outcome: Outcome) => void;
}): Promise<Outcome[]> {
  const jpeg = await sharp(props.photo)
    .autoOrient()
    .resize({ width: 512, height: 512, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: 92 })
    .toBuffer();
  const { width, height } = await sharp(jpeg).metadata();
  const client = new Client(props.url);
  const outcomes: Outcome[] = [];
  try {
    for (const rule of rules) {
      const broken = await rule.check(client, { jpeg, width, height }).then(
        () => undefined,
        (error: unknown) => reasonOf(error),
      );
      const outcome: Outcome = { rule, ...(broken === undefined ? {} : { broken }) };
      outcomes.push(outcome);
      props.onOutcome?.(outcome);
    }
  } finally {
    client.close();
  }
  return outcomes;
}

function reasonOf(error: unknown): string {
  if (error instanceof RuleBroken) return error.message;
  const { message, code } = error as { message?: string; code?: string };
  return message === undefined || message === '' ? (code ?? String(error)) : message;
}
