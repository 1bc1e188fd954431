/**
 * Names under which practice accounts are shown to others, once their traders have agreed to be shown. A name
 * is plain ASCII, so that it looks like itself everywhere; two names that look alike count as one.
 */
export const NAME_LENGTH_MIN = 3;
export const NAME_LENGTH_MAX = 16;
/** Letters and digits, with single dashes or underscores between them. */
const NAME = /^[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*$/;

/** What was typed is longer than a name could be however it is written: it is not even looked at. */
const TYPED_LENGTH_MAX = 64;

export const NAME_FORM =
  `${NAME_LENGTH_MIN} to ${NAME_LENGTH_MAX} letters and digits, beginning with a letter; ` +
  'single dashes and underscores between them';

/**
 * As the house keeps it: compatibility forms (full width, ligatures, superscripts) become the letters that
 * they stand for. @returns null for what is not of the form of a name then.
 */
export function readName(typed: string): string | null {
  if (typed.length > TYPED_LENGTH_MAX) return null;
  const name = typed.normalize('NFKC').trim();
  const fits = name.length >= NAME_LENGTH_MIN && name.length <= NAME_LENGTH_MAX && NAME.test(name);
  return fits ? name : null;
}

/** Characters that look like another one, to the one that stands for all of them. */
const ALIKE: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  i: 'l',
  j: 'l',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'b',
  '7': 't',
  '8': 'b',
  '9': 'g',
  q: 'g',
  v: 'u',
};
/** Pairs of these that look like one letter. */
const PAIRS: readonly (readonly [RegExp, string])[] = [
  [/rn/g, 'm'],
  [/uu/g, 'w'],
  [/cl/g, 'd'],
];

/** What two names share that are easily taken for each other: compared instead of the names. */
export function skeletonOf(name: string): string {
  let plain = name
    .toLowerCase()
    .replace(/[-_]/g, '')
    .replace(/./g, (letter) => ALIKE[letter] ?? letter);
  for (const [pair, letter] of PAIRS) plain = plain.replace(pair, letter);
  return plain.replace(/(.)\1+/g, '$1');
}

/** Nobody is called so, nor has it in their name: it would speak for the house. */
const NEVER_WITHIN = [
  ...['admin', 'tapgrid', 'support', 'operator', 'moderator', 'official', 'helpdesk'],
  // Nor do others have to read these.
  ...['hitler', 'siegheil', 'heilh', 'holocaust', 'auschwitz', 'kukluxklan'],
].map(skeletonOf);
/** Nobody is called exactly so. */
const NEVER_ALONE = new Set(
  [
    ...['house', 'bank', 'staff', 'team', 'mod', 'owner', 'system', 'root', 'server', 'security', 'help'],
    ...['service', 'bot', 'everyone', 'anyone', 'nobody', 'somebody', 'someone', 'anonymous', 'guest', 'you'],
    ...['null', 'undefined', 'deleted', 'removed', 'winner'],
  ].map(skeletonOf),
);

/** Whether the name could be taken for the house, or for nobody in particular. */
export function isReserved(name: string): boolean {
  const skeleton = skeletonOf(name);
  return NEVER_ALONE.has(skeleton) || NEVER_WITHIN.some((word) => skeleton.includes(word));
}
