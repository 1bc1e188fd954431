import { describe, expect, test } from 'bun:test';
import { Throttle } from './throttle.ts';

const LIMITS = { sliceRows: 4_000, sliceMs: 4, restShare: 3 };
/**
 * After so many slices of rows that take the writer `rowMs` each, in commits that take `commitMs` besides.
 */
function settled(rowMs: number, commitMs: number): Throttle {
  const throttle = new Throttle(LIMITS);
  for (let n = 0; n < 100; n++) throttle.fit(throttle.rows * rowMs, throttle.rows * rowMs + commitMs);
  return throttle;
}

describe('Pace', () => {
  test('a slice is as large as its time allows', () => {
    expect(settled(0.01, 5).rows).toBeWithin(395, 405);
    expect(settled(0.04, 5).rows).toBeWithin(98, 103);
  });

  test('within bounds, and it grows by half at a time', () => {
    expect([settled(0.000_1, 5).rows, settled(10, 5).rows]).toEqual([4_000, 20]);
    const throttle = new Throttle(LIMITS);
    throttle.fit(0.001, 5);
    expect(throttle.rows).toBe(300);
  });

  test('in commits that last long it takes a tenth of them, so that it goes on when much waits', () => {
    expect(settled(0.01, 300).rows).toBeWithin(3_300, 3_370);
    expect(settled(0.01, 40).rows).toBeWithin(440, 450);
  });

  test('others have three quarters of the writer, what passed while it waited counted', () => {
    const throttle = new Throttle(LIMITS);
    expect([
      throttle.restMs(4, 4),
      throttle.restMs(4, 10),
      throttle.restMs(4, 16),
      throttle.restMs(4, 500),
    ]).toEqual([12, 6, 0, 0]);
  });
});
