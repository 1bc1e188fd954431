import { describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { uncommented } from '../test/tidy/source.ts';
import { OLDEST_BROWSERS, oldestBrowsersText } from '../views/page/oldest-browsers.ts';

/**
 * What the page's modules and style sheets use, compared with MDN's compatibility data for the oldest
 * browsers that the page is made for.
 */
interface Support {
  readonly version_added: string | boolean | null;
  readonly version_removed?: string;
  readonly prefix?: string;
  readonly flags?: unknown;
  readonly alternative_name?: string;
  readonly partial_implementation?: boolean;
}
interface Compat {
  readonly support: Readonly<Record<string, Support | readonly Support[] | undefined>>;
}
interface Entry {
  readonly [key: string]: Entry | undefined;
}
type Kinds = 'at-rules' | 'properties' | 'selectors' | 'types';

const data: {
  readonly css: Readonly<Record<Kinds, Entry>>;
  readonly api: Entry;
  readonly javascript: { readonly builtins: Entry };
} = await Bun.file(join(import.meta.dir, '../node_modules/@mdn/browser-compat-data/data.json')).json();

const OLDEST: readonly (readonly [browser: string, version: string])[] = [
  ['chrome', OLDEST_BROWSERS.Chrome],
  ['chrome_android', OLDEST_BROWSERS.Chrome],
  ['firefox', OLDEST_BROWSERS.Firefox],
  ['safari', OLDEST_BROWSERS.Safari],
  ['safari_ios', OLDEST_BROWSERS.Safari],
  ['samsunginternet_android', OLDEST_BROWSERS['Samsung Internet']],
];

/** Newer than the oldest browsers, and the page stands without it: why. */
const STANDS_WITHOUT: Readonly<Record<string, string>> = {
  ':has': 'differences of looks alone, in rules of their own',
  'color-mix': 'a ground of one colour stands before it where it carries a meaning',
  'text-wrap': 'lines break elsewhere',
  'container-type': 'rows have one height (board/grid.css)',
  '@container': 'rows have one height (board/grid.css)',
  cqh: 'inside @supports, with one height before it (board/grid.css)',
  round: 'inside @supports, with what is not whole before it (board/grid.css)',
  'mask-image': 'price labels end at the edge instead of fading',
  'user-select': 'its prefixed form stands beside it',
  '-webkit-touch-callout': 'Safari alone has what it stops',
  '-webkit-tap-highlight-color': 'a touched cell is shaded for a moment',
  '::-webkit-slider-thumb': 'each engine has its own name beside it',
  '::-webkit-slider-runnable-track': 'each engine has its own name beside it',
  '::-moz-range-thumb': 'each engine has its own name beside it',
  '::-moz-range-track': 'each engine has its own name beside it',
  'accent-color': 'controls have the colour of the system',
  'AbortSignal.timeout': 'page/timeout.js does the same by hand',
  'forced-color-adjust': 'the colours of the reader stand there, too',
  vibrate: 'its switch is hidden where there is none',
  'navigator.vibrate': 'its switch is hidden where there is none',
  outline: 'its corners are square',
  'paint-order': 'the letters of a picture lie on its line',
  'navigator.share': 'the link is copied instead',
  'overscroll-behavior': 'a pull beyond the edge moves the page, as it does on any other',
  'overscroll-behavior-x': 'the same, at the ends of the row of stakes',
  'scrollbar-width': 'its prefixed form stands beside it',
  '::-webkit-scrollbar': 'each engine has its own name beside it',
  inert: 'a notice above the form says the same',
};

/** `[name, entries of the data, any of which may be meant]` of what a style sheet uses. */
function usedInSheet(css: string): [string, Entry[]][] {
  const used = new Map<string, Entry[]>();
  const note = (name: string, ...entries: (Entry | undefined)[]) => {
    const known = entries.filter((entry) => entry !== undefined);
    if (known.length > 0) used.set(name, known);
  };
  for (const [, at = ''] of css.matchAll(/@([a-z-]+)/g)) note(`@${at}`, data.css['at-rules'][at]);
  for (const [, colons, name = ''] of css.matchAll(/[\w\])*\s](::?)([a-z-]+)(?=[\s,{():.)])/g))
    if (data.css.selectors[name] && !new RegExp(`[{;]\\s*[a-z-]+:\\s*${name}`).test(css))
      note(`${colons}${name}`, data.css.selectors[name]);
  for (const [, name = ''] of css.matchAll(/[{;]\s*([a-z-]+)\s*:/g)) note(name, data.css.properties[name]);
  const { types } = data.css;
  const functions = [types, types['color'], types['image'], types['gradient']];
  for (const [, name = ''] of css.matchAll(/([a-z-]+)\(/g)) note(name, ...functions.map((of) => of?.[name]));
  for (const [, unit = ''] of css.matchAll(/\d([a-z]+)\b/g))
    note(unit, types['length']?.[UNIT_FAMILIES.find(([units]) => units.test(unit))?.[1] ?? unit]);
  return [...used];
}

const UNIT_FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^cq/, 'container_query_length_units'],
  [/^dv/, 'viewport_percentage_units_dynamic'],
  [/^sv/, 'viewport_percentage_units_small'],
  [/^lv/, 'viewport_percentage_units_large'],
];

