import { expect, test } from 'bun:test';
import { Follow } from './glide.js';

/** Pixels a second at a moment. */
const speedAt = (follow: Follow, moment: number): number =>
  (follow.at(moment + 0.5) - follow.at(moment - 0.5)) * 1000;

test('it sets off and arrives gently, and passes no goal', () => {
  const follow = new Follow();
  const from = performance.now();
  follow.move({ y: 300 });
  const places = Array.from({ length: 200 }, (_, i) => follow.at(from + i * 10));
  expect(places[0]).toBeCloseTo(0, 0);
  expect(places.at(-1)).toBe(300);
  expect(places.toSorted((a, b) => a - b)).toEqual(places);
  // The first step is a small one, and so are the last.
  const steps = places.slice(1).map((place, i) => place - places[i]!);
  const largest = Math.max(...steps);
  expect(steps[0]!).toBeLessThan(largest / 5);
  expect(Math.max(...steps.slice(-60))).toBeLessThan(0.5);
});

test('a goal that changes under way changes no speed at once', () => {
  const follow = new Follow();
  follow.move({ y: 300 });
  const moved = performance.now();
  while (performance.now() - moved < 150);
  const before = [follow.at(performance.now()), speedAt(follow, performance.now())] as const;
  follow.move({ y: -200 });
  const now = performance.now() + 1;
  expect(before[1]).toBeGreaterThan(100);
  expect(Math.abs(follow.at(now) - before[0])).toBeLessThan(20);
  expect(speedAt(follow, now)).toBeGreaterThan(before[1] / 3);
  expect(follow.goal).toBe(-200);
  expect(follow.at(now + 2000)).toBe(-200);
});
