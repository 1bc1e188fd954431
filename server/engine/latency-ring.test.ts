import { expect, test } from 'bun:test';
import { LatencyHistogram } from '../ports/latency.ts';
import { LatencyRing } from './latency-ring.ts';

const MINUTE = 60_000;

test('each minute stands for itself, and an hour of them is kept', () => {
  const latency = new LatencyHistogram();
  latency.record(5_000);
  const ring = new LatencyRing(latency, 0);
  expect(ring.points(1)).toEqual([{ at: 1, count: 0, p50: 0, p95: 0, p99: 0 }]);
  for (let i = 0; i < 98; i++) latency.record(2);
  latency.record(40);
  latency.record(40);
  ring.step(MINUTE - 1);
  ring.step(MINUTE);
  latency.record(400);
  const [first, current] = ring.points(MINUTE + 5);
  expect([first!.count, current!.count]).toEqual([100, 1]);
  expect(first!.p50).toBeWithin(1.9, 2.3);
  expect(first!.p95).toBeWithin(1.9, 2.3);
  expect(first!.p99).toBeWithin(36, 45);
  expect(current!.p50).toBeWithin(360, 450);
  for (let minute = 2; minute < 100; minute++) ring.step(minute * MINUTE);
  expect(ring.points(100 * MINUTE)).toHaveLength(61);
  expect(ring.points(100 * MINUTE)[0]!.at).toBe(40 * MINUTE);
});

test('a clock that was set back does not stop it', () => {
  const ring = new LatencyRing(new LatencyHistogram(), 100 * MINUTE);
  ring.step(MINUTE);
  ring.step(2 * MINUTE);
  expect(ring.points(2 * MINUTE).map(({ at }) => at)).toEqual([MINUTE, 2 * MINUTE, 2 * MINUTE]);
});
