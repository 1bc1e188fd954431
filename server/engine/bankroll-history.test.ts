import { expect, test } from 'bun:test';
import { micros } from '../game/money.ts';
import { BankrollHistory } from './bankroll-history.ts';

const HOUR = 3_600_000;

test('a week in steps of three hours, each moment read once', () => {
  const read: number[] = [];
  const history = new BankrollHistory({ bankrollAt: (_, at) => (read.push(at), micros(at / HOUR)) });
  const now = 1_000 * 3 * HOUR + 1;
  const points = history.until('PLAY', now);
  expect(points).toHaveLength(56);
  expect(points.at(-1)).toEqual({ at: 3_000 * HOUR, bankroll: 3_000 });
  expect(points[0]).toEqual({ at: (3_000 - 165) * HOUR, bankroll: 2_835 });
  history.until('PLAY', now + HOUR);
  expect(read).toHaveLength(56);
  expect(history.until('PLAY', now + 3 * HOUR).at(-1)!.bankroll).toBe(3_003);
  expect(read).toHaveLength(57);
  history.until('USD', now);
  expect(read).toHaveLength(113);
});

test('the present is not among the past', () => {
  const history = new BankrollHistory({ bankrollAt: () => micros(0) });
  expect(history.until('PLAY', 3 * HOUR).at(-1)!.at).toBe(0);
});
