import { expect, test } from 'bun:test';
import type { SegmentRows } from '../../ports/archive.ts';
import type { BetRow } from '../../store/rows/bet.ts';
import { decodeSegment, encodeSegment } from './segment-text.ts';

/** A bet of which nothing but this is told. */
const bet = (heard: Partial<BetRow>): BetRow => heard as BetRow;
const rows = (...bets: SegmentRows['bets']): SegmentRows => ({
  keys: [],
  accounts: [],
  batches: [],
  actions: [],
  intents: [],
  bets,
  ledger: [],
  revisions: [],
  shadow: [],
  ticks: [],
});

test('a bet of rule version 1 has the bytes that it had before there was another, and is read back with its version', () => {
  const text = Buffer.from(
    encodeSegment(rows(bet({ seq: 1, id: 'a', rule: 1 }), bet({ seq: 2, id: 'b', rule: 2 }))),
  ).toString();
  expect(text).toBe('{"table":"bets","seq":1,"id":"a"}\n{"table":"bets","seq":2,"id":"b","rule":2}\n');
  expect(decodeSegment(Buffer.from(text)).bets).toEqual([
    bet({ seq: 1, id: 'a', rule: 1 }),
    bet({ seq: 2, id: 'b', rule: 2 }),
  ]);
});
