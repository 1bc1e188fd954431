import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { dollars } from '../game/money.ts';
import { openHouse, type TestHouse } from '../../test/stage/http-house.ts';
import { offers, practise, tapOn, type Trader } from '../../test/stage/http-trader.ts';

/** Held, so that the row with it wins as soon as its window opens, and all others lose. */
const PRICE = 7_604_185;
const DAY = 86_400_000;
let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
  house.hold(PRICE);
  await house.pass(500);
});
afterAll(() => house.close());

const read = async (path: string) => (await house.call(path)).body;
const leadersOf = async (query: string): Promise<any[]> =>
  (await read(`/api/v1/leaderboard?${query}`)).leaders;
const naming = (trader: Trader, name: string, agree = true) =>
  house.call('/api/v1/account/name', {
    method: 'POST',
    token: trader.token,
    body: JSON.stringify({ name, agree }),
  });
const unnaming = (trader: Trader) =>
  house.call('/api/v1/account/name', { method: 'DELETE', token: trader.token });

/** Bets on the nearest column, at the price or far from it, and waits until they are decided. */
async function bet(traders: readonly Trader[], wins: boolean, stake = dollars(5)) {
  const [first] = offers(house);
  const column = offers(house).filter(({ start }) => start === first!.start);
  const offer = column.find(({ low, high }) => (low <= PRICE && PRICE <= high) === wins)!;
  for (const trader of traders) {
    const { body } = await trader.tap([tapOn(offer, stake)]);
    expect(body.results).toMatchObject([{ status: 'accepted' }]);
  }
  const crowd = await settled(offer.start);
  return { offer, crowd };
}

/** Waits until the window is over; what everybody saw before it opened. */
async function settled(start: number) {
  await house.pass(1_500);
  const crowd = house.engine.crowd();
  await house.pass(start + 5_500 - house.clock.now, 10);
  await house.pass(5_100, 10);
  return crowd;
}

describe('what others see', () => {
  test('a win is shown without a name, a loss is not', async () => {
    const [winner, loser] = [await practise(house), await practise(house)];
    const { offer } = await bet([winner], true);
    await bet([loser], false);
    const { wins, people } = await read('/api/v1/crowd');
    expect([wins, people]).toEqual([
      [
        {
          at: expect.any(Number),
          profit: expect.any(Number),
          multiplier: expect.any(Number),
          windowMs: 5000,
          currency: 'PLAY',
          name: null,
        },
      ],
      0,
    ]);
    expect(wins[0].at).toBeGreaterThanOrEqual(offer.start);
    const text = JSON.stringify(house.engine.crowd()) + JSON.stringify(house.engine.leaderboards());
    for (const { accountId, sessionId } of [winner, loser])
      expect(text).not.toMatch(new RegExp(`${accountId}|${sessionId}`));
    expect([await leadersOf('period=day'), await leadersOf('by=hit')]).toEqual([[], []]);
  });

  test('a cell is wanted once three accounts have bets on it, however many the bets of two are', async () => {
    const traders = await Promise.all([practise(house), practise(house), practise(house)]);
    const two = await bet(traders.slice(0, 2), false);
    const three = await bet(traders, false);
    expect([two.crowd.wanted, three.crowd.wanted]).toEqual([[], [{ cell: three.offer.cell, want: 1 }]]);
    expect(house.engine.crowd().wanted).toEqual([]);
  });
});

