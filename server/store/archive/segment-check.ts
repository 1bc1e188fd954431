import type { CheckSegment, SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { asOf } from '../rows/bet.ts';
import { betFaults } from './segment-bets.ts';
import { ledgerChainFaults, tickChainFaults } from './segment-chains.ts';
import { moneyFaults } from './segment-money.ts';
import { shapeFaults } from './segment-shape.ts';

/** Sentences of one check at most: a broken segment breaks it everywhere. */
const FAULTS_MAX = 100;

/**
 * Holds the rows of a segment against the schema and every invariant that speaks of a part of the ledger:
 * both hash chains from the hashes before to the hashes after, double entry, balances and versions without
 * holes, one order, one stake and one closing for each bet, payouts. It computes from the rows alone and
 * without a database, at a fifth of what loading them into one costs; a test holds it against the invariants
 * in SQL.
 */
export const checkSegment: CheckSegment = (range, rows, before) => {
  const faults = [...rangeFaults(range, rows), ...some(shapeFaults(rows))];
  // Nothing can be computed from rows of another shape.
  if (faults.length > 0) return faults;
  const { ledgerId, lastBatch: batch } = range;
  const then = { ...rows, bets: rows.bets.map((bet) => asOf(bet, { ledgerId, batch })) };
  return [
    moneyFaults(range, then, before),
    betFaults(range, then),
    ledgerChainFaults(range, then),
    tickChainFaults(range, then),
  ].flatMap(some);
};

const some = (faults: Iterator<string> & Iterable<string>): string[] => [
  ...Iterator.from(faults).take(FAULTS_MAX),
];

function rangeFaults(
  range: SegmentRange,
  { batches, bets, ledger, ticks, revisions }: SegmentRows,
): string[] {
  const faults: string[] = [];
  const expect = (what: string, last: number | undefined, expected: number): void => {
    if (last !== undefined && last !== expected)
      faults.push(`the last of ${what} is ${last}, not ${expected}`);
  };
  if (batches.length !== range.lastBatch - range.firstBatch + 1 || batches[0]?.seq !== range.firstBatch)
    faults.push(
      `there are ${batches.length} batches, not those from ${range.firstBatch} to ${range.lastBatch}`,
    );
  const open = bets.find(({ closingEntry }) => closingEntry === null);
  if (open !== undefined) faults.push(`bet ${open.id} is open`);
  expect('ledger', ledger.at(-1)?.id, range.ledgerId);
  expect('ticks', ticks.at(-1)?.seq, range.tickSeq);
  expect('revisions', revisions.at(-1)?.revision, range.revision);
  return faults;
}
