import { describe, expect, test } from 'bun:test';
import { multiplier, micros } from '../game/money.ts';
import type { Commit, Operation, OperationResult, Settlement } from '../ports/ledger.ts';
import { cellAt, NOON, opening, order, place } from '../../test/ledger-contract/scenario.ts';
import { accepted, locked, packed, unpacked } from './crossing.ts';

const [first, second] = [
  order('b1', cellAt(0)),
  order('b2', cellAt(1), 10, { filled: { multiplier: multiplier(190), revision: 8 } }),
];
const lock = (betId: string) => ({ betId, multiplier: multiplier(210), revision: 9 });
const locking: Operation = { kind: 'lock-bets', locks: [lock('b1'), lock('b2')], at: NOON };
const gaveBack: Settlement = {
  betId: 'b2',
  status: 'void',
  multiplier: null,
  payout: micros(10),
  voidReason: 'moved',
  balance: micros(7),
};
const taken: OperationResult = {
  kind: 'placed',
  replayed: false,
  results: [accepted(first, micros(9)), accepted(second, micros(8))],
  balance: micros(8),
};

const cases: readonly [
  name: string,
  operation: Operation,
  result: OperationResult,
  balancesAlone: boolean,
][] = [
  ['an order that was taken whole', place('n1', [first, second]), taken, true],
  ['its first answer, told again', place('n1', [first, second]), { ...taken, replayed: true }, false],
  [
    'an order that was taken in part',
    place('n1', [first, 'halted']),
    { ...taken, results: [accepted(first, micros(9)), { status: 'rejected', code: 'halted' }] },
    false,
  ],
  [
    'an order of which nothing was taken',
    place('n1', ['halted']),
    { ...taken, results: [{ status: 'rejected', code: 'halted' }] },
    false,
  ],
  [
    'locks that all came about',
    locking,
    { kind: 'settled', bets: [locked(lock('b1'), micros(9)), locked(lock('b2'), micros(8))] },
    true,
  ],
  [
    'locks of which one found its bet closed',
    locking,
    { kind: 'settled', bets: [locked(lock('b1'), micros(9))] },
    false,
  ],
  [
    'a lock and a stake that came back',
    locking,
    { kind: 'settled', bets: [locked(lock('b1'), micros(9)), gaveBack] },
    false,
  ],
  ['closings', { kind: 'close-bets', closings: [], at: NOON }, { kind: 'settled', bets: [gaveBack] }, false],
  ['what is done', opening('ada')[0]!, { kind: 'done' }, false],
  ['what is refused', opening('ada')[0]!, { kind: 'refused', code: 'login_failed' }, false],
];

describe('what crosses from the writer', () => {
  test.each(cases)('%s arrives as it was', (_, operation, result, balancesAlone) => {
    const commit: Commit = { batch: 3, hash: 'abc', results: [result] };
    const text = JSON.stringify(packed(commit, [operation]));
    expect(Array.isArray(JSON.parse(text).results[0])).toBe(balancesAlone);
    expect(unpacked(JSON.parse(text), [operation])).toEqual(commit);
  });

  test('balances that answer nothing they could answer are an error', () => {
    expect(() => unpacked({ batch: 3, hash: 'abc', results: [[micros(1)]] }, [opening('ada')[0]!])).toThrow(
      'open-account',
    );
  });
});
