/** Measures the pipeline and its references in one go. See --help. */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { end, givenAlone } from '../../scripts/command-line/alone.ts';
import { EXIT, exitOf } from '../../scripts/command-line/exit-codes.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { measurePostgres, type PostgresFigure } from '../database/postgres.ts';
import { measureBoards } from './boards.ts';
import { measureEdges } from './edges.ts';
import { measureFanout } from './fanout.ts';
import { measureFlood } from './flood.ts';
import { measureGrowth } from './growth.ts';
import { measureOverload } from './overload.ts';
import { pageOf } from './page.ts';
import { measureLogins, measureQuotes } from './quotes.ts';
import type { Report } from './report.ts';
import { measureResolution } from './resolution.ts';
import { FULL, QUICK, type Sizes } from './sizes.ts';
import { measureSoak, type SoakSetting } from './soak.ts';
import { rounded } from './spread.ts';
import { measureIdle } from './idle.ts';
import { textOf } from './table.ts';
import { measureTaps } from './taps.ts';

/**
 * What a quick run does; a full one overloads the server and measures an engine with an edge besides. Soak
 * and growth come with options of their own, and a flood when it alone is asked for.
 */
const SECTIONS = ['taps', 'postgres', 'resolution', 'fanout', 'boards', 'quotes', 'standing'] as const;
const MORE_SECTIONS = ['overload', 'edges', 'flood', 'soak', 'growth'] as const;
type Section = (typeof SECTIONS)[number] | (typeof MORE_SECTIONS)[number];

const SOAK_MINUTES_MAX = 24 * 60;

interface Options {
  readonly sizes: Sizes;
  readonly json: string | null;
  readonly html: string | null;
  readonly sections: readonly Section[];
  readonly soak: SoakSetting;
  readonly filled: string | null;
}

const options = read();
const began = performance.now();
const wants = (section: Section): boolean => options.sections.includes(section);
const { sizes } = options;

const taps = wants('taps') ? await measureTaps(sizes, say) : null;
const postgres: PostgresFigure = wants('postgres')
  ? await measurePostgres(sizes.postgresSeconds)
  : { skipped: 'not asked for' };
if ('rate' in postgres)
  say(
    `PostgreSQL without signatures: ${Math.round(postgres.rate)} bets/s one by one, ` +
      `${Math.round(postgres.batchedRate)} in batches`,
  );
else if (wants('postgres')) say(`PostgreSQL is skipped: ${postgres.skipped}`);
const report: Report = {
  taps: {
    ...(taps ?? {}),
    postgres:
      'rate' in postgres
        ? {
            ...postgres,
            rate: rounded(postgres.rate),
            batchedRate: rounded(postgres.batchedRate),
            ratio: taps?.socket ? rounded(taps.socket.rate / postgres.rate, 3) : null,
            batchedRatio: taps?.socket ? rounded(taps.socket.rate / postgres.batchedRate, 3) : null,
          }
        : { rate: null, ratio: null, batchedRate: null, batchedRatio: null, ...postgres },
  },
  overload: wants('overload') ? await measureOverload(sizes, say) : [],
  edges: wants('edges') ? await measureEdges(sizes, sizes === FULL, say) : null,
  flood: wants('flood') ? await measureFlood(sizes, say) : null,
  resolution: wants('resolution') ? measureResolution(sizes.openBets, sizes.rounds) : [],
  fanout: wants('fanout') ? await measureFanout(sizes, say) : [],
  boards: wants('boards') ? await measureBoards(sizes, say) : [],
  quotes: wants('quotes') ? await measureQuotes(sizes.quoteSeconds) : null,
  login: wants('quotes') ? await measureLogins(sizes.quoteSeconds) : null,
  soak: wants('soak') ? await measureSoak(options.soak, say) : null,
  growth: wants('growth') ? await measureGrowth(options.filled!, sizes, say) : null,
  ...(wants('standing') ? await measureIdle(sizes) : { start: null, memory: null }),
  run: {
    at: new Date().toISOString(),
    bun: Bun.version,
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? '',
    quick: sizes === QUICK,
    seconds: Math.round((performance.now() - began) / 1000),
  },
};
say(`\n${textOf(report)}`);
if (options.json) await Bun.write(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.html) await Bun.write(options.html, pageOf(report));
process.exit(exitOf((report.flood?.broken ?? []).length === 0));

function read(): Options {
  const { options: given } = givenAlone('bun loadtest/bench/bench.ts', {
    about:
      'Starts servers of its own on loopback, loads them, and prints what it measured: medians, ' +
      'least and most, ' +
      'and ratios to references of the same run.',
    options: {
      quick: { about: 'small sizes, two rounds, no overload' },
      json: { value: '<file>', about: 'the figures as JSON' },
      html: { value: '<file>', about: 'a page with charts' },
      only: {
        value: '<section>',
        choices: [...SECTIONS, ...MORE_SECTIONS],
        about: `one of ${[...SECTIONS, ...MORE_SECTIONS].join(', ')}`,
      },
      soak: {
        value: '<minutes>',
        about: 'also an even load for so many minutes: does memory stay flat? 20 say so',
      },
      rate: { value: '<n>', whole: [1, 5000], fallback: '500', about: 'taps a second of the soak' },
      with: {
        value: '<folder>',
        about:
          'also growth: start, memory, pages and taps on a copy of this data folder beside an empty one; ' +
          'loadtest/growth/fill.ts makes one',
      },
    },
    notes: `It is what "npm run bench" runs. The full run takes about ten minutes, --quick less than a minute. Nothing
else should run on the machine. A flood is measured by --only flood alone: it takes all that a machine has.`,
    examples: ['--quick', '--only taps --json taps.json', '--only flood'],
    exits: { 0: 'measured', 1: 'a flood cost more than it may' },
    json: false,
  });
  const filled = given.with ?? null;
  if (filled !== null && !existsSync(join(filled, DATABASE_FILE)))
    end(`${filled} holds no ${DATABASE_FILE}`, EXIT.usage);
  const asked: Section[] = [
    ...SECTIONS,
    ...(given.quick ? [] : (['overload', 'edges'] as const)),
    ...(given.soak === undefined ? [] : (['soak'] as const)),
    ...(filled === null ? [] : (['growth'] as const)),
  ];
  const sections = given.only === undefined ? asked : [given.only];
  if (sections.includes('growth') && filled === null) end('growth needs --with <data folder>', EXIT.usage);
  const minutes = Number(given.soak ?? '20');
  if (!(minutes > 0 && minutes <= SOAK_MINUTES_MAX))
    end(`--soak must be a number above 0, up to ${SOAK_MINUTES_MAX}`, EXIT.usage);
  return {
    sizes: given.quick ? QUICK : FULL,
    json: given.json ?? null,
    html: given.html ?? null,
    sections,
    filled,
    soak: { minutes, perSecond: given.rate },
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
