import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CONFIG_KEYS } from './config-keys.ts';
import { loadConfig } from './config.ts';
import { CONSENSUS_DEFAULTS } from './feed/consensus.ts';
import type { Bet } from './game/bet.ts';
import { FAST_MS, FAST_SHOCK, PAUSE_MS, PAUSE_SHOCK } from './game/market-mood.ts';
import {
  dollars,
  formatDollars,
  micros,
  type Micros,
  multiplier,
  type Multiplier,
  payoutOf,
} from './game/money.ts';
import {
  EDGE,
  FAST_MARKET_EDGE,
  FIRST_WEEKS,
  MARGIN,
  MULTIPLIER_MAX,
  MULTIPLIER_MIN,
  ORDINARY,
} from './game/formula.ts';
import { marginsOf, UNPROVEN_MARGINS } from './game/learned/sale.ts';
import { WIDEST_MARGINS } from './game/quote-terms.ts';
import { quotedReturn, type QuotedTerms } from './game/returns.ts';
import { AFTER_MS, BEFORE_MS, HEADLINE_CAP, HEADLINE_EDGE } from './game/headline.ts';
import { cents, type Cents } from './game/price.ts';
import { RULE_VERSION, type PathPoint } from './game/path.ts';
import { resolve } from './game/resolution.ts';
import { defaultWindow } from './game/boards.ts';
import { DEFAULT_TERMS } from './game/terms.ts';
import { WARM_SECONDS } from './game/volatility.ts';
import { GUARD_PERCENT_MAX, GUARD_PERCENT_MIN, LOOSEN_AFTER_MS } from './game/own-limits.ts';
import { termsText } from './ports/terms-shape.ts';

const ROOT = join(import.meta.dir, '..');
const loaded = loadConfig({});
if ('errors' in loaded) throw new Error('the defaults are wrong');
const config = loaded.ok;

const seconds = (ms: number): string => `${ms / 1000} s`;
const percent = (value: number): string => `${Number(value.toFixed(3))} %`;
const times = (hundredths: number): string => `${hundredths / 100}×`;
const money = (amount: Micros): string => formatDollars(amount).replace(/\.00$/, '');
const returned = (hundredths: number, terms: QuotedTerms): string =>
  (100 * quotedReturn(hundredths, terms)).toFixed(1);
const keeps = (hundredths: number, terms: QuotedTerms): string =>
  `${(100 - Number(returned(hundredths, terms))).toFixed(1)} %`;
const points = (share: number): string => `${Number((share * 100).toFixed(3))}`;

