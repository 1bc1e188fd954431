import { describe, expect, test } from 'bun:test';
import { dirname, join, normalize } from 'node:path';
import { BETS } from './store/rows/bet.ts';
import { CONFIG_KEYS } from './config-keys.ts';
import { castsPerThousand } from '../test/tidy/casts.ts';
import { Graph } from '../test/tidy/graph.ts';
import {
  codeOf,
  importsOf,
  isCode,
  isTest,
  readSources,
  uncommented,
  type SourceFile,
} from '../test/tidy/source.ts';
import { unreadSettings } from '../test/tidy/settings.ts';
import { WIDTH_MAX, wideLines } from '../test/tidy/width.ts';

/**
 * The rules of docs/architecture.md on where code may stand, as functions of a file: each gives one complaint
 * per fault.
 */
type Rule = (file: SourceFile) => string[];

const ROOT = join(import.meta.dir, '..');
const LINES_MAX = 300;

/** What only tests need stands in `test/`. */
const isEquipment = (path: string): boolean => path.startsWith('test/');
const isScript = (path: string): boolean => /^(scripts|loadtest|deploy)\//.test(path);

/**
 * What each zone may import besides itself. `main` and `compose` put the parts together; everything else
 * looks down only.
 */
const ZONES: Readonly<Record<string, readonly string[]>> = {
  game: [],
  rows: ['game'],
  proof: ['rows', 'game'],
  ports: ['rows', 'game'],
  config: ['game'],
  views: ['ports', 'game'],
  store: ['proof', 'rows', 'ports', 'game'],
  redis: ['ports', 'game'],
  link: ['ports', 'game'],
  supervisor: ['ports'],
  feed: ['ports', 'game'],
  engine: ['ports', 'game'],
  upkeep: ['proof', 'rows', 'ports', 'game'],
  receipt: ['proof', 'ports', 'game'],
  identity: ['ports', 'game'],
  http: ['views', 'ports', 'game'],
  live: ['views', 'ports', 'game'],
  compose: [
    'http',
    'live',
    'upkeep',
    'receipt',
    'identity',
    'engine',
    'feed',
    'store',
    'redis',
    'link',
    'views',
    'config',
    'ports',
    'game',
  ],
  run: ['supervisor', 'compose', 'upkeep', 'config', 'ports'],
  main: [
    'run',
    'compose',
    'supervisor',
    'http',
    'live',
    'upkeep',
    'receipt',
    'identity',
    'engine',
    'feed',
    'store',
    'redis',
    'link',
    'views',
    'config',
    'ports',
    'game',
  ],
};

/** Folders of the store that whoever reads or proves its rows may import: they ask no database. */
const BELOW_STORE = /^server\/store\/(rows|proof)\//;

/**
 * `server/feed/x.ts` is feed, `server/config-keys.ts` config, `views/x.tsx` views; null for what is outside
 * the server.
 */
function zoneOf(path: string): string | null {
  const below = BELOW_STORE.exec(path);
  if (below !== null) return below[1]!;
  const [top, second = ''] = path.split('/');
  if (top === 'views') return 'views';
  if (top !== 'server') return null;
  return path.split('/').length > 2 ? second : second.replace(/[-.].*$/, '');
}

/** Where a failure of the rule on imports sends its reader. */
const LAYERS = '(layers: docs/architecture.md, "The house")';

const importsPointDown: Rule = ({ path, text }) => {
  if (isTest(path) || !isCode(path)) return [];
  if (path.startsWith('static/')) return browserImports(path, text);
  const zone = zoneOf(path);
  if (zone === null) return [];
  const below = ZONES[zone];
  if (!below) return [`${zone} is not a folder that the architecture knows ${LAYERS}`];
  return importsOf(text).flatMap(({ target }) => {
    if (!target.startsWith('.')) return zone === 'game' ? [`game imports ${target}`] : [];
    const to = normalize(join(dirname(path), target));
    if (/^(package\.json|static\/|migrations\/)/.test(to))
      return zone === 'game' ? [`game imports ${to}`] : [];
    const other = zoneOf(to);
    return other === zone || (other !== null && below.includes(other))
      ? []
      : [`${zone} imports ${to} ${LAYERS}`];
  });
};

