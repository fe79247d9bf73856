/** Whether some text fits both of two patterns, in which `*` stands for any text and `?` for one character. */
export function globsOverlap(one: string, other: string): boolean {
  const seen = new Set<number>();
  const overlap = (i: number, j: number): boolean => {
    const key = i * (other.length + 1) + j;
    if (seen.has(key)) return false;
    seen.add(key);
    const [a, b] = [one[i], other[j]];
    if (a === undefined && b === undefined) return true;
    if (a === '*' && (overlap(i + 1, j) || (b !== undefined && overlap(i, j + 1)))) return true;
    if (b === '*' && (overlap(i, j + 1) || (a !== undefined && overlap(i + 1, j)))) return true;
    if (a === undefined || b === undefined || a === '*' || b === '*') return false;
    return (a === b || a === '?' || b === '?') && overlap(i + 1, j + 1);
  };
  return overlap(0, 0);
}
