import { describe, expect, test } from 'bun:test';
import { cents, type Cents } from './price.ts';
import { VolatilityEstimator, WARM_SECONDS, type Volatility } from './volatility.ts';

interface Point {
  readonly at: number;
  readonly price: Cents;
}

const START = 1_770_000_000_000;

/** A seeded walk, `sigmaBp` per √s, a tick every `everyMs` from `from`. */
function walk(
  seconds: number,
  sigmaBp: number,
  { everyMs = 100, from = START, price = 7_000_000, seed = 1 } = {},
): Point[] {
  const chance = seeded(seed);
  const points: Point[] = [];
  const step = sigmaBp * 1e-4 * Math.sqrt(everyMs / 1000);
  for (let value = price, at = from; at <= from + seconds * 1000; at += everyMs) {
    points.push({ at, price: cents(Math.round(value)) });
    value *= 1 + step * Array.from({ length: 12 }, chance).reduce((sum, uniform) => sum + uniform, -6);
  }
  return points;
}

function seeded(seed: number): () => number {
  let state = seed * 2_654_435_761 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4294967296;
  };
}

const after = (points: readonly Point[], estimator = new VolatilityEstimator()): Volatility => {
  for (const point of points) estimator.onTick(point);
  return estimator.snapshot();
};

/**
 * What an auditor with the tick log and the definitions would compute: no state, everything from the whole
 * log. Gaps are not handled.
 */
function audited(points: readonly Point[]): Volatility {
  const first = Math.ceil(points[0]!.at / 1000);
  const last = Math.floor(points.at(-1)!.at / 1000);
  const priceAt = (second: number) => points.findLast(({ at }) => at <= second * 1000)!.price;
  const grid = Array.from({ length: last - first + 1 }, (_, i) => priceAt(first + i));
  const move = (i: number, lag: number) => 1e4 * Math.log(grid[i]! / grid[i - lag]!);
  const weighted = (halfLife: number, lag: number, upTo: number) => {
    let [sum, weight] = [0, 0];
    for (let i = lag; i <= upTo; i++) {
      const share = 2 ** (-(upTo - i) / halfLife);
      sum += (share * move(i, lag) ** 2) / lag;
      weight += share;
    }
    return weight === 0 ? 0 : sum / weight;
  };
  const rawAt = (i: number) =>
    0.3 * weighted(60, 10, i) + 0.5 * weighted(300, 10, i) + 0.2 * weighted(1800, 10, i);
  const minutes: number[] = [];
  const v10At = (i: number) => {
    if (i + 1 < WARM_SECONDS) return Math.max(1, rawAt(i));
    const sorted = minutes.filter((_, minute) => minuteIndex(minute) <= i).sort((a, b) => a - b);
    return Math.max(rawAt(i), (0.3 * (sorted[(sorted.length - 1) >> 1] ?? 0)) ** 2);
  };
  const warmMinutes = grid.flatMap((_, i) => ((first + i) % 60 === 0 && i + 1 >= WARM_SECONDS ? [i] : []));
  const minuteIndex = (minute: number) => warmMinutes[minute]!;
  for (const i of warmMinutes) minutes.push(Math.sqrt(rawAt(i)));
  let cw = 0.65;
  for (let i = WARM_SECONDS - 1; i + 5 < grid.length; i++) {
    if ((first + i) % 5 !== 0) continue;
    const start = (first + i) * 1000;
    const inside = points
      .filter(({ at }) => at >= start && at < start + 5000)
      .map(({ price }) => price as number);
    inside.push(grid[i]!);
    const range = 1e4 * Math.log(Math.max(...inside) / Math.min(...inside));
    const keep = 2 ** (-5 / 21_600);
    cw = keep * cw + (1 - keep) * (((Math.PI / 8) * range ** 2) / (5 * v10At(i)));
  }
  const end = grid.length - 1;
  const v10 = v10At(end);
  const fast = weighted(3, 1, end);
  const running = Math.abs(1e4 * Math.log(points.at(-1)!.price / grid[end]!));
  return {
    v10,
    vf: 0.5 * Math.max(0, fast - v10),
    cw: Math.min(1, Math.max(0.3, cw)),
    warm: grid.length >= WARM_SECONDS,
    sigma: Math.sqrt(v10),
    shock: Math.max(running, Math.abs(move(end, 1))) / Math.sqrt(v10),
    fastSlow: Math.sqrt(fast / v10),
  };
}

function expectSame(actual: Volatility, expected: Volatility): void {
  expect(actual.warm).toBe(expected.warm);
  for (const key of ['v10', 'vf', 'cw', 'sigma', 'shock', 'fastSlow'] as const)
    expect(Math.abs(actual[key] - expected[key])).toBeLessThanOrEqual(
      1e-8 * Math.max(1, Math.abs(expected[key])),
    );
}

describe('recomputed from the tick log and the definitions alone', () => {
  test.each([
    ['cold, ticks on the second', walk(400, 2, { everyMs: 250 })],
    ['cold, ticks beside the second', walk(400, 2, { everyMs: 230, from: START + 77 })],
    ['warm', walk(2000, 1.5, { everyMs: 500, from: START + 130, seed: 3 })],
    ['warm, sparse, calmer than the prior', walk(2100, 0.4, { everyMs: 1700, from: START + 3, seed: 5 })],
  ])('%s', (_, points) => {
    expectSame(after(points), audited(points));
  });
});

