import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Replica } from '../test/exchange-replica/replica.ts';

/** The server as it is started, with one of three exchanges in reach. */

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const PATIENCE_MS = 30_000;

async function start(feed: string) {
  const replica = new Replica();
  ends.push(() => replica.stop());
  const talking = setInterval(() => replica.quote('kraken', '84000.00', '84000.10'), 100);
  ends.push(() => clearInterval(talking));
  const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-one-exchange-'));
  ends.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const urls = `coinbase=ws://127.0.0.1:1/,kraken=${replica.urls.kraken},bitstamp=ws://127.0.0.1:1/`;
  const server = Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts')], {
    env: { PATH: process.env.PATH, FEED: feed, FEED_URLS: urls, DATA_DIR: dataDir, PORT: '0', EDGES: '0' },
    stdout: 'pipe',
    stderr: 'ignore',
  });
  ends.push(async () => {
    server.kill();
    await server.exited;
  });
  const log: string[] = [];
  void (async () => {
    for await (const chunk of server.stdout.pipeThrough(new TextDecoderStream())) log.push(chunk);
  })();
  /**
   * Port 0 takes a free one, which the line about being ready names; /healthz is on the operators' listener.
   */
  const ask = async (path: string): Promise<any> => {
    if (path === '/healthz')
      return (await fetch(`http://operations${path}`, { unix: join(dataDir, 'operations.sock') })).json();
    const origin = /open (http:\/\/localhost:\d+)/.exec(log.join(''))?.[1];
    return origin === undefined ? null : (await fetch(`${origin}${path}`)).json();
  };
  const eventually = async (path: string, holds: (answer: any) => boolean) => {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await Bun.sleep(100)) {
      const answer = await ask(path).catch(() => null);
      if (answer !== null && holds(answer)) return answer;
    }
    throw new Error(`never came: ${path}\n${log.join('')}`);
  };
  return { eventually, log: () => log.join('') };
}

describe('one exchange of three', () => {
  test('FEED=live waits, and says why before the first tick: in /healthz and in the log, for each exchange', async () => {
    const { eventually, log } = await start('live');
    const health = await eventually('/healthz', ({ checks }) =>
      checks.some(({ detail }: any) => detail === 'no_quorum: 1 of 2 venues'),
    );
    const of = (name: string) => health.checks.find((check: any) => check.name === name);
    expect([of('price'), of('venues'), health.state, health.feed.tickAgeMs]).toEqual([
      { name: 'price', state: 'failed', detail: 'starting: no price yet' },
      { name: 'venues', state: 'degraded', detail: 'no_quorum: 1 of 2 venues' },
      'open',
      null,
    ]);
    for (
      const until = Date.now() + PATIENCE_MS;
      Date.now() < until && !log().includes('bitstamp does not count');
    )
      await Bun.sleep(100);
    expect(log()).toContain('"msg":"kraken counts"');
    expect(log()).toMatch(/coinbase does not count: /);
    expect(log()).toMatch(/bitstamp does not count: /);
    expect(log()).toContain('1 of 2 venues');
    expect(log()).not.toContain('PRICES ARE SIMULATED');
  }, 60_000);

  test('FEED=auto runs on simulated prices, with a board, and says so with the reason', async () => {
    const { eventually, log } = await start('auto');
    const grid = await eventually('/api/v1/grid', ({ columns }) => Array.isArray(columns));
    expect([grid.simulated, grid.columns.length > 0]).toEqual([true, true]);
    expect(log()).toContain('PRICES ARE SIMULATED');
    expect(log()).toMatch(/no_quorum 1 of 2 \(coinbase: [^;]+; kraken: there; bitstamp: /);
    const health = await eventually('/healthz', ({ state }) => state === 'closed');
    expect(health.feed.simulated).toBe(true);
  }, 60_000);
});
