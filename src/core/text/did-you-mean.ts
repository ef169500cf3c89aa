/** ` (did you mean "x"?)` for the known word that is most like a mistyped one; empty if none is close. */
export function didYouMean(given: string, known: readonly string[]): string {
  const wanted = given.toLowerCase();
  let nearest: string | null = null;
  // One letter of three may be wrong, two of four to six, and then every third.
  let best = Math.max(Math.min(2, given.length - 2), given.length / 3);
  for (const word of known) {
    const distance = editDistance(wanted, word.toLowerCase());
    if (distance > best || (distance === best && nearest !== null)) continue;
    [nearest, best] = [word, distance];
  }
  return nearest === null ? '' : ` (did you mean "${nearest}"?)`;
}

/** Insertions, deletions and replacements (Levenshtein). Names are short: longer texts are not worth a suggestion. */
function editDistance(a: string, b: string): number {
  if (a.length > 60) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
