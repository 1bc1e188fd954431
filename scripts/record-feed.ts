#!/usr/bin/env bun
import { parseArgs } from 'node:util';
import { formatPrice } from '../server/game/price.ts';
import { consensusOf, CONSENSUS_DEFAULTS } from '../server/feed/consensus.ts';
import type { Feed } from '../server/feed/feed.ts';
import { openFeed } from '../server/feed/open.ts';
import { RecordingWriter } from '../server/feed/recording-writer.ts';
import { parseFeedSpec } from '../server/feed/spec.ts';

const HELP = `Records the price that the oracle would take into a file that FEED=replay:<file> plays back.

  bun scripts/record-feed.ts --out <file.csv.gz> [options]

  --out <file>          .csv.gz or .csv with the columns ts_ms,price; an existing recording is continued
  --feed <feed>         live, live:<venue>,<venue>… or walk:<seed> (default: live)
  --seconds <n>         stop after n seconds (default: at SIGINT or SIGTERM)
  --every <ms>          one price every so many milliseconds, 10 to 60000 (default: 100)
  --quorum <n>          venues that must agree (default: ${CONSENSUS_DEFAULTS.quorum})
  --url <venue>=<url>   another address of a venue; may be given several times
  --help

While fewer venues than the quorum agree nothing is written; a hole of more than a minute is a gap when played back.
Exit code: 0 recorded, 1 nothing recorded or the file cannot be written, 2 wrong arguments.
`;

/** 23 days: the longest that one timer can wait, in round numbers. */
const SECONDS_MAX = 2_000_000;

const EXIT = { recorded: 0, failed: 1, usage: 2 } as const;

interface Order {
  readonly writer: RecordingWriter;
  readonly feed: Feed;
  readonly out: string;
  readonly everyMs: number;
  /** null: until a signal comes. */
  readonly durationMs: number | null;
}

async function main(args: string[]): Promise<number> {
  const order = readOrder(args);
  if (typeof order === 'number') return order;
  const { writer, feed, out } = order;
  const startAt = Date.now();
  try {
    await record(order);
    writer.close();
  } catch (cause) {
    return failed(EXIT.failed, `${out} cannot be written: ${(cause as Error).message}`);
  }
  console.log(
    `recorded ${writer.rows} prices in ${Math.round((Date.now() - startAt) / 1000)} s${writer.rows > 0 ? ` into ${out}` : ''}`,
  );
  if (writer.rows > 0) return EXIT.recorded;
  const words = feed.status(Date.now()).map(({ venue, note }) => `${venue}: ${note ?? 'said nothing'}`);
  return failed(EXIT.failed, `no price came (${words.join('; ')})`);
}

/** Samples until the time is up or a signal comes. */
async function record({ writer, feed, everyMs, durationMs }: Order): Promise<void> {
  const { promise: ended, resolve: end, reject } = Promise.withResolvers<void>();
  process.once('SIGINT', end).once('SIGTERM', end);
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
  const showing = process.stderr.isTTY
    ? setInterval(() => process.stderr.write(`\r\x1b[K${progressOf(feed, writer.rows, price)}`), 1_000)
    : undefined;
  const ending = durationMs === null ? undefined : setTimeout(end, durationMs);
  try {
    await ended;
  } finally {
    clearInterval(sampling);
    clearInterval(showing);
    clearTimeout(ending);
    feed.stop();
    if (showing) process.stderr.write('\n');
  }
}

function progressOf(feed: Feed, rows: number, price: string): string {
  const venues = feed
    .status(Date.now())
    .map(({ venue, alive, state }) => `${venue} ${alive ? 'alive' : state === 'open' ? 'quiet' : state}`);
  return `${rows} prices, last ${price || 'none yet'} (${venues.join(', ')})`;
}

/** @returns an exit code where there is nothing to record */
function readOrder(args: string[]): Order | number {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        out: { type: 'string' },
        feed: { type: 'string', default: 'live' },
        seconds: { type: 'string' },
        every: { type: 'string', default: '100' },
        quorum: { type: 'string', default: String(CONSENSUS_DEFAULTS.quorum) },
        url: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (cause) {
    return failed(EXIT.usage, (cause as Error).message);
  }
  if (values.help) {
    console.log(HELP);
    return EXIT.recorded;
  }
  const [everyMs, quorum] = [wholeNumber(values.every), wholeNumber(values.quorum)];
  const seconds = values.seconds === undefined ? Infinity : wholeNumber(values.seconds);
  if (!values.out) return failed(EXIT.usage, '--out is missing');
  if (everyMs === null || everyMs < 10 || everyMs > 60_000)
    return failed(EXIT.usage, '--every is 10 to 60000 milliseconds');
  if (seconds === null || seconds < 1 || (seconds > SECONDS_MAX && seconds !== Infinity))
    return failed(EXIT.usage, `--seconds is 1 to ${SECONDS_MAX}`);
  if (quorum === null) return failed(EXIT.usage, '--quorum is a whole number');
  const spec = parseFeedSpec(values.feed);
  if ('ok' in spec && (spec.ok.kind === 'auto' || spec.ok.kind === 'replay'))
    return failed(EXIT.usage, 'only live and walk are recorded: a file of unknown mixture helps nobody');
  const feed = openFeed(values.feed, {
    quorum,
    urls: Object.fromEntries(values.url.map((pair) => pair.split(/=(.*)/s).slice(0, 2))),
  });
  if ('error' in feed) return failed(EXIT.usage, feed.error.message);
  const writer = RecordingWriter.open(values.out);
  if ('error' in writer) return failed(EXIT.failed, writer.error.message);
  return {
    writer: writer.ok,
    feed: feed.ok,
    out: values.out,
    everyMs,
    durationMs: seconds === Infinity ? null : seconds * 1_000,
  };
}

const wholeNumber = (text: string): number | null => (/^\d{1,10}$/.test(text) ? Number(text) : null);

function failed(code: number, sentence: string): number {
  console.error(`record-feed: ${sentence}`);
  return code;
}

process.exitCode = await main(process.argv.slice(2));
