import { expect, test } from 'bun:test';
import { openHouse, type TestHouse } from '../../test/stage/http-house.ts';
import { offers, practise, tapOn } from '../../test/stage/http-trader.ts';

/** A bet far from the price, on a window that opens in more than nine seconds. */
async function bet(house: TestHouse): Promise<{ id: string; start: number }> {
  const trader = await practise(house);
  const offer = offers(house).find(({ start }) => start > house.clock.now + 9000)!;
  const { body } = await trader.tap([tapOn(offer)]);
  return { id: body.results[0].betId, start: offer.start };
}
const worstMs = (house: TestHouse): number => house.engine.settlement.lag.quantile(1);
const statusOf = (house: TestHouse, id: string) => house.deps.books.bet(id)?.status;

test('a gap that gives a bet back long after its window is no late settlement', async () => {
  const house = await openHouse({ simulated: true });
  await house.pass(2000);
  const { id, start } = await bet(house);
  await house.pass(start - 1000 - house.clock.now);
  house.price.silent = true;
  // So long that nothing is decided by the clock yet when prices come back.
  house.clock.now = start + 60_000;
  house.price.silent = false;
  await house.pass(200);
  expect([statusOf(house, id), house.engine.settlement.lag.count]).toEqual(['void', 1]);
  expect(worstMs(house)).toBeLessThan(200);
  const { outcomes, voids } = house.engine.settlement.closed;
  expect([outcomes.PLAY, voids.PLAY.gap]).toEqual([{ won: 0, lost: 0, void: 1 }, 1]);
  await house.close();
});

test('nor is what a stop of a minute left to be given back at the start', async () => {
  const before = await openHouse({ simulated: true });
  await before.pass(2000);
  const { id, start } = await bet(before);
  await before.pass(start - 500 - before.clock.now);
  await before.close(true);
  const house = await openHouse({ simulated: true, dataDir: before.dataDir, startAt: start + 60_000 });
  await house.pass(500);
  expect([statusOf(house, id), house.engine.settlement.lag.count]).toEqual(['void', 1]);
  expect(worstMs(house)).toBeLessThan(200);
  // It is no fault of the feed either, and of what alarms there is none.
  const { outcomes, voids } = house.engine.settlement.closed;
  expect([outcomes.PLAY.void, Object.values(voids.PLAY)]).toEqual([1, [0, 0, 0, 0]]);
  await house.close();
});

test('a bet that is paid long after the tick that decided it is late', async () => {
  const house = await openHouse({ simulated: true });
  house.hold(7_600_500);
  await house.pass(2000);
  const { id, start } = await bet(house);
  await house.pass(start + 4900 - house.clock.now);
  house.clock.now = start + 5000;
  house.engine.step(house.clock.now);
  // The commit takes two seconds.
  house.clock.now += 2000;
  await house.engine.batcher.drained();
  await Bun.sleep(0);
  expect(statusOf(house, id)).toMatch(/won|lost/);
  expect(worstMs(house)).toBeGreaterThan(1_900);
  await house.close();
});
