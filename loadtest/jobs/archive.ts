import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { givenAlone } from '../../scripts/command-line/alone.ts';
import { OWN_COMMAND } from '../../server/compose/places.ts';
import { Batcher } from '../../server/engine/batcher.ts';
import type { ArchiveResult } from '../../server/ports/archive.ts';
import { DATABASE_FILE, openStore, type Store } from '../../server/store/store.ts';
import { openArchiveSocket } from '../../server/upkeep/archive/archive-socket.ts';
import { drive, fill, type Part } from './load.ts';
import { Progress } from '../../scripts/command-line/progress.ts';
import { SETTING, Traders } from '../../test/simulation/traders.ts';

const BATCH_TAPS_MAX = 512;
const QUEUE_TAPS_MAX = 10_000;
const SAMPLE_MS = 1_000;
/** The books at one moment of the archiver's run. */
interface Sample {
  readonly second: number;
  readonly liveBets: number;
  readonly fileBytes: number;
  readonly walBytes: number;
}

const { options, json } = givenAlone('bun loadtest/jobs/archive.ts', {
  about:
    'Measures taps with and without the archiver at work, in one run: ' +
    'the real writer with its flushes, batches ' +
    'as the server makes them, and tapgrid archive run as a process of its ' +
    'own that comes over the socket. ' +
    'Bets go out at the end of the books while taps come in at the other.',
  options: {
    rate: { value: '<taps/s>', whole: [0, 100_000], fallback: '3000', about: 'taps a second' },
    old: {
      value: '<bets>',
      whole: [1, 100_000_000],
      fallback: '100000',
      about:
        'bets that wait to be archived; with 180 times the rate it takes at least three minutes to keep up',
    },
    seconds: {
      value: '<s>',
      whole: [1, 86_400],
      fallback: '15',
      about: 'length of the part without the archiver; the other part lasts as long as the archiver does',
    },
    nice: {
      value: '<n>',
      whole: [0, 19],
      fallback: '10',
      about:
        'how far behind the taps the archiver stands at the processor: as the ' +
        'server starts it; on a machine ' +
        'that others fill, 0',
    },
    dir: { value: '<path>', about: 'where the books are made; default: a temporary folder' },
  },
  notes: `Processor time of the archiver is that of its process; that of the writer for it is what this process used
more than its taps did without the archiver.`,
  examples: ['--rate 1000 --old 60000 --seconds 10'],
  exits: { 0: 'measured' },
});

const dataDir = options.dir ?? mkdtempSync(join(tmpdir(), 'tapgrid-measure-'));
try {
  const report = await measure(dataDir, options);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
} finally {
  if (options.dir === undefined) rmSync(dataDir, { recursive: true, force: true });
}

interface Setting {
  readonly rate: number;
  readonly old: number;
  readonly seconds: number;
  readonly nice: number;
}

async function measure(dataDir: string, { rate, old, seconds, nice }: Setting) {
  const bar = new Progress('old bets', process.stderr);
  await fill(dataDir, old, (part) => bar.update(part));
  bar.end();
  const store = await openStore({ dataDir, ...SETTING, at: Date.now() });
  const batcher = new Batcher(
    store.ledger,
    { tapsMax: BATCH_TAPS_MAX, queueTapsMax: QUEUE_TAPS_MAX },
    Date.now,
    (cause) => {
      throw cause;
    },
  );
  const socket = openArchiveSocket(
    dataDir,
    async (operation) => (await batcher.priority(operation)) as ArchiveResult,
  );
  try {
    const traders = new Traders('live', Date.now());
    await traders.join((operation) => batcher.account(operation)!);
    const without = await drive(batcher, traders, rate, Bun.sleep(seconds * 1000));
    const run = archiving(dataDir, nice);
    const samples: Sample[] = [sampleOf(store, dataDir, 0)];
    const began = performance.now();
    const sampler = setInterval(
      () => samples.push(sampleOf(store, dataDir, (performance.now() - began) / 1000)),
      SAMPLE_MS,
    );
    const during = await drive(batcher, traders, rate, run.ended).finally(() => clearInterval(sampler));
    const { segments, deleted, seconds: took, cpuMicros, memoryBytes } = await run.report;
    const bets = deleted['bets']!;
    samples.push(sampleOf(store, dataDir, took));
    return {
      rate,
      old,
      without,
      during,
      samples,
      archiver: {
        seconds: took,
        segments: segments.length,
        bets,
        betsPerSecond: bets / took,
        bytesPerBet: segments.reduce((sum, { bytes }) => sum + bytes, 0) / bets,
        memoryBytes,
        cpuMicrosPerBet: cpuMicros / bets,
        writerCpuMicrosPerBet:
          rate === 0
            ? during.cpuMicros / bets
            : (during.cpuMicros - (during.taps * without.cpuMicros) / without.taps) / bets,
      },
    };
  } finally {
    await socket?.close();
    await batcher.drained();
    await store.close();
  }
}

