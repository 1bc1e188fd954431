import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { openHouse, ORIGIN, type TestHouse } from '../../test/stage/http-house.ts';
import { offers, practise, tapOn, type Trader } from '../../test/stage/http-trader.ts';

let house: TestHouse;
let trader: Trader;
let bet: string;
beforeAll(async () => {
  house = await openHouse();
  await house.pass(60_000);
  trader = await practise(house);
  const { body } = await trader.tap(
    offers(house)
      .slice(0, 12)
      .map((offer) => tapOn(offer)),
  );
  bet = body.results.find(({ betId }: any) => betId).betId;
  await house.pass(1000);
});
afterAll(() => house.close());

async function ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await house.app.handle(new Request(`${ORIGIN}${path}`, { method, headers }));
  return {
    response,
    bytes: Buffer.from(await response.arrayBuffer()),
    encoding: response.headers.get('content-encoding'),
  };
}
const unpacked = (bytes: Buffer, encoding: string | null): string =>
  String(encoding === 'br' ? brotliDecompressSync(bytes) : encoding === 'gzip' ? gunzipSync(bytes) : bytes);
const bearer = () => ({ authorization: `Bearer ${trader.token}` });
const cookie = () => ({ cookie: `__Host-sid=${trader.token}`, 'sec-fetch-site': 'same-origin' });

describe('what anybody may read', () => {
  test.each(['/api/v1/grid', '/api/v1/ticks?limit=100', '/api/openapi.json', '/api/docs', '/api/docs.css'])(
    '%s comes as it is asked for, with the same content',
    async (path) => {
      const plain = await ask(path);
      expect([plain.encoding, plain.response.headers.get('vary')]).toEqual([null, 'accept-encoding']);
      for (const [accept, encoding] of [
        ['gzip, deflate, br', 'br'],
        ['gzip', 'gzip'],
        ['identity', null],
        ['br;q=0, gzip;q=0.5', 'gzip'],
      ] as const) {
        const packed = await ask(path, { 'accept-encoding': accept });
        expect([
          packed.encoding,
          packed.response.headers.get('vary'),
          packed.response.headers.get('etag'),
        ]).toEqual([encoding, 'accept-encoding', plain.response.headers.get('etag')]);
        expect(unpacked(packed.bytes, encoding)).toBe(String(plain.bytes));
        if (encoding !== null) expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2);
      }
    },
  );

  test('what is short stays as it is, and so do refusals', async () => {
    for (const path of ['/api/v1/chain', '/api/v1/time', '/api/v1/ticks?limit=0'])
      expect((await ask(path, { 'accept-encoding': 'br' })).encoding).toBe(null);
  });

  test('a HEAD tells of the same', async () =>
    expect((await ask('/api/v1/grid', { 'accept-encoding': 'br' }, 'HEAD')).encoding).toBe('br'));

  test('the grid is written once for all who ask for one board', async () => {
    const [first, second] = [
      await ask('/api/v1/grid', { 'accept-encoding': 'gzip' }),
      await ask('/api/v1/grid', { 'accept-encoding': 'gzip' }),
    ];
    expect(first.bytes.equals(second.bytes)).toBe(true);
    await house.pass(200);
    expect((await ask('/api/v1/grid', { 'accept-encoding': 'gzip' })).bytes.equals(first.bytes)).toBe(false);
  });
});

describe('what is one trader’s', () => {
  const OWN = ['/api/v1/bets', '/api/v1/account/statement', '/api/v1/account/statement.csv'];
  test.each(OWN)('%s is compressed for a program', async (path) => {
    const [plain, packed] = [
      await ask(path, bearer()),
      await ask(path, { ...bearer(), 'accept-encoding': 'gzip' }),
    ];
    expect([plain.encoding, packed.encoding, packed.response.headers.get('content-type')]).toEqual([
      null,
      'gzip',
      plain.response.headers.get('content-type'),
    ]);
    expect(unpacked(packed.bytes, 'gzip')).toBe(String(plain.bytes));
  });

  test('and never where a cookie was read', async () => {
    for (const path of [...OWN, `/api/v1/bets/${bet}/receipt`]) {
      const { response, encoding } = await ask(path, { ...cookie(), 'accept-encoding': 'br, gzip' });
      expect([path, response.status, encoding]).toEqual([path, 200, null]);
    }
    expect((await ask(`/api/v1/bets/${bet}/receipt`, { 'accept-encoding': 'br' })).encoding).toBe('br');
  });
});
