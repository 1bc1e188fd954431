import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openHouse, type TestHouse } from '../../../test/stage/http-house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
  await house.pass(30_000);
});
afterAll(() => house.close());

const read = async (query: string) => {
  const { body, headers, status } = await house.call(`/api/v1/revisions${query}`);
  expect(status).toBe(200);
  const numbers = body.revisions.map(({ revision }: { revision: number }) => revision);
  return {
    first: numbers[0],
    last: numbers.at(-1),
    count: numbers.length,
    kept: headers.get('cache-control'),
  };
};

test('without bounds the newest page is read, which nobody may keep', async () => {
  const newest = house.engine.board()!.revision.revision;
  expect(newest).toBeGreaterThan(100);
  expect(await read('')).toEqual({ first: newest - 99, last: newest, count: 100, kept: 'no-store' });
});

test.each([
  ['?from=5', { first: 5, last: 5, count: 1 }],
  ['?from=5&to=7', { first: 5, last: 7, count: 3 }],
  ['?from=5&to=500000', { first: 5, count: 100 }],
  ['?to=7', { first: 1, last: 7, count: 7 }],
])('%s', async (query, found) => {
  const { kept, ...page } = await read(query);
  expect(page).toMatchObject(found);
  expect(kept).toStartWith('public');
});
