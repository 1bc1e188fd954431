import { expect, test } from 'bun:test';
import { FAILED_MS, FETCH_QUEUE_MAX, FetchDesk } from './fetch-desk.ts';

/** A desk whose fetches end when the test says so. */
function desk(allowed = Infinity) {
  const clock = { now: 1_800_000_000_000 };
  const begun: { segment: number; end: (fault: string | null) => void }[] = [];
  const onFault: string[] = [];
  let left = allowed;
  const here = new Set<number>();
  const start = (segment: number): Promise<string | null> =>
    new Promise((resolve) => {
      begun.push({ segment, end: (fault) => (fault === null && here.add(segment), resolve(fault)) });
    });
  const lacks = (segment: number) => () => (here.has(segment) ? [] : [segment]);
  const take = () => ({ ok: left-- > 0, retryAfterMs: 60_000 });
  return {
    clock,
    begun,
    here,
    lacks,
    onFault,
    desk: new FetchDesk({
      start,
      take,
      now: () => clock.now,
      onFault: (segment, fault) => void onFault.push(`${segment}: ${fault}`),
    }),
  };
}
const turn = () => Bun.sleep(0);

test('segments are fetched one at a time, first come first served, and each once however often it is asked for', async () => {
  const house = desk();
  expect(house.desk.fetch('ada', house.lacks(1))).toMatchObject({ state: 'fetching' });
  expect(house.desk.fetch('bob', house.lacks(2))).toMatchObject({ state: 'waiting' });
  expect(house.desk.fetch('cy', house.lacks(2))).toMatchObject({ state: 'waiting' });
  expect(house.begun.map(({ segment }) => segment)).toEqual([1]);
  house.begun[0]!.end(null);
  await turn();
  expect(house.begun.map(({ segment }) => segment)).toEqual([1, 2]);
  expect([
    house.desk.progress([1]).state,
    house.desk.progress([2]).state,
    house.desk.progress([]).state,
  ]).toEqual(['archived', 'fetching', 'here']);
  house.begun[1]!.end(null);
  await turn();
  expect(house.begun.length).toBe(2);
});

test('one that failed is told to the operator, stops no other, and is not tried again for a while', async () => {
  const house = desk();
  house.desk.fetch('ada', house.lacks(1));
  house.desk.fetch('ada', house.lacks(2));
  house.begun[0]!.end('it is damaged');
  await turn();
  expect([house.onFault, house.begun.map(({ segment }) => segment)]).toEqual([['1: it is damaged'], [1, 2]]);
  house.clock.now += FAILED_MS - 1;
  expect(house.desk.fetch('bob', house.lacks(1))).toEqual({ state: 'failed', retryAfterMs: 1 });
  house.clock.now += 1;
  expect(house.desk.fetch('bob', house.lacks(1))).toMatchObject({ state: 'waiting' });
});

test('a fetch that ends after the stop asks nobody what is lacking, and no other is begun', async () => {
  const house = desk();
  let asked = 0;
  const lacking = () => (asked++, house.lacks(1)());
  house.desk.fetch('ada', lacking);
  house.desk.fetch('bob', house.lacks(2));
  const before = asked;
  house.desk.stop();
  house.begun[0]!.end(null);
  await turn();
  expect([asked, house.begun.length, house.onFault]).toEqual([before, 1, []]);
});

test('a full queue is busy, and an account that asks too often is told so: neither is queued', () => {
  const house = desk();
  for (let segment = 0; segment <= FETCH_QUEUE_MAX; segment++)
    expect(house.desk.fetch('ada', house.lacks(segment))).not.toHaveProperty('code');
  expect(house.desk.fetch('bob', house.lacks(99))).toMatchObject({ code: 'busy' });
  expect(house.desk.progress([99]).state).toBe('archived');
  const strict = desk(1);
  strict.desk.fetch('ada', strict.lacks(1));
  expect(strict.desk.fetch('ada', strict.lacks(2))).toEqual({ code: 'rate_limited', retryAfterMs: 60_000 });
  // To look how far it is costs nothing.
  expect(strict.desk.fetch('ada', strict.lacks(1))).toMatchObject({ state: 'fetching' });
  expect(strict.desk.progress([2]).state).toBe('archived');
});

test('what turns out to be missing when a part is there is fetched too, and what failed is not tried again for it', async () => {
  const house = desk();
  // Where a bet was closed is known when it is here itself.
  const lacking = () => (house.here.has(1) ? [2, 3].filter((segment) => !house.here.has(segment)) : [1]);
  house.desk.fetch('ada', lacking);
  for (const [nth, fault] of [null, 'it is damaged', null].entries()) {
    house.begun[nth]!.end(fault);
    await turn();
  }
  expect([
    house.begun.map(({ segment }) => segment),
    [...house.here],
    house.desk.progress(lacking()).state,
  ]).toEqual([[1, 2, 3], [1, 3], 'failed']);
});
