import { describe, expect, test } from 'bun:test';
import { Rates } from './rates.ts';

const SECOND = { limit: 4, windowMs: 1000 };
const passes = (rates: Rates, key: string, now: number, tries: number) => Array.from({ length: tries }, () => rates.take(key, now)).filter(({ ok }) => ok).length;

describe('Rates', () => {
  test('a burst up to the limit, then the even refill', () => {
    const rates = new Rates(SECOND);
    expect(passes(rates, 'a', 0, 10)).toBe(4);
    expect(passes(rates, 'a', 249, 10)).toBe(0);
    expect(passes(rates, 'a', 250, 10)).toBe(1);
    expect(passes(rates, 'a', 1250, 10)).toBe(4);
    expect(passes(rates, 'a', 60_000, 10)).toBe(4);
  });

  test('says what the headers need', () => {
    const rates = new Rates(SECOND);
    expect(rates.take('a', 0)).toEqual({ ok: true, remaining: 3, limit: 4, resetMs: 250, retryAfterMs: 0 });
    expect(rates.take('a', 0, 3)).toEqual({ ok: true, remaining: 0, limit: 4, resetMs: 1000, retryAfterMs: 0 });
    expect(rates.take('a', 100)).toEqual({ ok: false, remaining: 0, limit: 4, resetMs: 900, retryAfterMs: 150 });
    expect(rates.take('a', 250)).toMatchObject({ ok: true });
  });

  test('a refusal costs nothing, a cost above the limit never passes', () => {
    const rates = new Rates(SECOND);
    expect(rates.take('a', 0, 5)).toMatchObject({ ok: false, remaining: 4 });
    expect(rates.take('a', 0, 4)).toMatchObject({ ok: true, remaining: 0 });
  });

  test('keys do not touch each other; a clock that steps back gives nothing', () => {
    const rates = new Rates(SECOND);
    expect(passes(rates, 'a', 1000, 4)).toBe(4);
    expect(passes(rates, 'b', 1000, 4)).toBe(4);
    expect(passes(rates, 'a', 0, 4)).toBe(0);
  });

  test('used buckets are not pushed out by other keys, newcomers share what is left', () => {
    const rates = new Rates(SECOND, 3);
    passes(rates, 'victim', 0, 4);
    for (let key = 0; key < 100; key++) rates.take(`flood-${key}`, 0);
    expect(rates.size).toBe(3);
    expect(rates.take('victim', 0).ok).toBe(false);
    expect(rates.take('newcomer', 0).ok).toBe(false);
    expect(rates.take('newcomer', 250).ok).toBe(true);
    expect(rates.take('another', 250).ok).toBe(true);
  });

  test('full buckets go away by themselves', () => {
    const rates = new Rates(SECOND, 1000);
    for (let key = 0; key < 1000; key++) rates.take(`key-${key}`, 0);
    for (let take = 0; take < 300; take++) rates.take('steady', 1000 + take);
    expect(rates.size).toBe(1);
  });
});
