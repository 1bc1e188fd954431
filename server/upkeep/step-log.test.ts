import { expect, test } from 'bun:test';
import type { Bet } from '../game/bet.ts';
import { micros } from '../game/money.ts';
import { cents } from '../game/price.ts';
import { Events } from '../ports/events.ts';
import { createLog } from './log.ts';
import { logSteps, NAMED_BETS_MAX } from './step-log.ts';

const linesAt = (level: string, happens: (events: Events) => void): Record<string, unknown>[] => {
  const lines: Record<string, unknown>[] = [];
  const events = new Events();
  logSteps(events, createLog(level, { write: (line) => void lines.push(JSON.parse(line)) }));
  happens(events);
  return lines;
};

const price = cents(7_600_000);
const tick = (seq: number, at: number) => ({ seq, at, price, sources: [{ venue: 'walk', price }] });
const bet = (n: number) => ({ bet: { id: `b${n}`, status: 'lost' } as Bet, balance: micros(0) });

test('each tick has a line; a silence has one where it begins, and one where it ends', () => {
  const lines = linesAt('debug', (events) => {
    events.emit('tick', tick(1, 100));
    for (const at of [200, 300, 400]) events.emit('silence', { at, why: 'no_price' });
    events.emit('tick', tick(2, 500));
  });
  expect(lines.map(({ time: _, level: __, ...line }) => line)).toEqual([
    { ...tick(1, 100), msg: 'tick' },
    { why: 'no_price', at: 200, msg: 'no tick' },
    { why: 'no_price', ms: 300, msg: 'ticks again' },
    { ...tick(2, 500), msg: 'tick' },
  ]);
});

test('many bets are one line, which names some and counts all', () => {
  const updates = Array.from({ length: 3 * NAMED_BETS_MAX }, (_, n) => bet(n));
  const [line, ...others] = linesAt('debug', (events) => events.emit('bets', updates));
  expect(others).toEqual([]);
  expect(line).toMatchObject({ msg: 'bets', counts: { lost: updates.length } });
  expect(line!['named']).toHaveLength(NAMED_BETS_MAX);
});

test('at any other level nothing is said', () => {
  for (const level of ['info', 'warn', 'silent'])
    expect(linesAt(level, (events) => events.emit('tick', tick(1, 100)))).toEqual([]);
});
