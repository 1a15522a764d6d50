/** The word that was probably meant: within two edits, and a third of its length. Undefined if none is that near. */
export function nearest(typed: string, words: readonly string[]): string | undefined {
  let best: { readonly word: string; readonly edits: number } | undefined;
  for (const word of words) {
    const edits = editsBetween(typed, word);
    if (edits > Math.min(2, Math.floor(word.length / 3))) continue;
    if (!best || edits < best.edits) best = { word, edits };
  }
  return best?.word;
}

/** Levenshtein's distance, in UTF-16 units. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
