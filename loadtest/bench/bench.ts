/** Measures the pipeline and its references in one go. See --help. */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { measurePostgres, type PostgresFigure } from '../database/postgres.ts';
import { measureFanout } from './fanout.ts';
import { measureGrowth } from './growth.ts';
import { measureOverload } from './overload.ts';
import { pageOf } from './page.ts';
import { measureLogins, measureQuotes } from './quotes.ts';
import type { Report } from './report.ts';
import { measureResolution } from './resolution.ts';
import { FULL, QUICK, type Sizes } from './sizes.ts';
import { measureSoak, type SoakSetting } from './soak.ts';
import { rounded } from './spread.ts';
import { measureStanding } from './standing.ts';
import { textOf } from './table.ts';
import { measureTaps } from './taps.ts';

/**
 * What a quick run does; a full one overloads the server besides, and soak and growth come with options of
 * their own.
 */
const SECTIONS = ['taps', 'postgres', 'resolution', 'fanout', 'quotes', 'standing'] as const;
const MORE_SECTIONS = ['overload', 'soak', 'growth'] as const;
type Section = (typeof SECTIONS)[number] | (typeof MORE_SECTIONS)[number];

const HELP = `usage: bun run bench [-- --quick] [--json <file>] [--html <file>] [--only <section>] [--soak <minutes>] [--rate <taps/s>] [--with <data folder>]

Starts servers of its own on loopback, loads them, and prints what it measured: medians, least and most, and ratios to references of the same run.
The full run takes about ten minutes, --quick less than a minute. Nothing else should run on the machine.

  --quick         small sizes, two rounds, no overload
  --json <file>   the figures as JSON
  --html <file>   a page with charts
  --only <name>   one of ${[...SECTIONS, ...MORE_SECTIONS].join(', ')}
  --soak <min>    also an even load for so many minutes: does memory stay flat? 20 say so
  --rate <n>      taps a second of the soak: 500 unless told
  --with <folder> also growth: start, memory, pages and taps on a copy of this data folder beside an empty one; loadtest/growth/fill.ts makes one`;

interface Options {
  readonly sizes: Sizes;
  readonly json: string | null;
  readonly html: string | null;
  readonly sections: readonly Section[];
  readonly soak: SoakSetting;
  readonly filled: string | null;
}

const options = read(Bun.argv.slice(2));
const began = performance.now();
const wants = (section: Section): boolean => options.sections.includes(section);
const { sizes } = options;

const taps = wants('taps') ? await measureTaps(sizes, say) : null;
const postgres: PostgresFigure = wants('postgres')
  ? await measurePostgres(sizes.postgresSeconds)
  : { skipped: 'not asked for' };
if ('rate' in postgres) say(`PostgreSQL without signatures: ${Math.round(postgres.rate)} bets/s`);
else if (wants('postgres')) say(`PostgreSQL is left out: ${postgres.skipped}`);
const report: Report = {
  taps: {
    ...(taps ?? {}),
    postgres:
      'rate' in postgres
        ? {
            ...postgres,
            rate: rounded(postgres.rate),
            ratio: taps?.socket ? rounded(taps.socket.rate / postgres.rate, 3) : null,
          }
        : { rate: null, ratio: null, ...postgres },
  },
  overload: wants('overload') ? await measureOverload(sizes, say) : [],
  resolution: wants('resolution') ? measureResolution(sizes.openBets, sizes.rounds) : [],
  fanout: wants('fanout') ? await measureFanout(sizes, say) : [],
  quotes: wants('quotes') ? await measureQuotes(sizes.quoteSeconds) : null,
  login: wants('quotes') ? await measureLogins(sizes.quoteSeconds) : null,
  soak: wants('soak') ? await measureSoak(options.soak, say) : null,
  growth: wants('growth') ? await measureGrowth(options.filled!, sizes, say) : null,
  ...(wants('standing') ? await measureStanding(sizes) : { start: null, memory: null }),
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
process.exit(0);

function read(words: readonly string[]): Options {
  const { values } = parsed(words);
  if (values.help) {
    say(HELP);
    process.exit(0);
  }
  const filled = values.with ?? null;
  if (filled !== null && !existsSync(join(filled, DATABASE_FILE)))
    refuse(`${filled} holds no ${DATABASE_FILE}`);
  const asked: Section[] = [
    ...SECTIONS,
    ...(values.quick ? [] : (['overload'] as const)),
    ...(values.soak === undefined ? [] : (['soak'] as const)),
    ...(filled === null ? [] : (['growth'] as const)),
  ];
  const sections =
    values.only === undefined
      ? asked
      : [
          [...SECTIONS, ...MORE_SECTIONS].find((name) => name === values.only) ??
            refuse(`no section ${values.only}`),
        ];
  if (sections.includes('growth') && filled === null) refuse('growth needs --with <data folder>');
  return {
    sizes: values.quick ? QUICK : FULL,
    json: values.json ?? null,
    html: values.html ?? null,
    sections,
    filled,
    soak: {
      minutes: within('soak', values.soak ?? '20', 24 * 60),
      perSecond: within('rate', values.rate ?? '500', 5000),
    },
  };
}

function parsed(words: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args: [...words],
      options: {
        help: flag,
        quick: flag,
        json: text,
        html: text,
        only: text,
        soak: text,
        rate: text,
        with: text,
      },
    });
  } catch (cause) {
    return refuse((cause as Error).message);
  }
}

function within(name: string, word: string, most: number): number {
  const value = Number(word);
  return value > 0 && value <= most ? value : refuse(`--${name} is a number above 0 up to ${most}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n\n${HELP}\n`);
  process.exit(2);
}
