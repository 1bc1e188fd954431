import { expect, test } from 'bun:test';
import { watchdog, WRITER_MS_MAX } from './watchdog.ts';

function watched(patienceMs: number | null) {
  const heard: number[] = [];
  const clock = { ms: 0 };
  const writer = { underWayMs: 0 };
  const step = watchdog(
    (state) => (heard.push(state === 'WATCHDOG=1' ? clock.ms : NaN), true),
    patienceMs,
    writer,
    () => clock.ms,
  );
  return {
    heard,
    writer,
    pass: (ms: number) => {
      for (const end = clock.ms + ms; clock.ms < end; clock.ms += 100) step();
    },
    skip: (ms: number) => void (clock.ms += ms),
  };
}

test('the manager is told three times within its patience, not on every step', () => {
  const { heard, pass } = watched(3000);
  pass(4000);
  expect(heard).toEqual([0, 1000, 2000, 3000]);
});

test('no steps, no word', () => {
  const { heard, pass, skip } = watched(3000);
  pass(100);
  skip(60_000);
  expect(heard).toEqual([0]);
  pass(100);
  expect(heard).toHaveLength(2);
});

test('a writer that hangs in a commit is not vouched for, one that comes back is', () => {
  const { heard, writer, pass } = watched(3000);
  writer.underWayMs = WRITER_MS_MAX;
  pass(100);
  writer.underWayMs = WRITER_MS_MAX + 1;
  pass(10_000);
  expect(heard).toEqual([0]);
  writer.underWayMs = 0;
  pass(100);
  expect(heard).toHaveLength(2);
});

test('where nobody watches, nothing is said', () => {
  const { heard, pass } = watched(null);
  pass(5000);
  expect(heard).toEqual([]);
});
