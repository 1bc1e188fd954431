/**
 * How many changes make one word of the other: a letter that is transposed, missing, added or wrong is one
 * (optimal string alignment, Damerau-Levenshtein without repeated edits).
 */
export function changesBetween(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, k) => k);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let k = 1; k <= other.length; k++) {
      const [added = 0, missing = 0, kept = 0] = [row[k - 1], last[k], last[k - 1]];
      const isSame = one[i - 1] === other[k - 1];
      const isTransposed = i > 1 && k > 1 && one[i - 1] === other[k - 2] && one[i - 2] === other[k - 1];
      const changes = Math.min(added + 1, missing + 1, kept + (isSame ? 0 : 1));
      row.push(isTransposed ? Math.min(changes, (before[k - 2] ?? 0) + 1) : changes);
    }
    [before, last] = [last, row];
  }
  return last[other.length] ?? 0;
}
