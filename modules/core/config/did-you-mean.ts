import { closest, distance } from 'fastest-levenshtein';

/**
 * The known word that `word` was probably meant to be, as a phrase to append to an error: `; did you mean "staging"?`.
 * Empty where nothing known is close: at most a third of the word's letters may differ (two in a short word), and never
 * all of either.
 */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const best = closest(word, known);
  const differing = distance(word, best);
  const close = differing <= Math.max(2, Math.floor(word.length / 3)) && differing < Math.min(word.length, best.length);
  return close ? `; did you mean "${best}"?` : '';
}