/** What stands before `<!-- name -->` in a document. */
const NUMBERS: Readonly<Record<string, string>> = {
  ruleVersion: `${RULE_VERSION}`,
  windowMs: seconds(defaultWindow(config.windows)),
  columnsAhead: `${config.columnsAhead}`,
  rows: `${config.rows}`,
  tickMs: seconds(config.tickMs),
  quotesPerSecond: `${1000 / (config.tickMs * config.quoteEveryTicks)}`,
  maxGapMs: seconds(config.maxGapMs),
  holdMs: seconds(config.holdMs),
  quoteTtlMs: seconds(config.quoteTtlMs),
  quoteTickAgeMsMax: seconds(config.quoteTickAgeMsMax),
  guardPercent: percent(config.guardPercent),
  loosenHours: `${LOOSEN_AFTER_MS / 3_600_000} hours`,
  guardPercentMin: percent(GUARD_PERCENT_MIN),
  guardPercentMax: percent(GUARD_PERCENT_MAX),
  quoteTolerancePercent: percent(config.quoteTolerancePercent),
  multiplierMin: times(MULTIPLIER_MIN),
  multiplierMax: times(MULTIPLIER_MAX),
  edge: percent(EDGE * 100),
  margin: percent(MARGIN * 100),
  unprovenEdgeMin: percent(marginsOf({ trust: 'provisional', halfWidth: 0 }).edge * 100),
  unprovenEdge: percent(UNPROVEN_MARGINS.edge * 100),
  unprovenMargin: percent(UNPROVEN_MARGINS.margin * 100),
  widestEdge: percent(WIDEST_MARGINS.edge * 100),
  coldEdgePoints: points(FIRST_WEEKS.edge - EDGE),
  firstCap: times(FIRST_WEEKS.capHundredths),
  warmMinutes: `${WARM_SECONDS / 60} min`,
  fastShock: `${FAST_SHOCK}`,
  fastEdgePoints: `${FAST_MARKET_EDGE * 100}`,
  fastMs: seconds(FAST_MS),
  headlineEdgePoints: `${HEADLINE_EDGE * 100}`,
  headlineCap: times(HEADLINE_CAP),
  headlineBefore: `${BEFORE_MS / 60_000} min`,
  headlineAfter: `${AFTER_MS / 60_000} min`,
  pauseShock: `${PAUSE_SHOCK}`,
  pauseMs: seconds(PAUSE_MS),
  ...Object.fromEntries(
    [190, 340, 900, 2500].flatMap((at) => [
      [`return${at}`, `${returned(at, ORDINARY)} %`],
      [`keeps${at}`, keeps(at, ORDINARY)],
      [`newReturn${at}`, `${returned(at, UNPROVEN_MARGINS)} %`],
      [`newKeeps${at}`, keeps(at, UNPROVEN_MARGINS)],
    ]),
  ),
  stakes: config.stakesMicros.map(money).join(', '),
  openBetsMax: `${config.openBetsMax}`,
  betsPerCellMax: `${config.betsPerCellMax}`,
  accountPercent: percent(config.exposureAccountPercent),
  cellPercent: percent(config.exposureCellPercent),
  columnPercent: percent(config.exposureColumnPercent),
  totalPercent: percent(config.exposureTotalPercent),
  keyStake: money(config.keyStakeMicrosMax),
  keyDaily: money(config.keyDailyCapMicros),
  practiceGrant: money(config.practiceGrantMicros).slice(1),
  outlierPercent: percent(CONSENSUS_DEFAULTS.outlierShare * 100),
  quorum: `${config.quorum}`,
  batchTapsMax: `${config.batchTapsMax}`,
  queueTapsMax: config.queueTapsMax.toLocaleString('en-US'),
  tapsPerSignatureMax: `${config.tapsPerSignatureMax}`,
  deadlineMsMax: seconds(config.deadlineMsMax),
  sessionHours: `${config.sessionHours} h`,
  sessionIdleMinutes: `${config.sessionIdleMinutes} min`,
  challengeMinutes: `${config.challengeMinutes} min`,
  challengeTries: `${config.challengeTries}`,
  staleDegradedMs: seconds(config.staleDegradedMs),
  staleOpenMs: seconds(config.staleOpenMs),
  breakerHysteresisMs: seconds(config.breakerHysteresisMs),
  examplePayout: money(payoutOf(dollars(5), multiplier(235))),
  exampleProfit: money(micros(payoutOf(dollars(5), 235 as Multiplier) - dollars(5))),
};

interface Marked {
  readonly name: string;
  readonly before: string;
}

const marksOf = (text: string): Marked[] =>
  [...text.matchAll(/<!-- (\w+) -->/g)].map((match) => ({
    name: match[1]!,
    before: text.slice(Math.max(0, match.index - 60), match.index).replace(/\s+/g, ' '),
  }));

/**
 * `256<!-- engine/batch-size.ts SETTLEMENTS_MAX -->`: a bound that is private to its file is read from its
 * source.
 */
const boundsOf = (
  text: string,
): { readonly file: string; readonly name: string; readonly before: string }[] =>
  [...text.matchAll(/<!-- ([\w/.-]+\.ts) (\w+) -->/g)].map((match) => ({
    file: match[1]!,
    name: match[2]!,
    before: text.slice(Math.max(0, match.index - 40), match.index),
  }));

/** The number that a source gives to a name, products multiplied out; null when it gives none. */
function numberIn(source: string, name: string): number | null {
  const found = new RegExp(
    `\\b${name}(?:\\s*:\\s*|(?::[^=\\n]*)?\\s*=\\s*)(\\d[\\d_.]*(?:\\s*\\*\\s*\\d[\\d_.]*)*)`,
  ).exec(source)?.[1];
  return found === undefined
    ? null
    : found.split('*').reduce((product, factor) => product * Number(factor.trim().replaceAll('_', '')), 1);
}