/** One run of the archiver. */
function archiving(dataDir: string, niceness: number) {
  const began = performance.now();
  const child = Bun.spawn(['nice', '-n', `${niceness}`, ...OWN_COMMAND, 'archive', 'run', '--json'], {
    env: { ...process.env, DATA_DIR: dataDir },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [text, said] = [new Response(child.stdout).text(), new Response(child.stderr).text()];
  const ended = child.exited.then(() => {});
  const report = child.exited.then(async (code) => {
    if (code !== 0)
      throw new Error(`the archiver ended with ${code}: ${(await said).split('\n').slice(-3).join(' ')}`);
    const { segments, deleted } = JSON.parse(await text) as {
      segments: { bets: number; bytes: number }[];
      deleted: Record<string, number>;
    };
    const usage = child.resourceUsage()!;
    return {
      segments,
      deleted,
      seconds: (performance.now() - began) / 1000,
      cpuMicros: Number(usage.cpuTime.total),
      memoryBytes: usage.maxRSS,
    };
  });
  return { ended, report };
}

function sampleOf(store: Store, dataDir: string, second: number): Sample {
  const bytes = (name: string): number => statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0;
  return {
    second,
    liveBets: store.books.unarchivedBets(),
    fileBytes: bytes(DATABASE_FILE),
    walBytes: bytes(`${DATABASE_FILE}-wal`),
  };
}

function textOf({ without, during, archiver, samples }: Awaited<ReturnType<typeof measure>>): string {
  const line = (name: string, { taps, busy, seconds, p50, p95, p99, max, cpuMicros }: Part): string =>
    `${name.padEnd(18)} ${Math.round(taps / seconds)
      .toString()
      .padStart(
        6,
      )} taps/s   p50 ${p50.toFixed(1)} ms   p95 ${p95.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   longest ${max.toFixed(0)} ms   ${(cpuMicros / Math.max(1, taps)).toFixed(0)} µs of processor a tap${busy === 0 ? '' : `   ${busy} refused as busy`}`;
  const ratio = (name: 'p50' | 'p95' | 'p99'): string =>
    `${name} × ${(during[name] / without[name]).toFixed(2)}`;
  const most = (name: 'liveBets' | 'fileBytes' | 'walBytes'): number =>
    Math.max(...samples.map((sample) => sample[name]));
  const [first, last] = [samples[0]!, samples.at(-1)!];
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  return [
    line('archiver away', without),
    line('archiver at work', during),
    `ratio: ${ratio('p50')}, ${ratio('p95')}, ${ratio('p99')}`,
    `archiver: ${archiver.segments} segments, ${archiver.bets} bets in ${archiver.seconds.toFixed(1)} ` +
      `s: ${Math.round(archiver.betsPerSecond)} bets/s, ${archiver.bytesPerBet.toFixed(0)} bytes a bet ` +
      `in the archive, ${megabytes(archiver.memoryBytes)} of memory`,
    `processor: ${archiver.cpuMicrosPerBet.toFixed(0)} µs a bet in the archiver, ` +
      `${archiver.writerCpuMicrosPerBet.toFixed(0)} µs in the writer`,
    `live bets: ${first.liveBets} before, ${most('liveBets')} at most, ${last.liveBets} after`,
    `file: ${megabytes(first.fileBytes)} before, ${megabytes(most('fileBytes'))} at most, ` +
      `${megabytes(last.fileBytes)} after; WAL at most ${megabytes(most('walBytes'))}`,
    '',
  ].join('\n');
}
