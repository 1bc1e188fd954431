import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { givenAlone } from '../../scripts/command-line/alone.ts';
import { OWN_COMMAND } from '../../server/compose/places.ts';
import { Batcher } from '../../server/engine/batcher.ts';
import { openStore } from '../../server/store/store.ts';
import { DirectoryStore } from '../../server/upkeep/backup/directory-store.ts';
import { listSegments, readSegment, readSegmentName } from '../../server/upkeep/backup/segment.ts';
import { drive } from './load.ts';
import { SETTING, Traders } from '../../test/simulation/traders.ts';

const LIMITS = { tapsMax: 512, queueTapsMax: 10_000 };

const { options, json } = givenAlone('bun loadtest/jobs/tail.ts', {
  about:
    'Measures how much a machine that dies would lose while taps come in: ' +
    'the real writer with its flushes, ' +
    'and tapgrid backup tail as a process of its own.',
  options: {
    rate: { value: '<taps/s>', whole: [1, 100_000], fallback: '3000', about: 'taps a second' },
    seconds: {
      value: '<s>',
      whole: [1, 86_400],
      fallback: '30',
      about: 'length of each part, without the tail and beside it',
    },
    dir: { value: '<path>', about: 'where books and backups are made; default: a temporary folder' },
  },
  notes: `The window of a shipment is the time from the moment at which the one before it was read to the moment at
which it was durable: what was committed right after the reading before was so long on this machine alone.`,
  examples: ['--rate 3000 --seconds 15'],
  exits: { 0: 'measured' },
});

const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'tapgrid-measure-'));
try {
  const report = await measure(dir, options.rate, options.seconds);
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
} finally {
  if (options.dir === undefined) rmSync(dir, { recursive: true, force: true });
}

async function measure(dir: string, rate: number, seconds: number) {
  const [dataDir, backupDir] = [join(dir, 'data'), join(dir, 'backups')];
  const store = await openStore({ dataDir, ...SETTING, at: Date.now() });
  const batcher = new Batcher(store.ledger, LIMITS, Date.now, (cause) => {
    throw cause;
  });
  let child: Bun.Subprocess | null = null;
  try {
    const traders = new Traders('live', Date.now());
    await traders.join((operation) => batcher.account(operation)!);
    const env = { ...process.env, DATA_DIR: dataDir, BACKUP_DIR: backupDir, BACKUP_S3_BUCKET: '' };
    child = Bun.spawn([...OWN_COMMAND, 'backup', 'tail'], {
      env,
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
    });
    // It takes a snapshot first: of books without bets, since those of these traders follow no prices and
    // would not hold.
    for await (const chunk of child.stderr as ReadableStream<Uint8Array>)
      if (Buffer.from(chunk).includes('shipping every')) break;
    const during = await drive(batcher, traders, rate, Bun.sleep(seconds * 1000));
    child.kill('SIGTERM');
    const code = await child.exited;
    if (code !== 0) throw new Error(`the tail ended with ${code}`);
    const windows = await windowsOf(backupDir);
    const without = await drive(batcher, traders, rate, Bun.sleep(seconds * 1000));
    const bytes = shipped(backupDir).reduce((sum, path) => sum + statSync(path).size, 0);
    return {
      rate,
      seconds,
      without,
      during,
      tail: {
        shipments: windows.length,
        windowMs: { p50: windows[windows.length >> 1] ?? 0, max: windows.at(-1) ?? 0 },
        bytesPerBet: bytes / during.taps,
        cpuMicrosPerBet: Number(child.resourceUsage()!.cpuTime.total) / during.taps,
      },
    };
  } finally {
    if (child?.exitCode === null) child.kill('SIGKILL');
    await batcher.drained();
    await store.close();
  }
}

/** Paths of the segments in their order. */
function shipped(backupDir: string): string[] {
  if (!existsSync(backupDir)) return [];
  const names = readdirSync(backupDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return names.filter((path) => readSegmentName(path.slice(backupDir.length + 1)) !== null).sort();
}

/** Windows of the whole shipments, ms, shortest first. */
async function windowsOf(backupDir: string): Promise<number[]> {
  const store = new DirectoryStore(backupDir);
  const windows: number[] = [];
  let readAt: number | null = null;
  for (const name of await listSegments(store)) {
    const { header } = await readSegment(store, name);
    if (!header.complete) continue;
    // A file gets its name when it was flushed, which its change time tells.
    if (readAt !== null) windows.push(statSync(join(backupDir, name.key)).ctimeMs - readAt);
    readAt = header.at;
  }
  return windows.sort((a, b) => a - b);
}

function textOf({ without, during, tail }: Awaited<ReturnType<typeof measure>>): string {
  const line = (name: string, { taps, seconds, p50, p95, p99, max, busy }: typeof without): string =>
    `${name.padEnd(14)} ${Math.round(taps / seconds)
      .toString()
      .padStart(
        6,
      )} taps/s   p50 ${p50.toFixed(1)} ms   p95 ${p95.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   longest ${max.toFixed(0)} ms${busy === 0 ? '' : `   ${busy} refused as busy`}`;
  return [
    line('without', without),
    line('with the tail', during),
    `tail: ${tail.shipments} shipments, window p50 ${(tail.windowMs.p50 / 1000).toFixed(2)} s, ` +
      `longest ${(tail.windowMs.max / 1000).toFixed(2)} s, ${tail.bytesPerBet.toFixed(0)} bytes and ` +
      `${tail.cpuMicrosPerBet.toFixed(0)} µs of processor time a bet`,
    '',
  ].join('\n');
}
