import { expect, test } from 'bun:test';
import { Progress } from './progress.ts';

function drawn(isTTY: boolean, shares: readonly number[]): string[] {
  const written: string[] = [];
  const progress = new Progress('playing', { isTTY, write: (text) => written.push(text) });
  for (const share of shares) progress.update(share, '7 bets');
  progress.end();
  return written;
}

test('on a terminal one line is drawn over and cleared at the end', () => {
  const [bar, cleared, ...more] = drawn(true, [0.5, 0.51]);
  expect(bar).toMatch(/^\r\x1b\[Kplaying █{15}░{15} 50 % 7 bets/);
  expect([cleared, more]).toEqual(['\r\x1b[K', []]);
});

test('elsewhere a plain line comes at every tenth, once', () => {
  expect(drawn(false, [0.05, 0.1, 0.15, 0.31, 1])).toEqual([
    'playing: 10 % 7 bets\n',
    'playing: 31 % 7 bets\n',
    'playing: 100 % 7 bets\n',
  ]);
});

test('a share past the end does not overflow the bar', () => {
  expect(drawn(true, [1.4])[0]).toContain(`${'█'.repeat(30)} `);
});
