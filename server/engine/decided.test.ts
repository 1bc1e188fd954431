import { expect, test } from 'bun:test';
import { openHouse } from '../../test/stage/http-house.ts';
import { offers, practise, tapOn } from '../../test/stage/http-trader.ts';

const QUIET = 7_600_500;

test('no tick comes from before what the clock has decided: the price that was carried into a window stays the one', async () => {
  const house = await openHouse({ simulated: true });
  house.hold(QUIET);
  await house.pass(2000);
  const trader = await practise(house);
  const offer = offers(house).find(
    ({ low, high, start }) => low <= QUIET && high >= QUIET && start > house.clock.now + 9000,
  )!;
  const { body } = await trader.tap([tapOn(offer)]);
  const { betId } = body.results[0];
  // The exchanges fall silent 200 ms before the opening; 100 ms after it the clock alone has decided.
  await house.pass(offer.start - 200 - house.clock.now);
  house.price.silent = true;
  await house.pass(300);
  const decided = house.deps.books.bet(betId)!;
  expect([decided.status, decided.closedAt]).toEqual(['won', offer.start]);
  const last = house.deps.books.lastTick()!;
  // The clock is set back to before the opening, and the exchanges are there again, far away.
  house.clock.now = offer.start - 150;
  house.price.silent = false;
  house.hold(QUIET + 50_000);
  await house.pass(200);
  expect(house.deps.books.lastTick()).toEqual(last);
  await house.pass(200);
  expect(house.deps.books.lastTick()!.at).toBeGreaterThan(offer.start + 100);
  const receipt = (await house.call(`/api/v1/bets/${betId}/receipt`)).body;
  expect(receipt.ticks.filter(({ at }: { at: number }) => at > last.at && at <= offer.start)).toEqual([]);
  await house.close();
});
