/**
 * Whether some text matches both patterns, `*` standing for any characters and `?` for one, regardless of case: IAM's
 * own rules for actions.
 */
export function globsOverlap(a: string, b: string): boolean {
  return overlap(a.toLowerCase(), b.toLowerCase());
}

/** Whether a pattern stands for more than one text. */
export function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

function overlap(a: string, b: string): boolean {
  if (a === '' && b === '') return true;
  if (a.startsWith('*')) return overlap(a.slice(1), b) || (b !== '' && overlap(a, b.slice(1)));
  if (b.startsWith('*')) return overlap(b, a);
  if (a === '' || b === '') return false;
  return (a[0] === b[0] || a[0] === '?' || b[0] === '?') && overlap(a.slice(1), b.slice(1));
}
