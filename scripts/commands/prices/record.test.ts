import { afterAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../test/exchange-replica/hand-clock.ts';
import { openFeed } from '../../../server/feed/open.ts';
import { readRecording } from '../../../server/feed/recording.ts';
import { Replica } from '../../../test/exchange-replica/replica.ts';
import { VENUES } from '../../../server/feed/spec.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-record-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) =>
  Bun.spawn([process.execPath, join(import.meta.dir, '../../tapgrid.ts'), 'record', ...args], {
    stdout: 'pipe',
    stderr: 'pipe',
  });

async function finished(child: ReturnType<typeof run>) {
  const [out, error, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, error, code };
}

describe('tapgrid record', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'records the consensus of three venues until %s, and the file plays back',
    async (signal) => {
      const file = join(folder, `${signal}.csv.gz`);
      const record = async (lastMs: number) => {
        rmSync(file, { force: true });
        const replica = new Replica();
        const child = run(
          '--out',
          file,
          '--every',
          '20',
          ...VENUES.USD.flatMap((venue) => ['--url', `${venue}=${replica.urls[venue]}`]),
        );
        const quote = async (dollars: number) => {
          for (const [k, venue] of VENUES.USD.entries())
            replica.quote(venue, `${dollars}.${k}0`, `${dollars}.${k}0`);
          await Bun.sleep(40);
        };
        try {
          await until(
            () => VENUES.USD.every((venue) => replica.subscribed(venue).length === 1),
            'three subscriptions',
          );
          for (let dollars = 81_000; dollars < 81_009; dollars++) await quote(dollars);
          for (const end = performance.now() + lastMs; performance.now() < end; ) await quote(81_009);
        } finally {
          child.kill(signal);
        }
        const { out, code, error } = await finished(child);
        await replica.stop();
        expect({ code, error }).toEqual({ code: 0, error: '' });
        expect(out).toMatch(/^recorded \d+ prices in \d+ s into .*\.csv\.gz\n$/);
        expect(replica.violations).toEqual([]);
        const recording = readRecording(file);
        if ('error' in recording) throw new Error(recording.error.message);
        return recording.ok;
      };
      // A slow machine may end before it has heard the last price: then that one is said for longer.
      let { times, prices } = await record(100);
      for (const lastMs of [1_000, 5_000, 20_000])
        if (prices.at(-1) !== 8_100_910) ({ times, prices } = await record(lastMs));
      expect(times.every((at) => at % 20 === 0)).toBe(true);
      expect(prices.at(-1)).toBe(8_100_910);
      expect(prices.every((price) => price >= 8_100_000 && price <= 8_100_920)).toBe(true);

      const now = 1_800_000_000_000;
      const replay = openFeed(`replay:${file}`, { clock: { now: () => now, after: () => () => {} } });
      if ('error' in replay) throw new Error(replay.error.message);
      await replay.ok.start();
      for (const [i, at] of times.entries())
        expect(replay.ok.sample(now + at - times[0]!)).toEqual([
          { venue: 'replay', price: prices[i] as never },
        ]);
    },
  );

  test('a walk for two seconds, then two more seconds into the same file', async () => {
    const file = join(folder, 'walk.csv.gz');
    const counts: number[] = [];
    for (let round = 0; round < 2; round++) {
      expect(
        (await finished(run('--out', file, '--feed', 'walk:record', '--seconds', '2', '--every', '50'))).code,
      ).toBe(0);
      const recording = readRecording(file);
      counts.push('ok' in recording ? recording.ok.times.length : -1);
    }
    expect(counts[0]).toBeGreaterThan(3);
    expect(counts[1]).toBeGreaterThan(counts[0]!);
  });

  test('without a price it fails and says why', async () => {
    const replica = new Replica();
    replica.refuse('kraken', 503);
    const { code, out, error } = await finished(
      run(
        '--out',
        join(folder, 'none.csv'),
        '--seconds',
        '4',
        ...VENUES.USD.flatMap((venue) => ['--url', `${venue}=${replica.urls[venue]}`]),
      ),
    );
    await replica.stop();
    expect({ code, out: out.slice(0, 17) }).toEqual({ code: 1, out: 'recorded 0 prices' });
    expect([out.includes('none.csv'), existsSync(join(folder, 'none.csv'))]).toEqual([false, false]);
    expect(error).toMatch(/no price arrived \(coinbase: no answer; kraken: .*503.*; bitstamp: no answer\)/);
  });

  const wrong: [string, string[], string][] = [
    ['no file', [], 'record needs --out'],
    ['unknown option', ['--nonsense'], 'nonsense'],
    ['interval', ['--out', 'x.csv', '--every', '5'], '--every'],
    ['time', ['--out', 'x.csv', '--seconds=-1'], '--seconds'],
    ['feed', ['--out', 'x.csv', '--feed', 'live:mtgox'], 'mtgox'],
    ['auto', ['--out', 'x.csv', '--feed', 'auto'], '--feed must be live'],
    [
      'time, too long for a timer',
      ['--out', 'x.csv', '--seconds', '2000001'],
      '--seconds must be a whole number from 1 to 2000000',
    ],
    ['venue', ['--out', 'x.csv', '--url', 'mtgox=ws://127.0.0.1/'], 'mtgox'],
    ['address', ['--out', 'x.csv', '--url', 'kraken'], 'kraken'],
  ];
  test.each(wrong)('wrong %s: exit code 2 and a sentence, no file', async (_name, args, sentence) => {
    const { code, error, out } = await finished(run(...args));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(sentence);
    expect(existsSync('x.csv')).toBe(false);
  });

  test('a file of another kind is refused', async () => {
    const { code, error } = await finished(run('--out', join(folder, 'prices.txt')));
    expect({ code, error }).toEqual({ code: 1, error: expect.stringContaining('.csv') });
  });

  test('--help tells every option', async () => {
    const { code, out } = await finished(run('--help'));
    expect(code).toBe(0);
    for (const option of ['--out', '--feed', '--seconds', '--every', '--quorum', '--url', 'Exit code'])
      expect(out).toContain(option);
  });
});
