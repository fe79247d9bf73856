import { readFileSync } from 'node:fs';

import { main } from '../../../modules/worker-runtime/program';

/** The score of a comment by the words in it. */
function scoreOf(comment: string): number {
  const words = comment.toLowerCase().match(/\p{L}+/gu) ?? [];
  const sum = words.reduce((total, word) => total + (GOOD.has(word) ? 1 : BAD.has(word) ? -1 : 0), 0);
  return Math.tanh(sum * 0.9);
}
const GOOD = new Set(['good', 'great', 'lovely', 'fast']);
const BAD = new Set(['bad', 'broken', 'slow', 'awful']);

/** Rows and summary of the form that the example of the jobs layer has (jobs/examples/sentiment), with a simple rule. */
void main(async function* (input, ctx) {
  const pace = Number(process.env['COMMENTS_MS_PER_ROW'] ?? 0);
  const lines = readFileSync(input.path, 'utf8').trim().split('\n').slice(1);
  const labels = { positive: 0, neutral: 0, negative: 0, error: 0 };
  const histogram = Array<number>(10).fill(0);
  const errors: { line: number; message: string }[] = [];
  for (const [index, text] of lines.entries()) {
    if (ctx.cancelled) return;
    if (pace > 0) await new Promise((resolve) => setTimeout(resolve, pace));
    if (index % 20 === 0) ctx.progress(index / lines.length, `${index} comments`);
    const line = index + 2;
    if (text.includes('"') && !text.endsWith('"')) {
      const error = 'there is text behind a closing quote';
      labels.error += 1;
      errors.push({ line, message: error });
      yield { line, comment: null, label: 'error', score: null, error };
      continue;
    }
    const comment = text.replace(/^"|"$/g, '').replaceAll('""', '"');
    const score = scoreOf(comment);
    const label = Math.abs(score) < 0.2 ? 'neutral' : score > 0 ? 'positive' : 'negative';
    labels[label] += 1;
    histogram[Math.min(9, Math.floor((score + 1) * 5))]! += 1;
    yield { line, comment, label, score, error: null };
  }
  ctx.summary = {
    rows: lines.length,
    labels,
    histogram,
    errors: { count: errors.length, first: errors.slice(0, 100) },
  };
});
