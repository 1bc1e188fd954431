import {
  AFTER_MS,
  BEFORE_MS,
  CHANGES_MAX,
  HEADLINE_CAP,
  HEADLINE_EDGE,
  headlineAt,
  isSameHeadline,
  readHeadline,
  termsFrom,
  termsUntil,
  toCome,
  type CalendarChange,
  type Headline,
} from '../../../server/game/headline.ts';
import { command, type Outcome, type Shell } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { misused, notFound } from '../../command-line/failure.ts';
import { readCalendarFile } from '../../operate/calendar-file.ts';
import {
  giveOrder,
  ORDER_EXITS,
  ORDER_OPTIONS,
  QUESTION_EXITS,
  withConnection,
  type OrderOptions,
} from '../../operate/orders.ts';
import { readLength, readTime } from '../../operate/times.ts';

const minutes = (ms: number): string => `${ms / 60_000} minutes`;
const TERMS =
  `Around each entry the edge is ${HEADLINE_EDGE * 100} points wider and no cell pays more than ` +
  `${HEADLINE_CAP / 100}×: from ${minutes(BEFORE_MS)} before to ${minutes(AFTER_MS)} after it, unless the ` +
  'entry has its own times.';

/** Entries that are not over. */
const read = (shell: Shell): Promise<readonly Headline[]> => {
  let found: readonly Headline[] = [];
  return withConnection(shell, async (house) => {
    found = toCome(await house.calendar(), Date.now());
    return { exit: EXIT.ok, report: undefined, text: '' };
  }).then(() => found);
};

export const list = command({
  about: `Lists the news that the house expects. ${TERMS}`,
  examples: ['calendar list', 'calendar list --json'],
  exits: QUESTION_EXITS,
  async run(_, shell) {
    const found = await read(shell);
    const now = Date.now();
    const isNow = (one: Headline): boolean => headlineAt([one], now) !== null;
    const report = found.map((one) => ({
      ...one,
      from: termsFrom(one),
      until: termsUntil(one),
      running: isNow(one),
    }));
    const text = found.map((one) => `${lineOf(one)}${isNow(one) ? '  (now)' : ''}\n`).join('');
    return { exit: EXIT.ok, report, text: text || 'No news is expected.\n' };
  },
});

const AROUND = {
  before: {
    value: '<length>',
    about: 'how long before the news its terms apply, from 2m to 4h',
    fallback: '5m',
  },
  after: { value: '<length>', about: 'how long after it, from 1m to 4h', fallback: '15m' },
} as const;

export const add = command({
  about: `Adds news to the calendar, or changes the times around it. ${TERMS}`,
  words: {
    time: { about: 'when it is expected: 2026-12-10T13:30Z, 13:30 (the next one in UTC) or +30m' },
    name: { about: 'its name for traders, at most 60 characters' },
  },
  options: { ...AROUND, ...ORDER_OPTIONS },
  notes: `Pages and programs show it at once; a running server needs no restart. Bets that are locked keep their
multiplier. News that begins within minutes may be added too, but traders should hear of it well before.`,
  examples: [
    'calendar add 2026-12-10T13:30Z "US consumer prices" --reason "monthly"',
    'calendar add 19:00 "Fed decision" --before 10m --after 1h --reason "press conference at 19:30"',
  ],
  exits: ORDER_EXITS,
  run({ words, options }, shell) {
    const headline = readHeadline({
      at: wholeMinute(readTime('the time', words.time, Date.now())),
      name: words.name,
      beforeMs: readLength('--before', options.before),
      afterMs: readLength('--after', options.after),
    });
    if (typeof headline === 'string') throw misused('bad_entry', headline);
    return change({ add: [headline], remove: [] }, options, shell);
  },
});

