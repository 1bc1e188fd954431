import { expect, test } from 'bun:test';
import { Precedence } from './precedence.ts';

/** An edge of which the test says how busy it is; `mayReturn` whether the system lets niceness sink. */
function edge(mayReturn: boolean) {
  const set: number[] = [];
  let [usedMs, at, now] = [0, 0, 0];
  const precedence = new Precedence({
    niceness: 10,
    setNiceness: (niceness) => {
      if (!mayReturn && niceness < now) throw new Error('EACCES');
      set.push((now = niceness));
    },
    usedMs: () => usedMs,
    steadyMs: () => at,
  });
  /** A second in which it used so much of a processor. */
  const second = (share: number): number => {
    at += 1_000;
    usedMs += share * 1_000;
    precedence.look();
    return now;
  };
  return { second, set, niceness: () => now };
}

test('an edge that starts stands behind the others until it has been calm for a while', () => {
  const { second, niceness } = edge(true);
  expect(niceness()).toBe(15);
  expect([second(1), second(0.2), second(0.2), second(0.2)]).toEqual([15, 15, 15, 10]);
});

test('one that is kept busy goes back at once, and comes forward when it has been calm for seconds in a row', () => {
  const { second } = edge(true);
  for (let n = 0; n < 3; n++) second(0.1);
  expect([second(0.4), second(0.6), second(0.4)]).toEqual([10, 15, 15]);
  expect([second(0.2), second(0.2), second(0.4), second(0.2), second(0.2)]).toEqual([15, 15, 15, 15, 15]);
  expect([second(0.2), second(0.2)]).toEqual([10, 10]);
});

test('where the system would not let it come forward again it never goes back', () => {
  const { second, set, niceness } = edge(false);
  const begun = niceness();
  expect(begun).toBeLessThanOrEqual(11);
  const changes = set.length;
  for (let n = 0; n < 5; n++) expect(second(1)).toBe(begun);
  expect(set.length).toBe(changes);
});
