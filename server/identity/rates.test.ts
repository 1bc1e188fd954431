import { describe, expect, test } from 'bun:test';
import { Rates } from './rates.ts';

const SECOND = { limit: 4, windowMs: 1000 };

function hands(keysMax?: number) {
  const rates = new Rates(SECOND, keysMax);
  const take = rates.take.bind(rates);
  const passes = (key: string, now: number, tries: number) =>
    Array.from({ length: tries }, () => take(key, now)).filter(({ ok }) => ok).length;
  return { rates, take, passes };
}

describe('Rates', () => {
  test('a burst up to the limit, then the even refill', () => {
    const { passes } = hands();
    expect([
      passes('a', 0, 10),
      passes('a', 249, 10),
      passes('a', 250, 10),
      passes('a', 1250, 10),
      passes('a', 60_000, 10),
    ]).toEqual([4, 0, 1, 4, 4]);
  });

  test('says what the headers need', () => {
    const { take } = hands();
    expect(take('a', 0)).toEqual({
      ok: true,
      remaining: 3,
      limit: 4,
      windowMs: 1000,
      resetMs: 250,
      retryAfterMs: 0,
    });
    expect(take('a', 0, 3)).toEqual({
      ok: true,
      remaining: 0,
      limit: 4,
      windowMs: 1000,
      resetMs: 1000,
      retryAfterMs: 0,
    });
    expect(take('a', 100)).toEqual({
      ok: false,
      remaining: 0,
      limit: 4,
      windowMs: 1000,
      resetMs: 900,
      retryAfterMs: 150,
    });
    expect(take('a', 250)).toMatchObject({ ok: true });
  });

  test('a refusal costs nothing, a cost above the limit never passes', () => {
    const { take } = hands();
    expect(take('a', 0, 5)).toMatchObject({ ok: false, remaining: 4 });
    expect(take('a', 0, 4)).toMatchObject({ ok: true, remaining: 0 });
  });

  test('keys do not touch each other; a clock that steps back gives nothing', () => {
    const { passes } = hands();
    expect(passes('a', 1000, 4)).toBe(4);
    expect(passes('b', 1000, 4)).toBe(4);
    expect(passes('a', 0, 4)).toBe(0);
  });

  test('used buckets are not pushed out by other keys, newcomers share what is left', () => {
    const { rates, take, passes } = hands(3);
    passes('victim', 0, 4);
    for (let key = 0; key < 100; key++) take(`flood-${key}`, 0);
    expect(rates.size).toBe(3);
    expect(take('victim', 0).ok).toBe(false);
    expect(take('newcomer', 0).ok).toBe(false);
    expect(take('newcomer', 250).ok).toBe(true);
    expect(take('another', 250).ok).toBe(true);
  });

  test('full buckets go away by themselves', () => {
    const { rates, take } = hands(1000);
    for (let key = 0; key < 1000; key++) take(`key-${key}`, 0);
    for (let after = 0; after < 300; after++) take('steady', 1000 + after);
    expect(rates.size).toBe(1);
  });
});
