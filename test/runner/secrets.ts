/** Something in a file that looks like a secret. */
export interface Found {
  readonly kind: string;
  readonly line: number;
}

/**
 * Secrets by the shape that their issuers give them. Tools that look for more take twenty seconds for this
 * tree, and know no key in hex digits.
 */
const SHAPES: readonly (readonly [kind: string, shape: RegExp])[] = [
  ['a private key', /-----BEGIN (?:[A-Z0-9]+ ){0,2}PRIVATE KEY(?: BLOCK)?-----/g],
  ['an access key of AWS', /\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}\b/g],
  ['a secret of AWS', /aws.{0,20}secret.{0,20}['"= ][A-Za-z0-9/+]{40}\b/gi],
  ['a token of GitHub', /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})\b/g],
  ['a token of GitLab', /\bglpat-[\w-]{20,}/g],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['a token of Slack', /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g],
  ['a key of Google', /\bAIza[\w-]{35}\b/g],
  ['a key of Stripe', /\b[rs]k_live_[A-Za-z0-9]{20,}/g],
  ['a signed token', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g],
  ['a private key', /(?:private|secret)_?key['"]?\s*[:=]\s*['"](?:[\w+/-]{43}=?|[\w+/-]{86}(?:==)?)['"]/gi],
  ['a private key', /['"]d['"]\s*:\s*['"][\w-]{43}['"]/g],
];

/** A password in an address: real unless it is computed, stands for one, or leads to nobody else's server. */
const ADDRESS_WITH_PASSWORD =
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@'"`<>$]*:(?![$\\<{%])([^\s/@'"`]+)@(\[[^\]\s]*\]|[\w.-]+)/gi;
const PLACEHOLDER = /^(?:password|passphrase|secret|pass|\*+|x+|\.{3}|…)$/i;
const NOBODY_ELSE = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|(?:[\w-]+\.)*example(?:\.(?:com|net|org))?)$/i;
const isRealPassword = (password: string, host: string): boolean =>
  !PLACEHOLDER.test(password) && !NOBODY_ELSE.test(host.replace(/\.$/, ''));

/** 64 hex digits are a key of a wallet as well as a digest, and only words tell. */
const HEX_KEY = /(?<![0-9a-fA-F])(?:0x)?[0-9a-fA-F]{64}(?![0-9a-fA-F])/g;
const DIGEST_WORDS = /sha-?256|digest|hash/i;
/** A digest is named so in its line or in one of the three before it. */
const DIGEST_LINES = 3;

/** What everybody may know: vectors and constants that were published as such. */
const PUBLISHED: readonly string[] = [
  // The guide of the API: SHA-256 of "a key that everybody knows".
  'ahbGAYQdJj5tcVRsHMt15f-4Rt4YMaQkbcq258OctrM',
  // The order of the group of secp256k1, SEC 2.
  '0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
];

/** Lists of digests, and coordinates of keys that others have published to test with. */
const HEX_IS_KNOWN = /\.sha256$|^test\/vectors\//;

/** @param path of the file from the root: what its digits are. */
export function secretsIn(path: string, text: string): Found[] {
  const lines = text.split('\n');
  const lineOf = (index: number): number => text.slice(0, index).split('\n').length;
  const shaped = SHAPES.flatMap(([kind, shape]) =>
    [...text.matchAll(shape)]
      .filter(([found]) => !PUBLISHED.some((known) => found.includes(known)))
      .map(({ index }) => ({ kind, line: lineOf(index) })),
  );
  const passwords = [...text.matchAll(ADDRESS_WITH_PASSWORD)]
    .filter(([, password = '', host = '']) => isRealPassword(password, host))
    .map(({ index }) => ({ kind: 'a password in an address', line: lineOf(index) }));
  shaped.push(...passwords);
  if (HEX_IS_KNOWN.test(path)) return shaped;
  const keys = [...text.matchAll(HEX_KEY)]
    .filter(([found]) => !PUBLISHED.includes(found) && new Set(found).size > 4)
    .map(({ index }) => lineOf(index))
    .filter((line) => !DIGEST_WORDS.test(lines.slice(Math.max(0, line - 1 - DIGEST_LINES), line).join('\n')))
    .map((line) => ({ kind: 'a key of 64 hex digits', line }));
  return [...shaped, ...keys];
}