describe('warming up', () => {
  test('is cold for 1800 grid seconds, with the prior as the least', () => {
    const points = walk(WARM_SECONDS, 0.2, { everyMs: 1000 });
    const estimator = new VolatilityEstimator({ priorBp: 1 });
    const cold = after(points.slice(0, WARM_SECONDS - 1), estimator);
    expect([cold.warm, cold.v10]).toEqual([false, 1]);
    const warm = after(points.slice(WARM_SECONDS - 1), estimator);
    expect(warm.warm).toBe(true);
    expect(warm.sigma).toBeGreaterThan(0.15);
    expect(warm.sigma).toBeLessThan(0.25);
  });

  test('a wilder market than the prior shows before it is warm', () => {
    expect(after(walk(600, 5)).sigma).toBeGreaterThan(4);
  });

  test('a declared volatility is taken at its word at once', () => {
    const estimator = new VolatilityEstimator({ declaredBp: 2.5 });
    expect(estimator.snapshot()).toEqual({
      v10: 6.25,
      vf: 0,
      cw: 1,
      warm: true,
      sigma: 2.5,
      shock: 0,
      fastSlow: 0,
    });
    const { shock, fastSlow, ...fixed } = after(walk(100, 2.5), estimator);
    expect(fixed).toEqual({ v10: 6.25, vf: 0, cw: 1, warm: true, sigma: 2.5 });
    expect(shock).toBeGreaterThan(0);
    expect(fastSlow).toBeGreaterThan(0);
  });

  test.each([[{ priorBp: 0 }], [{ priorBp: NaN }], [{ declaredBp: -1 }], [{ declaredBp: Infinity }]])(
    '%p is no volatility',
    (options) => {
      expect(() => new VolatilityEstimator(options)).toThrow(RangeError);
    },
  );
});

describe('gaps', () => {
  const quiet = walk(WARM_SECONDS + 100, 1, { everyMs: 500 });
  const lastAt = quiet.at(-1)!.at;
  const jumped = (gapMs: number) => walk(30, 1, { everyMs: 500, from: lastAt + gapMs, price: 7_350_000 });

  test('a jump across a gap of more than 3 s is no return, no shock, no range', () => {
    const before = after(quiet);
    const then = after([...quiet, ...jumped(3001)]);
    expect(then.warm).toBe(true);
    expect(then.sigma).toBeLessThan(1.3 * before.sigma);
    expect(then.fastSlow).toBeLessThan(3);
    expect(then.cw).toBeCloseTo(before.cw, 2);
    expect(after([...quiet, jumped(3001)[0]!]).shock).toBe(0);
  });

  test('the same jump over 3 s or less is one', () => {
    const then = after([...quiet, ...jumped(3000)]);
    expect(then.sigma).toBeGreaterThan(5);
    expect(after([...quiet, jumped(3000)[0]!]).shock).toBeGreaterThan(40);
  });

  test('a gap within half an hour keeps it warm, a longer one does not', () => {
    expect(after([...quiet, ...jumped(1_800_000)]).warm).toBe(true);
    const cold = after([...quiet, ...jumped(1_800_001)]);
    expect([cold.warm, cold.v10 >= 1]).toEqual([false, true]);
  });

  test('a tick that goes back in time is left out', () => {
    const estimator = new VolatilityEstimator();
    const before = after(quiet, estimator);
    estimator.onTick({ at: lastAt - 1, price: cents(1) });
    expect(estimator.snapshot()).toEqual(before);
  });
});

test('the floor is 0.3 times the median when the market goes to sleep', () => {
  const estimator = new VolatilityEstimator();
  after(walk(4 * 3600, 2, { everyMs: 1000 }), estimator);
  const flat = Array.from({ length: 4 * 3600 }, (_, i) => ({
    at: START + (4 * 3600 + 1 + i) * 1000,
    price: cents(7_000_000),
  }));
  const asleep = after(flat.slice(0, 3 * 3600), estimator);
  expect(asleep.sigma).toBeGreaterThan(0.45);
  expect(asleep.sigma).toBeLessThan(0.75);
});

test('a price that never moved has no volatility and no NaN; its first move is a shock beyond measure', () => {
  const flat = Array.from({ length: 2000 }, (_, i) => ({ at: START + i * 1000, price: cents(7_000_000) }));
  const estimator = new VolatilityEstimator();
  expect(after(flat, estimator)).toEqual({
    v10: 0,
    vf: 0,
    cw: 0.65,
    warm: true,
    sigma: 0,
    shock: 0,
    fastSlow: 0,
  });
  estimator.onTick({ at: START + 1_999_500, price: cents(7_000_001) });
  expect(estimator.snapshot().shock).toBe(Infinity);
});

test('a move is seen at its own tick, not at the next whole second', () => {
  const estimator = new VolatilityEstimator();
  after(walk(WARM_SECONDS, 1), estimator);
  const at = START + WARM_SECONDS * 1000 + 100;
  estimator.onTick({ at, price: cents(7_200_000) });
  expect(estimator.snapshot().shock).toBeGreaterThan(5);
});