const GLOBALS = data.api;
const { builtins: BUILTINS } = data.javascript;
const isStatic = (of: Entry | undefined, name: string): Entry | undefined =>
  of?.[`${name}_static`] ?? of?.[name];

/** Members by name alone: which object it is a member of is not known, so the oldest of them counts. */
function usedInModule(code: string, own: ReadonlySet<string>): [string, Entry[]][] {
  const used = new Map<string, Entry[]>();
  for (const [, name = ''] of code.matchAll(/(?<![\w$.'"-])([A-Z]\w+)(?=[.(])/g)) {
    const entry = BUILTINS[name] ?? GLOBALS[name];
    if (entry && !own.has(name)) used.set(name, [entry]);
  }
  for (const [, of = '', member = ''] of code.matchAll(
    /(?<![\w$.])([A-Z]\w+|navigator|crypto|document)\??\.(\w+)/g,
  )) {
    const name = { navigator: 'Navigator', crypto: 'Crypto', document: 'Document' }[of] ?? of;
    const entry = isStatic(BUILTINS[name] ?? GLOBALS[name], member);
    if (entry) used.set(`${of}.${member}`, [entry]);
  }
  const every = [...Object.values(BUILTINS), ...Object.values(GLOBALS), GLOBALS];
  for (const [, member = ''] of code.matchAll(/(?<=[\w$)\]?])\??\.(?!#)(\w+)\b/g)) {
    if (own.has(member)) continue;
    const entries = every.map((of) => of?.[member]).filter((entry) => entry !== undefined);
    if (entries.length > 0) used.set(member, entries);
  }
  return [...used];
}

/** Members that these modules make themselves, which some interface of the web has under the same name. */
const ownNames = (code: string): string[] =>
  [
    /\bthis\.(\w+) \??\??=/g,
    /^ {2}(?:async |static |get |set )*(\w+)\([^)]*\) \{/gm,
    /[{,]\s*(\w+):/g,
    /\bdataset\.(\w+)/g,
    /\breadonly (\w+)\??:/g,
    /\bexport class (\w+)/g,
  ].flatMap((pattern) => [...code.matchAll(pattern)].map(([, name = '']) => name));

/** The browsers that are as old as allowed and lack it. */
function lacking(entries: readonly Entry[]): string[] {
  return OLDEST.filter(([browser, oldest]) => entries.every((entry) => !isIn(entry, browser, oldest))).map(
    ([browser, oldest]) => `${browser} ${oldest}`,
  );
}

function isIn(entry: Entry, browser: string, oldest: string): boolean {
  const compat = entry['__compat'] as unknown as Compat | undefined;
  if (compat === undefined) return true;
  const support = compat.support[browser];
  return [support ?? []]
    .flat()
    .some(
      ({ version_added, version_removed, prefix, flags, alternative_name }) =>
        typeof version_added === 'string' &&
        version_removed === undefined &&
        !prefix &&
        !flags &&
        !alternative_name &&
        (version_added === 'preview' ? false : compare(version_added.replace('≤', ''), oldest) <= 0),
    );
}

const compare = (a: string, b: string): number => {
  const [[major = 0, minor = 0], [oldMajor = 0, oldMinor = 0]] = [a, b].map((version) =>
    version.split('.').map(Number),
  ) as [number[], number[]];
  return major - oldMajor || minor - oldMinor;
};

const read = (path: string): Promise<string> => Bun.file(join(import.meta.dir, path)).text();
const files = readdirSync(import.meta.dir, { recursive: true, encoding: 'utf8' }).filter(
  (path) => /\.(css|js)$/.test(path) && !/^vendor|^ops|^css\/ops/.test(path),
);

describe('the oldest browsers', () => {
  test('have what the page uses, or it stands without', async () => {
    const own = new Set((await Promise.all([...files, 'page.d.ts'].map(read))).flatMap(ownNames));
    const newer: Record<string, string> = {};
    const found = new Set<string>();
    for (const path of files) {
      const text = await read(path);
      const used = path.endsWith('.css')
        ? usedInSheet(text.replace(/\/\*[\s\S]*?\*\//g, ''))
        : usedInModule(uncommented(text), own);
      for (const [name, entries] of used) {
        const without = lacking(entries);
        if (without.length === 0) continue;
        found.add(name);
        if (STANDS_WITHOUT[name] === undefined) newer[`${path}: ${name}`] = without.join(', ');
      }
    }
    expect(newer).toEqual({});
    // A reason without its use is out of date.
    expect(Object.keys(STANDS_WITHOUT).filter((name) => !found.has(name))).toEqual([]);
  });

  test('lose no other rule for one that they do not know: `:has` stands in no list', async () => {
    const lists: string[] = [];
    for (const path of files.filter((path) => path.endsWith('.css')))
      for (const [, selector = ''] of (await read(path))
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .matchAll(/([^{};]+)\{/g))
        if (selector.includes(':has(') && withoutBrackets(selector).includes(','))
          lists.push(`${path}: ${selector.trim()}`);
    expect(lists).toEqual([]);
  });

  test('stand in the README', async () => {
    expect(await read('../README.md')).toContain(oldestBrowsersText());
  });
});

function withoutBrackets(text: string): string {
  const inner = text.replace(/\([^()]*\)/g, '');
  return inner === text ? text : withoutBrackets(inner);
}
