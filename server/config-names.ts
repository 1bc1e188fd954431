import { changesBetween } from './config-distance.ts';
import { CONFIG_KEYS } from './config-keys.ts';

const KNOWN: readonly string[] = Object.values(CONFIG_KEYS).map(({ env }) => env);

/** Names that shells and systems set by themselves and that are close to a key. */
const NOT_MISSPELLED: ReadonlySet<string> = new Set([
  'HOME',
  'POST',
  'SORT',
  'PATH',
  'TERM',
  'COLUMNS',
  'HOSTNAME',
  'HTTP_PROXY',
]);

/** Settings that were, and what became of them: said for as long as one version. */
const FORMER: Readonly<Record<string, string>> = {
  MODEL_STAGE:
    'MODEL_STAGE has no effect any more: each range of multipliers has the margins that the shadow book ' +
    'has proven it to need, wide ones at first, whatever the stage was. Remove the line',
};

/** @returns a sentence on each name that was a setting once. */
export const formerSettings = (names: readonly string[]): string[] =>
  names.flatMap((name) => FORMER[name] ?? []);

/** @returns a sentence on each name that looks like a misspelled key. */
export function misspellings(names: readonly string[]): string[] {
  return names
    .filter(
      (name) => /^[A-Z][A-Z0-9_]{2,40}$/.test(name) && !KNOWN.includes(name) && !NOT_MISSPELLED.has(name),
    )
    .flatMap((name) => {
      const meant = KNOWN.find((key) => changesBetween(name, key) <= (key.length < 6 ? 1 : 2));
      return meant ? [`${name} is not a setting. Did you mean ${meant}?`] : [];
    });
}

/** @returns a sentence on each name in a settings file that is neither a setting nor a misspelled one. */
export const strangers = (names: readonly string[]): string[] =>
  names
    .filter(
      (name) => !KNOWN.includes(name.toUpperCase()) && !(name in FORMER) && misspellings([name]).length === 0,
    )
    .map(
      (name) =>
        `${name} is not a setting and has no effect; set ` +
        'environment variables in a drop-in (systemctl edit tapgrid)',
    );
