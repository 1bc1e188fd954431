/** Measures the pipeline and its references in one go. See --help. */
import { cpus } from 'node:os';
import { measurePostgres, type PostgresFigure } from '../database/postgres.ts';
import { measureFanout } from './fanout.ts';
import { pageOf } from './page.ts';
import { measureLogins, measureQuotes } from './quotes.ts';
import type { Report } from './report.ts';
import { measureResolution } from './resolution.ts';
import { FULL, QUICK, type Sizes } from './sizes.ts';
import { rounded } from './spread.ts';
import { measureStanding } from './standing.ts';
import { textOf } from './table.ts';
import { measureTaps } from './taps.ts';

const SECTIONS = ['taps', 'postgres', 'resolution', 'fanout', 'quotes', 'standing'] as const;
type Section = (typeof SECTIONS)[number];

const HELP = `usage: bun run bench [-- --quick] [--json <file>] [--html <file>] [--only <section>]

Starts servers of its own on loopback, loads them, and prints what it measured: medians, least and most, and ratios to references of the same run.
The full run takes about ten minutes, --quick less than a minute. Nothing else should run on the machine.

  --quick         small sizes, two rounds
  --json <file>   the figures as JSON
  --html <file>   a page with charts
  --only <name>   one of ${SECTIONS.join(', ')}`;

interface Options {
  readonly sizes: Sizes;
  readonly json: string | null;
  readonly html: string | null;
  readonly sections: readonly Section[];
}

const options = read(Bun.argv.slice(2));
const began = performance.now();
const wants = (section: Section): boolean => options.sections.includes(section);
const { sizes } = options;

const taps = wants('taps') ? await measureTaps(sizes, say) : null;
const postgres: PostgresFigure = wants('postgres') ? await measurePostgres(sizes.postgresSeconds) : { skipped: 'not asked for' };
if ('rate' in postgres) say(`PostgreSQL without signatures: ${Math.round(postgres.rate)} bets/s`);
else if (wants('postgres')) say(`PostgreSQL is left out: ${postgres.skipped}`);
const report: Report = {
  taps: { ...(taps ?? {}), postgres: 'rate' in postgres ? { ...postgres, rate: rounded(postgres.rate), ratio: taps && rounded(taps.socket.rate / postgres.rate, 3) } : { rate: null, ratio: null, ...postgres } },
  resolution: wants('resolution') ? measureResolution(sizes.openBets, sizes.rounds) : [],
  fanout: wants('fanout') ? await measureFanout(sizes, say) : [],
  quotes: wants('quotes') ? measureQuotes(sizes.quoteSeconds) : null,
  login: wants('quotes') ? { perSecond: await measureLogins(sizes.loginSignatures) } : null,
  ...(wants('standing') ? await measureStanding(sizes) : { start: null, memory: null }),
  run: { at: new Date().toISOString(), bun: Bun.version, cores: cpus().length, cpu: cpus()[0]?.model ?? '', quick: sizes === QUICK, seconds: Math.round((performance.now() - began) / 1000) },
};
say(`\n${textOf(report)}`);
if (options.json) await Bun.write(options.json, `${JSON.stringify(report, null, 2)}\n`);
if (options.html) await Bun.write(options.html, pageOf(report));
process.exit(0);

function read(words: readonly string[]): Options {
  let [quick, json, html, sections]: [boolean, string | null, string | null, readonly Section[]] = [false, null, null, SECTIONS];
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    const next = () => words[++index] ?? refuse(`${word} needs a value`);
    if (word === '--help') {
      say(HELP);
      process.exit(0);
    } else if (word === '--quick') quick = true;
    else if (word === '--json') json = next();
    else if (word === '--html') html = next();
    else if (word === '--only') sections = [SECTIONS.find((name) => name === words[index + 1]) ?? refuse(`no section ${words[index + 1]}`)].filter(() => next());
    else refuse(`not understood: ${word}`);
  }
  return { sizes: quick ? QUICK : FULL, json, html, sections };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n\n${HELP}\n`);
  process.exit(2);
}
