import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Batcher } from '../server/engine/batcher.ts';
import type { ArchiveResult } from '../server/ports/archive.ts';
import { DATABASE_FILE, openStore, type Store } from '../server/store/store.ts';
import { openDoor } from '../server/upkeep/archive/door.ts';
import { Traders, SETTING } from './simulation/traders.ts';

const HELP = `Measures taps with and without the archiver at work, in one run: the real writer with its flushes, batches as the server makes them, and archive.ts as a
process of its own that comes through the door.

Usage: bun scripts/measure-archive.ts [options]
  --rate <taps/s>    default 3000
  --old <bets>       bets that wait to be archived, default 100000
  --seconds <s>      length of the part without the archiver, default 15; the other part lasts as long as the archiver does
  --dir <path>       where the books are made; default a folder of the system's for temporary files
  --json             the report as JSON
  --help             this text
`;

const DAY_MS = 86_400_000;
const STEP_MS = 5;
const BATCH_TAPS_MAX = 512;

interface Part {
  readonly taps: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { rate: { type: 'string' }, old: { type: 'string' }, seconds: { type: 'string' }, dir: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) return process.stdout.write(HELP), 0;
  const [rate, old, seconds] = [values.rate ?? '3000', values.old ?? '100000', values.seconds ?? '15'].map(Number) as [number, number, number];
  const dataDir = values.dir ?? mkdtempSync(join(tmpdir(), 'tapgrid-measure-'));
  try {
    const report = await measure(dataDir, rate, old, seconds);
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
    return 0;
  } finally {
    if (values.dir === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(dataDir: string, rate: number, old: number, seconds: number) {
  await fill(dataDir, old);
  const store = await openStore({ dataDir, ...SETTING, at: Date.now() });
  const batcher = new Batcher(store.ledger, { tapsMax: BATCH_TAPS_MAX, queueTapsMax: 100_000 }, Date.now, (cause) => {
    throw cause;
  });
  const door = openDoor(dataDir, async (operation) => (await batcher.house(operation)) as ArchiveResult);
  try {
    const traders = new Traders('live', Date.now());
    await traders.join((operation) => batcher.account(operation)!);
    const ended = Promise.withResolvers<void>();
    setTimeout(ended.resolve, seconds * 1000);
    const without = await drive(batcher, traders, rate, ended.promise);
    const before = store.books.unarchivedBets();
    const began = performance.now();
    const child = Bun.spawn(['nice', '-n', '10', process.execPath, join(import.meta.dir, 'archive.ts'), 'run', '--json'], { env: { ...process.env, DATA_DIR: dataDir }, stdin: 'ignore', stdout: 'pipe', stderr: 'inherit' });
    const archived = new Response(child.stdout).json() as Promise<{ segments: { bets: number; bytes: number }[]; deleted: Record<string, number> }>;
    let archiverSeconds = 0;
    const finished = child.exited.then(() => void (archiverSeconds = (performance.now() - began) / 1000));
    const during = await drive(batcher, traders, rate, finished);
    const { segments, deleted } = await archived;
    return {
      rate, old, without, during, archiver: { seconds: archiverSeconds, segments: segments.length, deleted, betsPerSecond: deleted['bets']! / archiverSeconds, bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0) },
      books: { unarchivedBefore: before, unarchivedAfter: store.books.unarchivedBets(), fileBytes: statSync(join(dataDir, DATABASE_FILE)).size },
    };
  } finally {
    await door?.close();
    await batcher.drained();
    await store.close();
  }
}

/** Bets of ten days ago, closed. */
async function fill(dataDir: string, bets: number): Promise<void> {
  const at = Date.now() - 10 * DAY_MS;
  const store: Store = await openStore({ dataDir, ...SETTING, at, inProcess: true, simulationWithoutFsync: true });
  const traders = new Traders('old', at);
  await traders.join((operation) => store.ledger.commitBatch([operation], at).then(({ results }) => results[0]!));
  for (let placed = 0; placed < bets; placed += BATCH_TAPS_MAX) {
    traders.now += 200;
    const orders = traders.taps(Math.min(BATCH_TAPS_MAX, bets - placed));
    await store.ledger.commitBatch([traders.tick(), ...traders.closings(1_000), ...orders], traders.now);
    orders.forEach((order) => traders.accepted(order));
  }
  traders.now += 2_000;
  await store.ledger.commitBatch([traders.tick(), ...traders.closings(0)], traders.now);
  await store.close();
}

/** Taps at an even rate until `ended`; each is timed from the moment at which it was due, so that a stall counts for all that wait. */
async function drive(batcher: Batcher, traders: Traders, rate: number, ended: Promise<void>): Promise<Part> {
  let going = true;
  void ended.then(() => (going = false));
  const latencies: number[] = [];
  const waiting: Promise<unknown>[] = [];
  const began = performance.now();
  let sent = 0;
  let tickedAt = 0;
  while (going) {
    const now = performance.now();
    traders.now = Date.now();
    if (now - tickedAt >= 100) {
      tickedAt = now;
      for (const operation of [traders.tick(), ...traders.closings(1_000)]) void batcher.house(operation);
    }
    const due = Math.floor(((now - began) / 1000) * rate);
    for (; sent < due; sent++) {
      const dueAt = began + (sent / rate) * 1000;
      const [order] = traders.taps(1);
      waiting.push(batcher.order(order!)!.then((result) => {
        if (result.kind !== 'placed' || result.results[0]!.status !== 'accepted') throw new Error(`a tap was not taken: ${JSON.stringify(result)}`);
        latencies.push(performance.now() - dueAt);
        traders.accepted(order!);
      }));
    }
    await Bun.sleep(STEP_MS);
  }
  await Promise.all(waiting);
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!;
  return { taps: latencies.length, seconds: (performance.now() - began) / 1000, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: latencies.at(-1)! };
}

function textOf({ without, during, archiver, books }: Awaited<ReturnType<typeof measure>>): string {
  const line = (name: string, { taps, seconds, p50, p95, p99, max }: Part): string =>
    `${name.padEnd(18)} ${Math.round(taps / seconds).toString().padStart(6)} taps/s   p50 ${p50.toFixed(1)} ms   p95 ${p95.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   longest ${max.toFixed(0)} ms`;
  const ratio = (name: 'p50' | 'p95' | 'p99'): string => `${name} × ${(during[name] / without[name]).toFixed(2)}`;
  return [
    line('archiver away', without), line('archiver at work', during), `ratio: ${ratio('p50')}, ${ratio('p95')}, ${ratio('p99')}`,
    `archiver: ${archiver.segments} segments, ${archiver.deleted['bets']} bets in ${archiver.seconds.toFixed(1)} s: ${Math.round(archiver.betsPerSecond)} bets/s, ${(archiver.bytes / archiver.deleted['bets']!).toFixed(0)} bytes a bet in the archive`,
    `books: ${books.unarchivedBefore} bets before, ${books.unarchivedAfter} after, file ${(books.fileBytes / 1e6).toFixed(0)} MB`, '',
  ].join('\n');
}
