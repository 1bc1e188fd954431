import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { Graph } from '../../test/tidy/graph.ts';
import { importsOf, readSources, uncommented } from '../../test/tidy/source.ts';
import { openHouse, ORIGIN, type TestHouse } from '../../test/stage/http-house.ts';
import { offers, practise, tapOn } from '../../test/stage/http-trader.ts';
import { checkHere, HOUSE, type CheckHere } from './in-browser.ts';

type Json = any;
const ROOT = join(import.meta.dir, '../..');

let house: TestHouse;
let server: Bun.Server<undefined>;
let receipt: Json;
/** Answers that are held back with `retry-after`, by path. */
const busy = new Map<string, number>();

beforeAll(async () => {
  house = await openHouse({ simulated: true });
  await house.pass(1000);
  const trader = await practise(house);
  const { body } = await trader.tap([tapOn(offers(house)[5]!)]);
  await house.pass(16_000);
  const id = body.results[0].betId;
  server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url, headers }) => {
      const { pathname, search } = new URL(url);
      const left = busy.get(pathname) ?? 0;
      busy.set(pathname, left - 1);
      if (left > 0) return new Response('', { status: 503, headers: { 'retry-after': '0' } });
      return house.app.handle(new Request(`${ORIGIN}${pathname}${search}`, { headers }));
    },
  });
  receipt = await HOUSE.json(`${server.url.origin}/api/v1/bets/${id}/receipt`);
});
afterAll(async () => {
  await server.stop(true);
  await house.close();
});

const check = (changed: Json = {}, more: Partial<CheckHere> = {}) =>
  checkHere({
    receipt: { ...receipt, ...changed },
    house: server.url.origin,
    onPage: null,
    progress: () => {},
    ...more,
  });
const failing = async (...asked: Parameters<typeof check>): Promise<string[]> =>
  (await check(...asked)).findings.filter(({ ok }) => !ok).map((one) => one.check);

describe('the verifier of a page', () => {
  test('holds a receipt against all that its house publishes, and counts the answers', async () => {
    const counted: number[] = [];
    const { verdict, findings } = await check({}, { progress: (answers) => counted.push(answers) });
    expect([verdict, findings.filter(({ ok }) => !ok)]).toEqual(['holds', []]);
    expect(findings.map((one) => one.check)).toContain('published bet');
    expect(counted).toEqual(counted.map((_, index) => index + 1));
    expect(counted.length).toBeGreaterThan(10);
  });

  test.each<[string, Json, string[]]>([
    ['a guard', { guardPercent: 60 }, ['published bet']],
    ['a payout', { payout: 1 }, ['payout', 'ledger', 'published bet']],
  ])('finds %s that is not the one of the house', async (_, changed, checks) =>
    expect(await failing(changed)).toEqual(checks),
  );

  test('compares the file with the page that names it', async () => {
    const { betId, cell, currency, stake, status, payout } = receipt;
    const onPage = { betId, cell, currency, stake: String(stake), status, payout: String(payout) };
    expect(await failing({}, { onPage })).toEqual([]);
    expect(await failing({}, { onPage: { ...onPage, payout: '7' } })).toEqual(['this page']);
    expect(await failing({}, { onPage: { ...onPage, betId: 'another' } })).toEqual(['this page']);
    // Decided since the page was made.
    expect(await failing({}, { onPage: { ...onPage, status: 'locked', payout: '0' } })).toEqual([]);
  });

  test('says of what is no receipt that it is none', async () =>
    expect(await failing({ cell: 7 })).toEqual(['shape']));

  test('asks a busy house again, and gives up in words', async () => {
    busy.set('/api/v1/terms', 2);
    expect((await check()).verdict).toBe('holds');
    busy.set('/api/v1/terms', 99);
    expect(check()).rejects.toThrow('/api/v1/terms was answered with 503.');
    busy.clear();
    expect(check({}, { house: 'http://127.0.0.1:1' })).rejects.toThrow('could not be reached');
  });

  test('needs neither Bun nor Node', async () => {
    const sources = await readSources(ROOT);
    const loaded = new Graph(sources).loadedBy('server/receipt/in-browser.ts');
    expect(loaded).toContain('server/receipt/tick-check.ts');
    const needing = sources
      .filter(({ path }) => loaded.includes(path) && path.endsWith('.ts'))
      .flatMap(({ path, text }) => [
        ...importsOf(text)
          .filter(({ target }) => !/^(?:\.|@sinclair\/typebox)/.test(target))
          .map(({ target }) => `${path} imports ${target}`),
        ...[...uncommented(text).matchAll(/\b(?:Bun|process|Buffer|require|__dirname)\b(?=[.(])/g)].map(
          ([name]) => `${path} names ${name}`,
        ),
      ]);
    expect(needing).toEqual([]);
  });
});
