import { expect, test } from 'bun:test';
import { lagMeter } from './readings.ts';
import { LatencyHistogram } from '../ports/latency.ts';

test('a step on time has no lag, a late one has what it is late, and the next is measured from it', () => {
  const [lag, clock] = [new LatencyHistogram(), { ms: 5 }];
  const step = lagMeter(100, lag, () => clock.ms);
  for (const ms of [0, 100, 100, 350, 100]) {
    clock.ms += ms;
    step();
  }
  expect([lag.count, lag.sumMs, lag.upTo([1, 200, 1000])]).toEqual([4, 250, [3, 3, 4]]);
});

test('a histogram counts what took at most so long, and all of it', () => {
  const lag = new LatencyHistogram();
  for (const ms of [0.01, 0.9, 4, 90, 1e9]) lag.record(ms);
  expect(lag.upTo([1, 5, 100])).toEqual([2, 3, 4]);
  expect(lag.count).toBe(5);
});