describe('who agreed to be named', () => {
  test('stands in the lists with all bets of the day, also those from before; profit is what bets brought, and grants are none', async () => {
    const [ada, bob] = [await practise(house), await practise(house)];
    await bet([ada, bob], true, dollars(10));
    const granted = await house.engine.refill(ada.accountId, dollars(1), dollars(10_000));
    expect(granted).toBe('not_empty');
    expect(await leadersOf('period=week')).toEqual([]);
    expect((await naming(ada, 'Ada-1815')).body).toEqual({ name: 'Ada-1815' });
    await house.pass(5_100, 10);
    const [first] = await leadersOf('period=day');
    const earned = (await ada.balance()) - dollars(10_000);
    expect(first).toEqual({ rank: 1, name: 'Ada-1815', profit: earned, hit: expect.any(Number), bets: 1 });
    await naming(bob, 'bob');
    await bet([bob], true, dollars(10));
    await bet([ada], false, dollars(1));
    const byProfit = await leadersOf('period=week&by=profit');
    expect(byProfit.map(({ name, bets }) => [name, bets])).toEqual([
      ['bob', 2],
      ['Ada-1815', 2],
    ]);
    expect(byProfit[1].profit).toBe(earned - dollars(1));
    expect((await read('/api/v1/crowd')).wins[0]).toMatchObject({ name: 'bob' });
    expect((await unnaming(bob)).status).toBe(204);
    expect((await leadersOf('period=week')).map(({ name }) => name)).toEqual(['Ada-1815']);
    expect(JSON.stringify([house.engine.crowd(), house.engine.leaderboards()])).not.toContain('bob');
    await unnaming(ada);
  }, 20_000);

  test.each([
    ['x', 'name_refused'],
    ['admin', 'name_refused'],
    ['acme7', 'name_refused'],
    ['sh1t', 'name_refused'],
    ['<script>', 'name_refused'],
  ])('nobody is called %j: %s', async (name, code) => {
    const trader = await practise(house);
    const { status, body } = await naming(trader, name);
    expect([status, body.error.code, body.error.field]).toEqual([400, code, 'name']);
    expect(house.books.nameOf(trader.accountId)).toBeNull();
  });

  test('nobody is named without having agreed', async () => {
    const trader = await practise(house);
    expect((await naming(trader, 'grace', false)).status).toBe(400);
    expect(house.books.nameOf(trader.accountId)).toBeNull();
  });
});

test('the day begins anew at midnight UTC, the week on Monday; what a restart finds in the books counts as before', async () => {
  const here = await openHouse();
  here.hold(PRICE);
  await here.pass(500);
  const trader = await practise(here);
  await here.engine.nameAccount(trader.accountId, 'Ada');
  const win = offers(here).find(({ low, high }) => low <= PRICE && PRICE <= high)!;
  await trader.tap([tapOn(win)]);
  await here.pass(win.start + 600 - here.clock.now, 10);
  await here.pass(5_100, 10);
  const before = here.engine.leaderboards();
  expect(before.counting).toBe(false);
  expect(before.day.leaders.profit).toMatchObject([{ name: 'Ada', bets: 1 }]);
  expect([new Date(before.week.since).getUTCDay(), before.week.since % DAY, before.day.since % DAY]).toEqual([
    1, 0, 0,
  ]);
  await here.close(true);

  const { dataDir } = here;
  const again = await openHouse({ dataDir, startAt: here.clock.now });
  expect(again.engine.leaderboards()).toMatchObject({ counting: true });
  await again.pass(5_200, 10);
  expect(again.engine.leaderboards()).toEqual(before);
  again.clock.now = before.day.until;
  await again.pass(5_200, 10);
  expect(again.engine.leaderboards().day).toMatchObject({ since: before.day.until, leaders: { profit: [] } });
  expect(again.engine.leaderboards().week.leaders).toEqual(before.week.leaders);
  await again.close(true);

  const later = await openHouse({ dataDir, startAt: before.week.until });
  await later.pass(5_200, 10);
  expect(later.engine.leaderboards().week).toMatchObject({ since: before.week.until, leaders: { hit: [] } });
  await later.close();
}, 20_000);

test('a practice account that is signed out is nobody’s any more, and loses its name', async () => {
  const trader = await practise(house);
  await house.engine.nameAccount(trader.accountId, 'Leaver');
  await house.engine.endSessions(trader.accountId, trader.sessionId);
  await house.engine.batcher.drained();
  expect(house.books.nameOf(trader.accountId)).toBeNull();
});
