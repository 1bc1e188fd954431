import { expect, test } from 'bun:test';
import { Turns } from './turns.ts';

/** A clock that only work moves on. */
function slow() {
  let at = 0;
  const done: string[] = [];
  const work = (name: string, ms: number) => () => {
    at += ms;
    done.push(name);
    return name;
  };
  return { work, done, steadyMs: () => at, pass: (ms: number) => void (at += ms) };
}
const never = (): never => {
  throw new Error('refused');
};

test('with time there is no wait; without, callers take turns and the loop comes round between the pieces', async () => {
  const { work, done, steadyMs, pass } = slow();
  const turns = new Turns(steadyMs);
  expect(turns.take('flood', work('flood 0', 10), never)).toBe('flood 0');
  const flood = Array.from({ length: 5 }, (_, index) =>
    turns.take('flood', work(`flood ${index + 1}`, 3), never),
  );
  const other = turns.take('other', work('other', 3), never);
  expect([done, turns.waiting]).toEqual([['flood 0'], 6]);
  let rounds = 0;
  const ticker = setInterval(() => (rounds++, pass(10)), 1);
  expect(await other).toBe('other');
  expect(done.indexOf('other')).toBeLessThan(3);
  expect(await Promise.all(flood)).toEqual(['flood 1', 'flood 2', 'flood 3', 'flood 4', 'flood 5']);
  clearInterval(ticker);
  expect([rounds > 1, turns.waiting]).toEqual([true, 0]);
});

test('what fails fails for its caller alone, and what is one too many is refused', async () => {
  const { work, steadyMs, pass } = slow();
  const turns = new Turns(steadyMs, 2);
  const broken = () => {
    throw new Error('broken');
  };
  expect(() => turns.take('a', broken, never)).toThrow('broken');
  turns.take('a', work('long', 20), never);
  const [first, second] = [turns.take('a', broken, never), turns.take('a', work('second', 1), never)];
  expect(turns.take('a', work('third', 1), () => 'refused')).toBe('refused');
  const ticker = setInterval(() => pass(50), 1);
  expect(await Promise.allSettled([first, second])).toEqual([
    { status: 'rejected', reason: new Error('broken') },
    { status: 'fulfilled', value: 'second' },
  ]);
  clearInterval(ticker);
});
