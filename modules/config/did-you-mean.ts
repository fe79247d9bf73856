import { closest, distance } from 'fastest-levenshtein';

/**
 * The known word that `word` was probably meant to be, as a phrase to append to an error: `; did you mean "staging"?`.
 * Empty where nothing known is close: at most a third of the word's letters may differ, and always at least two.
 */
export function didYouMean(word: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const best = closest(word, known);
  return distance(word, best) <= Math.max(2, Math.floor(word.length / 3)) ? `; did you mean "${best}"?` : '';
}