/** What runs in a browser has nothing but what the server hands out: files of `static/`. */
const browserImports = (path: string, text: string): string[] =>
  importsOf(text)
    .map(({ target }) => (target.startsWith('.') ? normalize(join(dirname(path), target)) : target))
    .filter((target) => !target.startsWith('static/'))
    .map((target) => `static imports ${target}: a browser gets files of static/ only ${LAYERS}`);

const importsNameTheFile: Rule = ({ path, text }) =>
  isCode(path) && !isTest(path)
    ? importsOf(text)
        .filter(({ target }) => target.startsWith('.') && !/\.\w+$/.test(target))
        .map(({ target }) => `import without extension: ${target}`)
    : [];

const gameIsPure: Rule = ({ path, text }) => {
  if (zoneOf(path) !== 'game' || isTest(path)) return [];
  const impure =
    /\b(?:Date|performance|setTimeout|setInterval|queueMicrotask|Math\s*\.\s*random|crypto|Bun|process|globalThis|fetch|await|async|Promise)\b/g;
  return [...new Set(codeOf(text).match(impure) ?? [])].map((name) => `game names ${name}`);
};

// The benchmark's references are programs of their own, beside which the store is measured; the rehearsal of
// an installation looks into the books with its own eyes.
const SQL_STANDS_IN = /^(?:server\/store|loadtest\/database|deploy)\//;
const sqlStandsInStore: Rule = ({ path, text }) => {
  if (SQL_STANDS_IN.test(path) || isTest(path) || isEquipment(path) || !isCode(path)) return [];
  const sql =
    /\b(?:SELECT\b[^;]{1,400}?\bFROM|INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|(?:CREATE|DROP|ALTER)\s+(?:UNIQUE\s+)?(?:TABLE|INDEX|TRIGGER|VIEW)|PRAGMA\s+\w+|BEGIN\s+IMMEDIATE|VACUUM\s+INTO)|['"]bun:sqlite['"]/g;
  return (uncommented(text).match(sql) ?? []).map((found) => `SQL outside the store: ${found.slice(0, 40)}`);
};

const environmentIsReadByConfig: Rule = ({ path, text }) =>
  path === 'server/config.ts' || isTest(path) || isEquipment(path) || isScript(path) || !isCode(path)
    ? []
    : (codeOf(text).match(/\b(?:process|Bun|import\.meta)\s*\.\s*env\b/g) ?? []).map(
        (found) => `${found} outside server/config.ts`,
      );

/** What may be caught has a code of the closed list, and one function recognises it. */
const failuresHaveCodes: Rule = ({ path, text }) =>
  path === 'server/ports/failure.ts' || isTest(path) || !/^(server|views)\//.test(path)
    ? []
    : (uncommented(text).match(/\bextends\s+Error\b|\.name\s*[!=]==\s*'[A-Z]\w*'/g) ?? []).map(
        (found) => `${found}: a failure is one of server/ports/failure.ts, recognised by isFailure`,
      );

const namesSayWhat: Rule = ({ path }) =>
  path
    .split('/')
    .filter((part) => /^(?:utils?|helpers?|common|types?|libs?|misc|index)$/i.test(part.replace(/\..*$/, '')))
    .map((part) => `a name that says nothing: ${part}`);

const filesAreShort: Rule = ({ path, text }) => {
  const lines = text.trimEnd().split('\n').length;
  const short = isTest(path) || lines <= LINES_MAX;
  return short ? [] : [`${lines} lines, more than ${LINES_MAX}`];
};

/** Of a migration that was applied not one character may change. */
const APPLIED = /^migrations\//;
const linesFit: Rule = (file) =>
  APPLIED.test(file.path)
    ? []
    : wideLines(file).map((line) => `line ${line} is wider than ${WIDTH_MAX} characters`);

/**
 * Words that explain nothing, or stood for several things; the glossary of docs/architecture.md has others.
 */
const METAPHOR_WORDS = 'doors? shelf shelves knock pace standings? threshold told';
const METAPHORS = new RegExp(`^(?:${METAPHOR_WORDS.replaceAll(' ', '|')})$`, 'i');
const isMetaphor = (name: string): boolean =>
  /^ways?$/i.test(name) || name.split(/(?<=[a-z0-9])(?=[A-Z])|_/).some((part) => METAPHORS.test(part));
const namesAreNoMetaphors: Rule = ({ path, text }) => {
  if (!isCode(path)) return [];
  const code = codeOf(text).replace(/>[^<>{}]*</g, ' ');
  const names = [...(code.match(/[A-Za-z_$][\w$]*/g) ?? []), ...path.split(/[/.-]/)];
  return [...new Set(names)].filter(isMetaphor).map((name) => `a metaphor: ${name}`);
};

/** Every parser of an exchange's frames is tried with real ones. */
const parsersHaveTests: Rule = ({ path }) => {
  if (!/^server\/feed\/venues\/[\w-]+\.ts$/.test(path)) return [];
  const test = path.replace(/\.ts$/, '.test.ts');
  return sources.some((file) => file.path === test)
    ? []
    : [`${test} is missing (CONTRIBUTING.md, "Add a venue")`];
};

const noBarrels: Rule = ({ path, text }) =>
  isCode(path) ? (uncommented(text).match(/^export \* from .*$/gm) ?? []) : [];

// The words are put together here so that this file does not accuse itself.
const LATER = new RegExp(`\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK'].join('|')})\\b`, 'g');
const FOCUSED = new RegExp(`\\b(?:test|it|describe)\\.${'on' + 'ly'}\\b`, 'g');
const nothingIsLeftOver: Rule = ({ text }) =>
  [...(text.match(LATER) ?? []), ...(text.match(FOCUSED) ?? [])].map((found) => `left over: ${found}`);

/** But for what runs the tests and the checks. */
const NEEDS_TESTS = ['scripts/test.ts', 'scripts/check.ts'];
const commandsNeedNoTests: Rule = ({ path, text }) =>
  !path.startsWith('scripts/') || isTest(path) || NEEDS_TESTS.includes(path)
    ? []
    : importsOf(text)
        .map(({ target }) => normalize(join(dirname(path), target)))
        .filter((target) => target.startsWith('test/'))
        .map((target) => `a command imports ${target}`);

const ARGUMENTS = 'scripts/command-line/arguments.ts';
const argumentsAreReadInOnePlace: Rule = ({ path, text }) =>
  isCode(path) && !isTest(path) && path !== ARGUMENTS && /\bparseArgs\b/.test(codeOf(text))
    ? [`parseArgs outside ${ARGUMENTS}`]
    : [];

const RULES = {
  importsPointDown,
  importsNameTheFile,
  gameIsPure,
  sqlStandsInStore,
  environmentIsReadByConfig,
  failuresHaveCodes,
  namesSayWhat,
  namesAreNoMetaphors,
  filesAreShort,
  linesFit,
  commandsNeedNoTests,
  argumentsAreReadInOnePlace,
  parsersHaveTests,
  noBarrels,
  nothingIsLeftOver,
} satisfies Record<string, Rule>;

const sources = await readSources(ROOT);

describe('the source keeps the rules', () => {
  test('there is something to look at', () =>
    expect(sources.map(({ path }) => path)).toContain('server/config.ts'));
  test.each(Object.entries(RULES))('%s', (_, rule) =>
    expect(sources.flatMap((file) => rule(file).map((fault) => `${file.path}: ${fault}`))).toEqual([]),
  );
});

const graph = new Graph(sources);
const isProduct = (path: string): boolean => /^(?:server|views|static|scripts)\//.test(path) && !isTest(path);
/** Where the product begins: the server, each command, each kind of page. */
const PRODUCT_ENTRY = /^(?:server\/main\.ts|scripts\/[^/]+\.ts|static\/[^/]+\.js)$/;
/** What people start by hand, and what Bun loads before each test. */
const PROGRAM =
  /^(?:loadtest\/(?:\w+|bench\/bench|page\/(?:measure|sold-in-sight|bot|lighthouse)|jobs\/(?:tail|archive)|database\/postgres|k6\/[\w-]+)|deploy\/rehearse|test\/(?:runner\/chance|crash-oracle\/play|pictures\/take-screenshots))\.ts$/;
/** Lists that tests compare with the product and with the documents. */
const LISTS = ['server/upkeep/integrity/uncovered.ts'];

/** Claims about types per thousand lines that there may be, of the product and of what only tests need. */
const CASTS_MAX = { product: { as: 3.8, bang: 3, any: 0.2 }, tests: { as: 10, bang: 17, any: 3 } };
test.each(Object.entries(CASTS_MAX))('types are shown rather than claimed: %s', (which, max) => {
  const isOfTests = ({ path }: SourceFile): boolean => isTest(path) || isEquipment(path);
  const ofTests = which === 'tests';
  const casts = castsPerThousand(sources.filter((file) => isCode(file.path) && isOfTests(file) === ofTests));
  for (const claim of ['as', 'bang', 'any'] as const)
    expect([claim, casts[claim] <= max[claim], casts[claim]]).toEqual([claim, true, casts[claim]]);
});

describe('the files of the tree need each other', () => {
  test('the product leads to each of its files, without its tests', () =>
    expect(graph.unreached((path) => PRODUCT_ENTRY.test(path) && !isTest(path)).filter(isProduct)).toEqual(
      LISTS,
    ));

  test('a test or a program leads to every other file', () =>
    expect(graph.unreached((path) => isTest(path) || PRODUCT_ENTRY.test(path) || PROGRAM.test(path))).toEqual(
      [],
    ));

  test('no file needs itself when it runs', () => expect(graph.circles()).toEqual([]));

  // A page fetches an entry by its address (static/page/on-demand.js).
  test('another file takes every value that one exports, but for what k6 takes or a page fetches', () =>
    expect(
      graph.unusedExports().filter((name) => !/^(?:loadtest\/k6\/|static\/[^/]+\.js: )/.test(name)),
    ).toEqual([]));
});

describe('a column of a bet', () => {
  const code = sources.filter(({ path }) => path.startsWith('server/') && isCode(path) && !isTest(path));
  const naming = (...names: readonly string[]): string[] =>
    code
      .filter(({ text }) => names.every((name) => new RegExp(`\\b${name}\\b`).test(text)))
      .map(({ path }) => path)
      .sort();
  const heard = BETS.fields.filter(({ field, name }) => field !== name);

  test('is told with all others in its row, and once more where a bet is made', () =>
    expect(naming(...heard.map(({ field, name }) => `(?:${field}|${name})`))).toEqual([
      'server/store/posting/new-bet.ts',
      'server/store/rows/bet.ts',
    ]));

  // Statements take their lists from the row: of these columns only the lock and the closing speak in SQL.
  test.each([
    ['shown_revision', []],
    ['multiplier_max', []],
    ['locked_revision', ['server/store/posting/settling.ts']],
    ['closed_tick', ['server/store/posting/settling.ts']],
  ])('%s is named in SQL by %j', (name, files) => {
    expect(heard.map((field) => field.name)).toContain(name);
    expect(naming(name)).toEqual(files);
  });
});

describe('a setting', () => {
  test('is read by something, each of them', () =>
    expect(
      unreadSettings(Object.keys(CONFIG_KEYS), sources),
      'nothing reads these settings: pass them down, or remove them (CONTRIBUTING.md, "Add a setting")',
    ).toEqual([]));

  test('that only its definition and a test name is found', () =>
    expect(
      unreadSettings(
        ['rows', 'windowMs', 'neverRead'],
        [
          { path: 'server/config/board.ts', text: 'rows: key(), windowMs: key(), neverRead: key()' },
          { path: 'server/config.test.ts', text: 'config.neverRead' },
          { path: 'server/compose.ts', text: "config.rows; const { windowMs } = config; // neverRead\n''" },
        ],
      ),
    ).toEqual(['neverRead']));
});

const BAD: readonly (readonly [rule: keyof typeof RULES, path: string, text: string])[] = [
  ['importsPointDown', 'server/game/odds.ts', "import { a } from '../feed/walk.ts';"],
  ['importsPointDown', 'server/game/odds.ts', "import { a } from 'node:fs';"],
  ['importsPointDown', 'server/game/odds.ts', "import type { a } from '../ports/house.ts';"],
  ['importsPointDown', 'server/feed/walk.ts', "import type { Config } from '../config.ts';"],
  ['importsPointDown', 'server/feed/walk.ts', "export { a } from '../store/ticks.ts';"],
  ['importsPointDown', 'server/store/ledger.ts', "const a = await import('../engine/batcher.ts');"],
  [
    'importsPointDown',
    'server/engine/batcher.ts',
    "new Worker(new URL('../store/writer.ts', import.meta.url))",
  ],
  ['importsPointDown', 'server/http/app.ts', "import { a } from '../live/hub.ts';"],
  ['importsPointDown', 'views/board/board.tsx', "import { a } from '../../server/http/app.ts';"],
  ['importsPointDown', 'server/live/hub.ts', "import { a } from '../compose.ts';"],
  ['importsPointDown', 'server/compose.ts', "import { a } from './main.ts';"],
  ['importsPointDown', 'server/store/ledger.ts', "import { a } from '../../scripts/check.ts';"],
  ['importsPointDown', 'server/stuff/a.ts', ''],
  ['importsPointDown', 'static/live/closings.js', "import { Engine } from '../../server/engine/engine.ts';"],
  ['importsPointDown', 'static/live/closings.js', "import { z } from 'zod';"],
  ['importsPointDown', 'static/live/closings.js', "const a = await import('../../views/clock.ts');"],
  ['importsNameTheFile', 'server/feed/walk.ts', "import { a } from './feed';"],
  ...[
    'Date.now()',
    'new Date()',
    'performance.now()',
    'Math.random()',
    'crypto.randomUUID()',
    'Bun.hash(x)',
    'async () => {}',
    'await x',
    'process.exit()',
    '`${Date.now()}`',
  ].map((text) => ['gameIsPure', 'server/game/odds.ts', text] as const),
  ...[
    "'SELECT id FROM bet'",
    '`UPDATE account\n SET balance = 1`',
    "'INSERT INTO ledger VALUES'",
    "'DELETE FROM bet'",
    "'PRAGMA journal_mode'",
    "from 'bun:sqlite'",
  ].map((text) => ['sqlStandsInStore', 'server/engine/resolver.ts', text] as const),
  ['sqlStandsInStore', 'scripts/verify-ledger.ts', "'SELECT 1 FROM bet'"],
  ['environmentIsReadByConfig', 'server/main.ts', 'process.env.PORT'],
  ['environmentIsReadByConfig', 'server/config-text.ts', 'Bun.env.PORT'],
  ['failuresHaveCodes', 'server/store/cursor.ts', 'class BadCursor extends Error {}'],
  ['failuresHaveCodes', 'server/http/gate.ts', "error instanceof Error && error.name === 'BadCursor'"],
  ['namesSayWhat', 'server/feed/utils.ts', ''],
  ['namesAreNoMetaphors', 'server/upkeep/archive/door.ts', ''],
  ['namesAreNoMetaphors', 'server/live/hub.ts', 'const toldAt = 0;'],
  ['namesAreNoMetaphors', 'server/live/hub.ts', 'type Way = string;'],
  ['namesSayWhat', 'server/lib/feed.ts', ''],
  ['namesSayWhat', 'views/types.d.ts', ''],
  ...[
    `const a = '${'word '.repeat(22)}';`,
    `// ${'word '.repeat(22)}`,
    `call(${'value, '.repeat(16)}value);`,
    `const a = \`${'word '.repeat(22)}\`;`,
    `const a = \`\n\`;\nconst b = '${'word '.repeat(22)}';`,
  ].map((text) => ['linesFit', 'server/feed/walk.ts', text] as const),
  ['linesFit', 'server/feed/walk.test.ts', `const title = '${'word '.repeat(22)}';`],
  ['filesAreShort', 'static/board.css', 'a{}\n'.repeat(LINES_MAX + 1)],
  ['commandsNeedNoTests', 'scripts/commands/halt.ts', "import { a } from '../../test/stage/command.ts';"],
  ['argumentsAreReadInOnePlace', 'loadtest/swarm.ts', "import { parseArgs } from 'node:util';"],
  ['parsersHaveTests', 'server/feed/venues/unknown.ts', ''],
  ['noBarrels', 'server/feed/feeds.ts', "export * from './walk.ts';"],
  ['nothingIsLeftOver', 'server/feed/walk.ts', `// ${'TO' + 'DO'}: later`],
  ['nothingIsLeftOver', 'server/feed/walk.test.ts', `test.${'on' + 'ly'}('x', () => {})`],
];
test.each(BAD)('%s catches it in %s: %j', (rule, path, text) =>
  expect(RULES[rule]({ path, text })).toHaveLength(1),
);

const GOOD: readonly (readonly [path: string, text: string])[] = [
  ['server/feed/walk.ts', `const a = '${'w'.repeat(120)}';`],
  ['server/feed/walk.ts', `const a = /^(?:${'one word |'.repeat(12)}nothing)$/;`],
  ['server/feed/walk.ts', `const a = \`first\n${'word '.repeat(30)}\n\`;`],
  ['server/feed/walk.ts', `const a = \`\${b ? \`c\` : 'd'}\n${'word '.repeat(30)}\`;`],
  ['server/feed/walk.test.ts', `test('${'word '.repeat(30)}', async () => {`],
  [
    'server/game/odds.ts',
    "import type { Tick } from './tick.ts'; // Date, await and crypto are named in a comment\nconst " +
      "text = 'async Date';",
  ],
  [
    'server/engine/market.ts',
    "import { a } from '../game/formula.ts'; import type { Board } from '../ports/events.ts';\n" +
      "import { b } from './ticker.ts'; import pino from 'pino';",
  ],
  [
    'server/http/app.ts',
    "import { a } from '../../views/board/board.tsx'; import { version } from '../../package.json';",
  ],
  ['server/compose.ts', "import { a } from './store/ledger.ts'; import { b } from './config.ts';"],
  ['static/live/closings.js', "import { a } from '../page/moments.js';"],
  ['static/live/closings.test.ts', "import { a } from '../../server/live/limits.ts';"],
  ['server/feed/venues/kraken.ts', ''],
  ['server/main.ts', "import { a } from './compose.ts'; import { b } from './config-text.ts';"],
  ['server/config.ts', "process.env; import { a } from './config-keys.ts';"],
  ['server/store/bets.ts', "import { Database } from 'bun:sqlite'; db.query('SELECT * FROM bet')"],
  ['server/engine/market.test.ts', "import { a } from '../store/ledger.ts'; process.env.X"],
  ['scripts/check.ts', "import { a } from '../test/runner/checks.ts';"],
  ['scripts/commands/halt.test.ts', "import { a } from '../../test/stage/command.ts';"],
  ['views/rules.tsx', '<p>Select one FROM the list and update a SET</p>'],
  ['server/feed/socket.ts', "const url = new URL('wss://venue.example/x'); await import('./walk.ts');"],
];
test.each(GOOD)('%s is left in peace: %j', (path, text) =>
  expect(Object.values(RULES).flatMap((rule) => rule({ path, text }))).toEqual([]),
);
