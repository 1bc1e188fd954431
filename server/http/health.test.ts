import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { METRICS } from './metric-names.ts';
import { openHouse, type TestHouse } from '../../test/stage/http-house.ts';
import { offers, practise, tapOn } from '../../test/stage/http-trader.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
  await house.pass(500);
});
afterAll(() => house.close());

/** How long commits take on a busy machine is not what is tested here. */
const failing = (body: any) =>
  body.checks
    .filter(({ name, state }: any) => state !== 'ok' && name !== 'commit')
    .map(({ name, state }: any) => `${name} ${state}`);

describe('health', () => {
  test('of a house that runs: every check, the age of the price, the chain heads', async () => {
    const { status, body, headers } = await house.look('/healthz');
    expect([status, failing(body), body.feed.tickAgeMs, headers.get('cache-control')]).toEqual([
      200,
      [],
      0,
      'no-store',
    ]);
    expect(body.chain).toEqual((await house.call('/api/v1/chain')).body);
    expect(body.checks.map(({ name }: any) => name)).toEqual([
      'start',
      'books',
      'writer',
      'operator',
      'price',
      'venues',
      'commit',
      'queue',
      'wal',
      'disk',
      'clock',
      'redis',
    ]);
  });

  test('prices that stop: degraded is still 200, open is 503, then well again', async () => {
    house.price.silent = true;
    await house.pass(3500);
    const degraded = await house.look('/healthz');
    expect([degraded.status, degraded.body.state]).toEqual([200, 'degraded']);
    expect(failing(degraded.body)).toContain('price degraded');
    await house.pass(7000);
    const open = await house.look('/healthz');
    expect([open.status, open.body.state, open.body.feed.tickAgeMs >= 10_000]).toEqual([503, 'open', true]);
    expect(failing(open.body)).toContain('price failed');
    expect((await house.call('/readyz')).status).toBe(200);
    expect((await house.look('/metrics')).text).toContain('tapgrid_breaker_state{state="open"} 1\n');
    house.price.silent = false;
    await house.pass(1000);
    expect((await house.look('/healthz')).status).toBe(200);
  });

  test('a disk that fills up is named before it is full', async () => {
    house.disk.usedShare = 0.72;
    await house.pass(1200);
    const warned = await house.look('/healthz');
    expect([warned.status, failing(warned.body)]).toEqual([200, ['disk degraded']]);
    house.disk.usedShare = 0.9;
    await house.pass(1200);
    const full = await house.look('/healthz');
    expect([full.status, failing(full.body)]).toEqual([503, ['disk failed']]);
    // No board is made any more, and prices come all the same.
    house.disk.usedShare = 0.96;
    await house.pass(12_000);
    expect((await house.look('/healthz')).body.feed.tickAgeMs).toBe(0);
    expect((await house.look('/metrics')).text).toContain('tapgrid_tick_age_seconds 0\n');
    house.disk.usedShare = 0.1;
    await house.pass(1200);
    expect((await house.look('/healthz')).status).toBe(200);
  });

  test('an edge whose engine is away is not ready, whatever else its house says', async () => {
    const away = await openHouse({
      deps: (deps) => ({
        ...deps,
        house: Object.assign(Object.create(deps.house), {
          health: () => ({
            state: 'open',
            causes: [{ cause: 'engine_away', severity: 'open', since: 0, detail: '' }],
          }),
        }),
      }),
    });
    const { body, status } = await away.call('/readyz');
    expect([body, status]).toEqual([{ ready: false }, 503]);
    await away.close();
  });

  test('a server that closes is not ready', async () => {
    const closing = await openHouse({ deps: (deps) => ({ ...deps, draining: () => true }) });
    await closing.pass(300);
    expect([
      (await closing.call('/readyz')).body,
      (await closing.call('/readyz')).status,
      (await closing.look('/healthz')).body.draining,
    ]).toEqual([{ ready: false }, 503, true]);
    await closing.close();
  });
});

describe('metrics', () => {
  test('are well formed, described, and count what happened', async () => {
    const trader = await practise(house);
    const [first, second] = offers(house);
    await trader.tap([tapOn(first!), { ...tapOn(second!), stake: 3 as never }]);
    const { text, headers } = await house.look('/metrics');
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(
        /^# (HELP|TYPE) (tapgrid|process)_\w+ .+$|^(tapgrid|process)_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? (NaN|-?\d+(\.\d+)?(e-?\d+)?)$/,
      );
    expect(text.match(/^# TYPE (\w+)/gm)!.map((line) => line.slice(7))).toEqual(Object.keys(METRICS));
    expect(text).toContain('\ntapgrid_taps_accepted_total 1\n');
    expect(text).toContain('\ntapgrid_taps_refused_total{code="stake_not_offered"} 1\n');
    expect(text).toContain('\ntapgrid_http_requests_total{route="/api/v1/taps",status="200"} 1\n');
  });
});
