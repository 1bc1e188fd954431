import { describe, expect, test } from 'bun:test';
import { Chance } from '../../scripts/replay-market/chance.ts';
import { Recency } from './recency.ts';

describe('Recency', () => {
  test('does what a Map does whose keys are put in anew when they are touched', () => {
    const chance = new Chance(7);
    const [recency, model] = [new Recency<number>(), new Map<string, number>()];
    const again = (key: string, value: number) => (model.delete(key), model.set(key, value));
    for (let step = 0; step < 5_000; step++) {
      const key = `k${chance.below(40)}`;
      const known = model.get(key);
      switch (chance.below(4)) {
        case 0:
          recency.set(key, step);
          again(key, step);
          break;
        case 1:
          expect(recency.touch(key)).toBe(known);
          if (known !== undefined) again(key, known);
          break;
        case 2:
          expect(recency.delete(key)).toBe(model.delete(key));
          break;
        default:
          expect(recency.peek(key)).toBe(known);
      }
      expect(recency.size).toBe(model.size);
      const [oldest] = model;
      expect(recency.oldest === null ? undefined : [recency.oldest.key, recency.oldest.value]).toEqual(
        oldest,
      );
      if (step % 50 === 0) expect([...recency]).toEqual([...model]);
    }
  });

  test('what a walk meets may be deleted', () => {
    const recency = new Recency<number>();
    for (let value = 0; value < 5; value++) recency.set(`k${value}`, value);
    const met: string[] = [];
    for (const [key, value] of recency) {
      met.push(key);
      if (value % 2 === 0) recency.delete(key);
    }
    expect([met, [...recency].map(([key]) => key)]).toEqual([
      ['k0', 'k1', 'k2', 'k3', 'k4'],
      ['k1', 'k3'],
    ]);
  });
});