/** Ways to write a number of something, ms, bytes or a share. */
const renderings = (value: number): string[] => [
  value.toLocaleString('en-US'),
  `${value} ms`,
  seconds(value),
  `${value / 60_000} min`,
  `${value / 1024} KiB`,
  `${value / 1024 ** 2} MiB`,
  `${value / 1024 ** 3} GiB`,
  percent(value * 100),
];

const isWritten = (before: string, expected: string): boolean =>
  before.endsWith(expected) && !/[\d.,]$/.test(before.slice(0, -expected.length));

async function boundFaultsOf(text: string): Promise<string[]> {
  const faults: string[] = [];
  for (const { file, name, before } of boundsOf(text)) {
    const value = numberIn(await textOf(`server/${file}`), name);
    if (value === null) faults.push(`${file} has no number ${name}`);
    else if (!renderings(value).some((written) => isWritten(before, written)))
      faults.push(`${name} in ${file} is ${value}, the document says …${before.slice(-20)}`);
  }
  return faults;
}

/** One complaint a mark that does not say what the constant says. */
const faultsOf = (text: string): string[] =>
  marksOf(text).flatMap(({ name, before }) => {
    const expected = NUMBERS[name];
    if (expected === undefined) return [`there is no number ${name}`];
    return isWritten(before, expected)
      ? []
      : [`${name} is ${expected}, the document says …${before.slice(-20)}`];
  });

const documents = [
  ...new Bun.Glob('{README,CONTRIBUTING,SECURITY,CHANGELOG}.md').scanSync(ROOT),
  ...new Bun.Glob('docs/**/*.md').scanSync(ROOT),
].sort();
const textOf = (path: string): Promise<string> => Bun.file(join(ROOT, path)).text();

describe('numbers in documents are those of the code', () => {
  test.each(documents)('%s', async (path) => {
    const text = await textOf(path);
    expect([...faultsOf(text), ...(await boundFaultsOf(text))]).toEqual([]);
  });

  test.each([
    ['256<!-- engine/batch-size.ts SETTLEMENTS_MAX -->', 0],
    ['257<!-- engine/batch-size.ts SETTLEMENTS_MAX -->', 1],
    ['1,256<!-- engine/batch-size.ts SETTLEMENTS_MAX -->', 1],
    ['1<!-- engine/batcher.ts NO_SUCH_NAME -->', 1],
    ['16 KiB<!-- http/body.ts BODY_BYTES_MAX -->', 0],
    ['5 s<!-- feed/socket.ts connectMsMax -->', 0],
  ])('the bound %j has %d faults', async (text, faults) =>
    expect(await boundFaultsOf(text)).toHaveLength(faults),
  );

  test('the rules quote what a trader must know', async () => {
    const named = new Set(marksOf(await textOf('docs/rules.md')).map(({ name }) => name));
    for (const name of [
      'windowMs',
      'maxGapMs',
      'holdMs',
      'guardPercent',
      'edge',
      'margin',
      'multiplierMax',
      'stakes',
      'return2500',
      'unprovenEdge',
      'unprovenMargin',
      'newReturn900',
      'widestEdge',
    ])
      expect(named).toContain(name);
  });

  test('the terms of default settings are those of the code', async () => {
    const block = /<!-- terms:start -->\s*```json\n([\s\S]*?)```\s*<!-- terms:end -->/.exec(
      await textOf('docs/receipts.md'),
    )![1]!;
    expect(JSON.stringify(JSON.parse(block))).toBe(termsText(DEFAULT_TERMS));
  });

  test.each([
    ['a window of 6 s<!-- windowMs -->', 1],
    ['a window of 15 s<!-- windowMs -->', 1],
    ['a window of 5 s<!-- windowMs -->', 0],
    ['5 s<!-- windowMs --> and 80 %<!-- nothing -->', 1],
  ])('%j has %d faults', (text, faults) => expect(faultsOf(text)).toHaveLength(faults));
});

