/** A list that this browser keeps under a name. Empty where it stores nothing (private mode, full), or something else. */
export function readKept<T>(key: string, isGood: (entry: T) => boolean): T[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? (kept as T[]).filter(isGood) : [];
  } catch {
    return [];
  }
}

/** Keeps a list; not where the browser stores nothing. */
export function keep(key: string, entries: readonly unknown[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(entries));
  } catch {
    return;
  }
}
