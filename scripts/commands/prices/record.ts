import { CONSENSUS_DEFAULTS, consensusOf } from '../../../server/feed/consensus.ts';
import type { Feed } from '../../../server/feed/feed.ts';
import { openFeed } from '../../../server/feed/open.ts';
import { RecordingWriter } from '../../../server/feed/recording-writer.ts';
import { formatPrice } from '../../../server/game/price.ts';
import { command, type Shell } from '../../command-line/command.ts';
import { EXIT } from '../../command-line/exit-codes.ts';
import { CommandFailure, failingAs, misused } from '../../command-line/failure.ts';

/** 23 days: the longest that one timer can wait, in round numbers. */
const SECONDS_MAX = 2_000_000;
const EVERY_MS_MIN = 10;
const EVERY_MS_MAX = 60_000;
/** More venues than there are. */
const QUORUM_MAX = 100;
const STATUS_EVERY_MS = 1_000;

export const record = command({
  about: "Records the oracle's price into a file that FEED=replay:<file> plays back.",
  options: {
    out: {
      value: '<file>',
      required: true,
      about: '.csv.gz or .csv with the columns ts_ms,price; an existing recording is continued',
    },
    feed: { value: '<feed>', fallback: 'live', about: 'live, live:<venue>,<venue>… or walk:<seed>' },
    seconds: {
      value: '<n>',
      whole: [1, SECONDS_MAX],
      about: 'stop after n seconds; default: at SIGINT or SIGTERM',
    },
    every: {
      value: '<ms>',
      whole: [EVERY_MS_MIN, EVERY_MS_MAX],
      fallback: '100',
      about: 'milliseconds between prices',
    },
    quorum: {
      value: '<n>',
      whole: [1, QUORUM_MAX],
      fallback: `${CONSENSUS_DEFAULTS.quorum}`,
      about: 'venues that must agree',
    },
    url: { value: '<venue>=<url>', repeatable: true, about: 'use another address for a venue' },
  },
  notes: `Nothing is written while fewer venues than the quorum agree; more than a minute without prices is a gap in
the replay.`,
  examples: ['record --out ticks.csv.gz', 'record --out walk.csv --feed walk:7 --seconds 60'],
  exits: { 0: 'recorded', 1: 'nothing was recorded, or the file cannot be written' },
  async run({ options }, shell) {
    const { every: everyMs, seconds } = options;
    const feed = feedOf(options.feed, options.quorum, options.url);
    const opened = RecordingWriter.open(options.out);
    if ('error' in opened) throw new CommandFailure('not_written', opened.error.message);
    const writer = opened.ok;
    const startAt = Date.now();
    await failingAs('not_written', `${options.out} cannot be written`, async () => {
      await sample(
        { writer, feed, everyMs, durationMs: seconds === undefined ? null : seconds * 1_000 },
        shell,
      );
      writer.close();
    });
    const { rows } = writer;
    const took = Math.round((Date.now() - startAt) / 1_000);
    const recorded = {
      report: { out: rows > 0 ? options.out : null, prices: rows, seconds: took },
      text: `recorded ${rows} prices in ${took} s${rows > 0 ? ` into ${options.out}` : ''}\n`,
    };
    if (rows > 0) return { exit: EXIT.ok, ...recorded };
    const notes = feed.status(Date.now()).map(({ venue, note }) => `${venue}: ${note ?? 'no answer'}`);
    const trouble = { code: 'no_price', message: `no price arrived (${notes.join('; ')})` };
    return { exit: EXIT.wrong, ...recorded, trouble };
  },
});

/** @throws CommandFailure where there is nothing to record */
function feedOf(text: string, quorum: number, urls: readonly string[]): Feed {
  if (!/^(?:live|walk)(?::|$)/.test(text))
    throw misused('bad_feed', `--feed must be live, live:<venue>,<venue>… or walk:<seed>, not ${text}.`);
  const feed = openFeed(text, {
    quorum,
    urls: Object.fromEntries(urls.map((pair) => pair.split(/=(.*)/s).slice(0, 2))),
  });
  if ('error' in feed) throw misused('bad_feed', feed.error.message);
  return feed.ok;
}

interface Sampling {
  readonly writer: RecordingWriter;
  readonly feed: Feed;
  readonly everyMs: number;
  /** null: until a signal comes. */
  readonly durationMs: number | null;
}

/** Until the time is up or a signal comes. */
async function sample({ writer, feed, everyMs, durationMs }: Sampling, shell: Shell): Promise<void> {
  const { promise: ended, resolve: end, reject } = Promise.withResolvers<void>();
  shell.interruptible().addEventListener('abort', () => end());
  await feed.start();
  let price = '';
  const sampling = setInterval(() => {
    const now = Date.now();
    const consensus = consensusOf(feed.sample(now), { ...CONSENSUS_DEFAULTS, quorum: feed.quorum });
    try {
      if (consensus && writer.write(now - (now % everyMs), consensus.price))
        price = formatPrice(consensus.price);
    } catch (cause) {
      reject(cause);
    }
  }, everyMs);
  const showing = setInterval(() => shell.status(statusOf(feed, writer.rows, price)), STATUS_EVERY_MS);
  const ending = durationMs === null ? undefined : setTimeout(end, durationMs);
  try {
    await ended;
  } finally {
    clearInterval(sampling);
    clearInterval(showing);
    clearTimeout(ending);
    feed.stop();
  }
}

function statusOf(feed: Feed, rows: number, price: string): string {
  const venues = feed
    .status(Date.now())
    .map(({ venue, alive, state }) => `${venue} ${alive ? 'alive' : state === 'open' ? 'quiet' : state}`);
  return `${rows} prices, last ${price || 'none yet'} (${venues.join(', ')})`;
}