test('the guard in the configuration has the bounds that the page offers', () => {
  for (const [text, taken] of [
    [GUARD_PERCENT_MIN, true],
    [GUARD_PERCENT_MAX, true],
    [GUARD_PERCENT_MIN - 1, false],
    [GUARD_PERCENT_MAX + 1, false],
  ] as const)
    expect(CONFIG_KEYS.guardPercent.value.parse(`${text}`) !== undefined).toBe(taken);
});

test('every dependency has its reason, and no reason is left over', async () => {
  const manifest = await Bun.file(join(ROOT, 'package.json')).json();
  const table = /<!-- dependencies:start -->([\s\S]*)<!-- dependencies:end -->/.exec(
    await textOf('docs/architecture.md'),
  )![1]!;
  const named = [...table.matchAll(/^\| `([^`]+)` \| \S/gm)].map((match) => match[1]!);
  expect(named.sort()).toEqual(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).sort());
});

test('every page that a document links to, and every script that it names, is there', async () => {
  const missing: string[] = [];
  for (const path of documents)
    for (const [, link, script] of (await textOf(path)).matchAll(
      /(?<!!\[[^\]]*)\]\((?!https?:|#)([^)#\s]+)[^)]*\)|`(scripts\/[\w-]+\.(?:ts|sh))`/g,
    )) {
      const target = link === undefined ? join(ROOT, script!) : join(ROOT, dirname(path), link);
      if (!existsSync(target)) missing.push(`${path} → ${link ?? script}`);
    }
  expect(missing).toEqual([]);
});

/** Numbers of steps and points that neither begin a list nor follow the one before. */
function misnumbered(text: string): string[] {
  let before = 0;
  const faults: string[] = [];
  for (const [, number = '', title = ''] of text.matchAll(/^(\d+)\. (.{0,40})/gm)) {
    if (Number(number) !== 1 && Number(number) !== before + 1) faults.push(`${number}. ${title}`);
    before = Number(number);
  }
  return faults;
}

test('points of a list are numbered without a hole or a number twice, in every document', async () => {
  expect(misnumbered('1. a\n2. b\n\n1. c\n2. d')).toEqual([]);
  expect(misnumbered('1. a\n2. b\n2. c\n4. d')).toEqual(['2. c', '4. d']);
  const faults = documents.map(async (path) =>
    misnumbered(await textOf(path)).map((fault) => `${path}: ${fault}`),
  );
  expect((await Promise.all(faults)).flat()).toEqual([]);
});

const START = Date.UTC(2026, 0, 1, 12, 0, 10);
const CELL: Bet['cell'] = {
  startMs: START,
  windowMs: defaultWindow(config.windows),
  low: cents(7_602_000),
  high: cents(7_603_000),
};

/** Ticks as `[tenths of a second after 12:00:10, dollars]`, and quiet ones in between at the price before. */
function path(...points: readonly (readonly [tenths: number, price: number])[]): PathPoint[] {
  return points.map(([tenths, price], index) => ({
    seq: index + 1,
    at: START + tenths * 100,
    price: Math.round(price * 100) as Cents,
    sources: [],
  }));
}
const flat = (from: number, to: number, price: number): [number, number][] =>
  Array.from({ length: to - from + 1 }, (_, index) => [from + index, price]);

/** The same, made by exchanges at these dollars. */
const madeBy = (venues: Readonly<Record<string, number>>, ticks: PathPoint[]): PathPoint[] =>
  ticks.map((tick) => ({
    ...tick,
    sources: Object.entries(venues).map(([venue, price]) => ({
      venue,
      price: Math.round(price * 100) as Cents,
    })),
  }));

/** Each row of the table of examples in docs/rules.md. */
const EXAMPLES: readonly (readonly [
  row: string,
  ticks: PathPoint[],
  until: number,
  outcome: string,
  at: number,
])[] = [
  ['76,024.00 at 12:00:09.9, nothing', path([-1, 76_024], [1, 76_010]), 10, 'won', 0],
  [
    '76,024.00 at 12:00:09.9, then 76,034.00 at 12:00:10.0',
    path([-1, 76_024], ...flat(0, 50, 76_034)),
    50,
    'lost',
    50,
  ],
  ['76,012.00 at 12:00:09.9, then 76,021.00 at 12:00:10.0', path([-1, 76_012], [0, 76_021]), 0, 'won', 0],
  [
    '76,012.00 at 12:00:09.9, then 76,034.50 at 12:00:10.0',
    path([-1, 76_012], ...flat(0, 50, 76_034.5)),
    50,
    'lost',
    50,
  ],
  [
    '76,018.40 at 12:00:12.3, then 76,021.10',
    path(...flat(-1, 22, 76_012), [23, 76_018.4], [24, 76_021.1]),
    24,
    'won',
    24,
  ],
  ['76,012.00 at 12:00:12.3, then 76,034.50', path(...flat(-1, 23, 76_012), [24, 76_034.5]), 24, 'won', 24],
  ['the highest tick is 76,019.99', path(...flat(-1, 50, 76_019.99)), 50, 'lost', 50],
  ['76,020.00 at 12:00:14.9', path(...flat(-1, 48, 76_012), [49, 76_020]), 49, 'won', 49],
  ['76,019.00 at 12:00:14.9, then 76,021.00', path(...flat(-1, 49, 76_019), [50, 76_021]), 50, 'lost', 50],
  [
    '76,012.00 until 12:00:11.0, nothing for 3.5 s, then 76,012.00',
    path(...flat(-1, 10, 76_012), ...flat(45, 50, 76_012)),
    50,
    'void',
    50,
  ],
  [
    '76,012.00 at 12:00:11.0, nothing for 3.5 s, then 76,034.50',
    path(...flat(-1, 10, 76_012), ...flat(45, 50, 76_034.5)),
    50,
    'void',
    50,
  ],
  [
    'A, B, C at 76,012, 76,012, 76,060 at 12:00:12.3',
    [
      ...madeBy({ A: 76_012, B: 76_012, C: 76_060 }, path(...flat(-1, 23, 76_012))),
      ...madeBy({ B: 76_060, C: 76_060 }, path(...flat(24, 50, 76_060))),
    ],
    50,
    'lost',
    50,
  ],
  ['76,021.00 at 12:00:10.7, then nothing', path(...flat(-1, 6, 76_012), [7, 76_021]), 207, 'won', 7],
];

test('each version of the changelog has each section once, in its order, and no line twice', async () => {
  const versions = (await textOf('CHANGELOG.md')).split(/^## /m).slice(1);
  for (const version of versions) {
    const [name = '', ...lines] = version.split('\n');
    const sections = lines.filter((line) => line.startsWith('### ')).map((line) => line.slice(4));
    const order = ['Added', 'Changed', 'Fixed', 'Security', 'Not in it yet'].filter((section) =>
      sections.includes(section),
    );
    expect([name, sections]).toEqual([name, order]);
    const entries = lines.filter((line) => line.startsWith('- '));
    expect([name, entries.length]).toEqual([name, new Set(entries).size]);
  }
});

describe('the examples of docs/rules.md end as it says', () => {
  test.each(EXAMPLES)('%s', async (row, ticks, until, outcome, at) => {
    const line = (await textOf('docs/rules.md')).split('\n').find((one) => one.includes(row));
    expect(line).toContain(`**${outcome}**`);
    const resolved = resolve(
      CELL,
      ticks,
      { version: RULE_VERSION, maxGapMs: config.maxGapMs },
      START + until * 100,
    );
    expect(resolved).toMatchObject({ outcome, at: START + at * 100 });
  });

  test('by version 1 all three with a tick at the opening were won, as it says', () => {
    const atOpening = EXAMPLES.filter(([row]) => row.includes('at 12:00:10.0'));
    expect(atOpening).toHaveLength(3);
    for (const [row, ticks, until] of atOpening)
      expect([
        row,
        resolve(CELL, ticks, { version: 1, maxGapMs: config.maxGapMs }, START + until * 100).outcome,
      ]).toEqual([row, 'won']);
  });

  test('no row is left out', async () => {
    const rows = (await textOf('docs/rules.md'))
      .split('\n')
      .filter((line) => /\| \*\*(won|lost|void)\*\*/.test(line));
    expect(rows).toHaveLength(EXAMPLES.length);
  });
});
