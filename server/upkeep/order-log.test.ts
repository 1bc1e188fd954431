import { expect, test } from 'bun:test';
import type { Bet } from '../game/bet.ts';
import type { CellId } from '../game/grid.ts';
import { dollars, micros, multiplier } from '../game/money.ts';
import { cents } from '../game/price.ts';
import type { AnsweredOrder } from '../ports/house.ts';
import { OrderLog, ROWS_PER_LINE_MAX } from './order-log.ts';

const CELL = '1781481610000.5000.7602000.7603000' as CellId;
const tap = { cell: CELL, stake: dollars(5), multiplier: multiplier(235), revision: 7 };
const order = (over: Partial<AnsweredOrder> = {}): AnsweredOrder => ({
  requestId: 'request',
  accountId: 'ada',
  sessionId: 'session',
  ms: 3.14159,
  order: { nonce: 'nonce', deadline: 9, taps: [tap, tap], signature: 'secret' } as AnsweredOrder['order'],
  answer: {
    replayed: false,
    balance: dollars(995),
    results: [
      { status: 'accepted', betId: 'bet', multiplier: multiplier(235), lockAt: 1, balance: dollars(995) },
      { status: 'rejected', code: 'duplicate_cell' },
    ],
  },
  ...over,
});
const bet = {
  id: 'bet',
  accountId: 'ada',
  cell: { startMs: 1781481610000, windowMs: 5000, low: cents(7_602_000), high: cents(7_603_000) },
  status: 'won',
  locked: multiplier(231),
  lockedRevision: 9,
  payout: micros(11_550_000),
  closedTick: 12,
  voidReason: null,
} as Bet;

function collected() {
  const [lines, planned]: [[Record<string, any>, string][], (() => void)[]] = [[], []];
  return {
    lines,
    planned,
    log: new OrderLog(
      { info: (fields, message) => void lines.push([fields, message]) },
      (work) => void planned.push(work),
    ),
  };
}

test('an order stands with each of its taps, without its signature; what happens in one turn shares a line', () => {
  const { lines, planned, log } = collected();
  log.answered(order());
  log.answered(order({ requestId: null, answer: { code: 'halted' } }));
  expect([lines.length, planned.length]).toEqual([0, 1]);
  planned[0]!();
  const named = { accountId: 'ada', sessionId: 'session', nonce: 'nonce', deadline: 9, ms: 3.1 };
  const ordered = { cell: CELL, stake: 5_000_000, multiplier: 235, revision: 7 };
  expect(lines).toEqual([
    [
      {
        orders: [
          {
            requestId: 'request',
            ...named,
            replayed: false,
            taps: [
              { ...ordered, betId: 'bet', balance: 995_000_000 },
              { ...ordered, refused: 'duplicate_cell' },
            ],
          },
          {
            requestId: null,
            ...named,
            code: 'halted',
            taps: [
              { ...ordered, refused: undefined },
              { ...ordered, refused: undefined },
            ],
          },
        ],
      },
      'orders were answered',
    ],
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
});

test('a settlement says what became of the bet, and lines are bounded', () => {
  const { lines, log } = collected();
  log.changed(
    Array.from({ length: ROWS_PER_LINE_MAX + 1 }, (_, index) => ({
      bet: { ...bet, id: `bet${index}` },
      balance: dollars(1),
    })),
  );
  log.changed([{ bet: { ...bet, status: 'placed' }, balance: dollars(1) }]);
  log.flush();
  log.flush();
  expect(lines.map(([fields]) => fields['bets'].length)).toEqual([ROWS_PER_LINE_MAX, 1]);
  expect(lines[1]![0]['bets'][0]).toEqual({
    betId: 'bet100',
    accountId: 'ada',
    cell: CELL,
    status: 'won',
    locked: 231,
    lockedRevision: 9,
    payout: 11_550_000,
    closedTick: 12,
    voidReason: null,
    balance: 1_000_000,
  });
});

test('nothing is put together for a log that does not write it', () => {
  const planned: (() => void)[] = [];
  const log = new OrderLog(
    { info: () => expect.unreachable(), isLevelEnabled: () => false },
    (work) => void planned.push(work),
  );
  log.answered(order());
  log.changed([{ bet, balance: dollars(1) }]);
  log.flush();
  expect(planned).toEqual([]);
});
