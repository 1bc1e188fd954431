import { changesBetween } from '../../server/config-distance.ts';

/** More changes than this make another word. */
const CHANGES_MAX = 2;

/**
 * The known word that was probably meant, or null. Transposed, missing, added and wrong letters count one.
 */
export function nearest(given: string, known: readonly string[]): string | null {
  const begun = known.filter((word) => given.length > 2 && word.startsWith(given));
  const [only] = begun;
  if (only !== undefined && begun.length === 1) return only;
  let best: string | null = null;
  let fewest = Math.min(CHANGES_MAX, Math.floor(given.length / 2));
  for (const word of known) {
    const changes = changesBetween(given, word);
    if (changes < fewest || (changes === fewest && best === null)) [best, fewest] = [word, changes];
  }
  return best;
}
