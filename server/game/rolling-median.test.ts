import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { RollingMedian } from './rolling-median.ts';

test('is the lower median of the last samples, whatever comes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 60 }),
      (samplesMax, samples) => {
        const rolling = new RollingMedian(samplesMax);
        samples.forEach((sample, i) => {
          rolling.add(sample);
          const kept = samples.slice(Math.max(0, i + 1 - samplesMax), i + 1).sort((a, b) => a - b);
          expect(rolling.median).toBe(kept[(kept.length - 1) >> 1]!);
        });
      },
    ),
  );
});

test('is 0 before the first sample, and takes no NaN', () => {
  const rolling = new RollingMedian(3);
  expect(rolling.median).toBe(0);
  expect(() => rolling.add(NaN)).toThrow(RangeError);
  expect(() => new RollingMedian(0)).toThrow(RangeError);
});
