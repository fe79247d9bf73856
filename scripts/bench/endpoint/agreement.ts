import type { RunningContender } from './contenders';

/** How far two servers agree on the same photos. */
export interface Agreement {
  readonly photos: number;
  /** On how many the likeliest class is the same. */
  readonly sameClass: number;
  /** Largest difference between two probabilities. */
  readonly largestDifference: number;
}

export async function compareAnswers(
  one: RunningContender,
  other: RunningContender,
  photos: readonly Buffer[],
): Promise<Agreement> {
  let sameClass = 0;
  let largestDifference = 0;
  for (const photo of photos) {
    const [a, b] = await Promise.all([ask(one, photo), ask(other, photo)]);
    if (a.indexOf(Math.max(...a)) === b.indexOf(Math.max(...b))) sameClass += 1;
    for (const [index, value] of a.entries())
      largestDifference = Math.max(largestDifference, Math.abs(value - b[index]!));
  }
  return { photos: photos.length, sameClass, largestDifference };
}

async function ask({ port, contender }: RunningContender, photo: Buffer): Promise<number[]> {
  const response = await fetch(`http://127.0.0.1:${port}/invocations`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(photo),
  });
  if (!response.ok) throw new Error(`${contender.title} answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { predictions: [{ probabilities: number[] }] }).predictions[0].probabilities;
}
