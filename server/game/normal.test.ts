import { describe, expect, test } from 'bun:test';
import { exp, normal, normalBetween, upperTail } from './normal.ts';

/** Q(x) and e^x to 17 digits, from 40-digit arithmetic. */
const UPPER_TAILS: [number, number][] = [
  [0, 0.5],
  [0.25, 0.40129367431707628],
  [0.6, 0.27425311775007359],
  [1, 0.15865525393145705],
  [1.959964, 0.024999999096442402],
  [3, 0.0013498980316300945],
  [5.6, 1.0717590258310929e-8],
  [5.7, 5.9903714010635282e-9],
  [10, 7.6198530241605261e-24],
  [20, 2.7536241186062337e-89],
  [37, 5.7255712225245768e-300],
  [-1.5, 0.93319279873114193],
];
const EXPONENTIALS: [number, number][] = [
  [0, 1],
  [1, 2.718281828459045],
  [-1, 0.36787944117144233],
  [0.35, 1.4190675485932573],
  [-10.5, 2.7536449349747158e-5],
  [100, 2.6881171418161356e43],
  [-700, 9.85967654375977e-305],
];

describe('normal distribution in plain arithmetic', () => {
  test.each(UPPER_TAILS)('Q(%p)', (x, expected) => {
    expect(Math.abs(upperTail(x) / expected - 1)).toBeLessThan(2e-15);
    expect(normal(-x)).toBe(upperTail(x));
  });

  test.each(EXPONENTIALS)('e^%p', (x, expected) => {
    expect(Math.abs(exp(x) / expected - 1)).toBeLessThan(5e-16);
  });

  test('nothing but the limits beyond the range', () => {
    expect([upperTail(Infinity), upperTail(-Infinity), upperTail(50), upperTail(-50)]).toEqual([0, 1, 0, 1]);
    expect([exp(-1000), exp(1000), exp(-Infinity)]).toEqual([0, Infinity, 0]);
  });

  test('an interval far out on either side keeps its digits', () => {
    expect(normalBetween(8, 9)).toBe(normalBetween(-9, -8));
    expect(Math.abs(normalBetween(8, 9) / 6.2198319858658303e-16 - 1)).toBeLessThan(1e-14);
    expect(normalBetween(-Infinity, Infinity)).toBe(1);
  });
});
