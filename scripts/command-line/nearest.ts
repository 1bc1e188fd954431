/** More changes than this make another word. */
const CHANGES_MAX = 2;

/**
 * The known word that was probably meant, or null. Transposed, missing, added and wrong letters count one.
 */
export function nearest(given: string, known: readonly string[]): string | null {
  const begun = known.filter((word) => given.length > 2 && word.startsWith(given));
  if (begun.length === 1) return begun[0]!;
  let best: string | null = null;
  let fewest = Math.min(CHANGES_MAX, Math.floor(given.length / 2));
  for (const word of known) {
    const changes = changesBetween(given, word);
    if (changes < fewest || (changes === fewest && best === null)) [best, fewest] = [word, changes];
  }
  return best;
}

/** Optimal string alignment distance (Damerau-Levenshtein without repeated edits). */
function changesBetween(one: string, other: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, k) => k)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let k = 1; k <= other.length; k++) {
      const same = one[i - 1] === other[k - 1];
      let changes = Math.min(last[k]! + 1, row[k - 1]! + 1, last[k - 1]! + (same ? 0 : 1));
      if (i > 1 && k > 1 && one[i - 1] === other[k - 2] && one[i - 2] === other[k - 1])
        changes = Math.min(changes, before[k - 2]! + 1);
      row.push(changes);
    }
    [before, last] = [last, row];
  }
  return last[other.length]!;
}
