import { describe, expect, test } from 'bun:test';
import { Pace } from './pace.ts';

const LIMITS = { sliceRows: 4_000, sliceMs: 4, restShare: 3 };
/**
 * After so many slices of rows that take the writer `rowMs` each, in commits that take `commitMs` besides.
 */
function settled(rowMs: number, commitMs: number): Pace {
  const pace = new Pace(LIMITS);
  for (let n = 0; n < 100; n++) pace.fit(pace.rows * rowMs, pace.rows * rowMs + commitMs);
  return pace;
}

describe('Pace', () => {
  test('a slice is as large as its time allows', () => {
    expect(settled(0.01, 5).rows).toBeWithin(395, 405);
    expect(settled(0.04, 5).rows).toBeWithin(98, 103);
  });

  test('within bounds, and it grows by half at a time', () => {
    expect([settled(0.000_1, 5).rows, settled(10, 5).rows]).toEqual([4_000, 20]);
    const pace = new Pace(LIMITS);
    pace.fit(0.001, 5);
    expect(pace.rows).toBe(300);
  });

  test('in commits that last long it takes a tenth of them, so that it goes on when much waits', () => {
    expect(settled(0.01, 300).rows).toBeWithin(3_300, 3_370);
    expect(settled(0.01, 40).rows).toBeWithin(440, 450);
  });

  test('others have three quarters of the writer, what passed while it waited counted', () => {
    const pace = new Pace(LIMITS);
    expect([pace.restMs(4, 4), pace.restMs(4, 10), pace.restMs(4, 16), pace.restMs(4, 500)]).toEqual([
      12, 6, 0, 0,
    ]);
  });
});