export const remove = command({
  about: 'Removes news from the calendar. If its terms apply at the moment, they end.',
  words: {
    time: { about: 'its time, as calendar list shows it, such as 2026-12-10T13:30Z' },
    name: { about: 'its name; needed only if several entries have that time', mayBeMissing: true },
  },
  options: ORDER_OPTIONS,
  examples: ['calendar remove 2026-12-10T13:30Z --reason "postponed"'],
  exits: ORDER_EXITS,
  async run({ words, options }, shell) {
    const at = wholeMinute(readTime('the time', words.time, Date.now()));
    const found = (await read(shell)).filter(
      (one) => wholeMinute(one.at) === at && (words.name === undefined || one.name === words.name),
    );
    if (found.length === 0) throw notFound(`The calendar has no news at ${minuteOf(at)}.`);
    if (found.length > 1)
      throw misused(
        'several',
        `Several entries have that time, so name one:\n${found.map(lineOf).join('\n')}`,
      );
    return change({ add: [], remove: found.map(({ name }) => ({ at, name })) }, options, shell);
  },
});

export const importFile = command({
  about: 'Takes the news of a file into the calendar. Repeating it changes nothing.',
  words: { file: { about: 'a CSV file with the columns time, name, before and after' } },
  options: {
    replace: { about: 'also remove entries that the file does not have' },
    check: { about: 'only say what would change' },
    ...ORDER_OPTIONS,
    reason: { value: '<text>', about: 'the reason, 3 to 300 characters; not needed with --check' },
  },
  notes: `A file as a house keeps it:

  # what           where                    times around it, if not 5m and 15m
  time,name,before,after
  2026-12-10T13:30Z,US consumer prices
  2026-12-16T14:00-05:00,"Fed decision, press conference",10m,1h

Times need a zone. The first line may name the columns in any order; other columns are ignored, and so are entries
that are over. If a line is wrong, the command names all such lines and changes nothing.`,
  examples: [
    'calendar import calendar.csv --reason "December"',
    'calendar import calendar.csv --replace --check',
  ],
  exits: ORDER_EXITS,
  async run({ words, options }, shell) {
    const now = Date.now();
    const inFile = readCalendarFile(words.file);
    const wanted = toCome(inFile, now);
    const held = await read(shell);
    const added = wanted.filter(
      (one) => !held.some((other) => isSameHeadline(one, other) && isSameAround(one, other)),
    );
    const removed = options.replace
      ? held.filter((one) => !wanted.some((other) => isSameHeadline(one, other)))
      : [];
    const over = inFile.length - wanted.length;
    const said =
      added.map((one) => `+ ${lineOf(one)}\n`).join('') +
      removed.map((one) => `- ${lineOf(one)}\n`).join('') +
      (over > 0 ? `${over === 1 ? '1 entry is' : `${over} entries are`} over and left out.\n` : '');
    const report = { added, removed, over };
    if (added.length + removed.length === 0)
      return { exit: EXIT.ok, report, text: `${said}The calendar is up to date.\n` };
    if (options.check) return { exit: EXIT.ok, report, text: said };
    if (options.reason === undefined) throw misused('missing_option', 'Give the reason: --reason.');
    const { reason } = options;
    for (const part of partsOf({ add: added, remove: removed }))
      await change(part, { ...options, reason, id: undefined }, shell);
    return { exit: EXIT.ok, report, text: `${said}Done.\n` };
  },
});

const wholeMinute = (at: number): number => at - (at % 60_000);

const change = (one: CalendarChange, options: OrderOptions, shell: Shell): Promise<Outcome> =>
  giveOrder({ what: 'change-calendar', change: one }, options, shell);

/** What goes into one order each, removals first, so that there is room. */
function partsOf({ add: added, remove: removed }: CalendarChange): readonly CalendarChange[] {
  const parts: CalendarChange[] = [];
  for (let from = 0; from < removed.length; from += CHANGES_MAX)
    parts.push({
      add: [],
      remove: removed.slice(from, from + CHANGES_MAX).map(({ at, name }) => ({ at, name })),
    });
  for (let from = 0; from < added.length; from += CHANGES_MAX)
    parts.push({ add: added.slice(from, from + CHANGES_MAX), remove: [] });
  return parts;
}

const isSameAround = (one: Headline, other: Headline): boolean =>
  one.beforeMs === other.beforeMs && one.afterMs === other.afterMs;

const lineOf = (one: Headline): string =>
  `${minuteOf(one.at)}  ${one.name}  (from ${hour(termsFrom(one))} to ${hour(termsUntil(one))} UTC)`;
/** As `calendar remove` takes it. */
const minuteOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;
const hour = (at: number): string => new Date(at).toISOString().slice(11, 16);
