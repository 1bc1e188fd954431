import { BETS_PER_CELL_BOUND } from '../../game/exposure.ts';
import { micros, multiplier, payoutOf } from '../../game/money.ts';
import type { SegmentRange, SegmentRows } from '../../ports/archive.ts';
import type { BetRow } from '../rows/bet.ts';
import { CLOSED_BY } from '../rows/entry.ts';

/** Taps of an order at most, for a key of two numbers. */
const TAPS_MAX = 1_024;
const KIND_OF: Readonly<Record<string, string>> = CLOSED_BY;

/**
 * Each bet comes from one tap of one order of its account, took one stake, and if it is closed was closed by
 * one row that paid what it should.
 */
export function* betFaults(range: SegmentRange, rows: SegmentRows): Generator<string> {
  yield* orderFaults(rows);
  const byId = new Map(rows.bets.map((bet) => [bet.id, bet]));
  if (byId.size < rows.bets.length)
    yield `one_order: ${rows.bets.length - byId.size} bets have the id of another`;
  yield* cellFaults(rows.bets);
  yield* entryFaults(range, rows, byId);
  for (const bet of rows.bets) {
    const { id, status, stake, locked, payout } = bet;
    if ((locked === null) !== (bet.filled === 0 && bet.lockedBatch === null))
      yield `ledger_chain: bet ${id} has the multiplier ${locked}, which no commit gave it`;
    const due =
      status === 'won' ? payoutOf(micros(stake), multiplier(locked ?? 0)) : status === 'void' ? stake : 0;
    if (payout !== due)
      yield `payout: bet ${id} is ${status}, staked ${stake} at ${locked ?? 0} and paid ${payout}`;
  }
}

function* orderFaults({ keys, intents, bets }: SegmentRows): Generator<string> {
  const publicKeys = new Set(keys.map(({ publicKey }) => publicKey));
  if (publicKeys.size < keys.length)
    yield `one_order: ${keys.length - publicKeys.size} sessions have the key of another`;
  const owners = new Map(keys.map(({ sessionId, accountId }) => [sessionId, accountId]));
  const orders = new Map(intents.map(({ id, accountId }) => [id, accountId]));
  const nonces = new Set<string>();
  for (const { id, accountId: account, sessionId: session, nonce } of intents) {
    if (owners.get(session) !== account)
      yield `one_order: order ${id} of ${account} was sent by ${session}, a session of ` +
        `${owners.get(session) ?? 'nobody'}`;
    nonces.add(`${account} ${nonce}`);
  }
  if (nonces.size < intents.length)
    yield `one_order: ${intents.length - nonces.size} orders have the account and the nonce of another`;
  const taps = new Set<number>();
  const placed = new Set<number>();
  for (const { id, intentId: order, idx, accountId: account } of bets) {
    if (orders.get(order) !== account) yield `one_order: bet ${id} has no order of its account`;
    const tap = order * TAPS_MAX + idx;
    if (taps.has(tap) || !(idx >= 0 && idx < TAPS_MAX))
      yield `one_order: tap ${idx} of order ${order} became more than one bet`;
    taps.add(tap);
    placed.add(order);
  }
  for (const { id } of intents) if (!placed.has(id)) yield `one_order: order ${id} has no bet`;
}

/** What a house has published may stand in an earlier segment; no house may allow more than this. */
function* cellFaults(bets: readonly BetRow[]): Generator<string> {
  const taken = new Map<string, number>();
  for (const { cell, accountId: account, status } of bets) {
    if (status === 'void') continue;
    const owner = `${cell} ${account}`;
    const bets = 1 + (taken.get(owner) ?? 0);
    taken.set(owner, bets);
    if (bets === BETS_PER_CELL_BOUND + 1)
      yield `bets_per_cell: ${account} has more than ${BETS_PER_CELL_BOUND} bets on ${cell}`;
  }
}

function* entryFaults(
  range: SegmentRange,
  { bets, ledger }: SegmentRows,
  byId: ReadonlyMap<string, BetRow>,
): Generator<string> {
  const archived = ledger.length === 0 ? range.ledgerId : ledger[0]!.id - 1;
  const staked = new Set<BetRow>();
  const closed = new Set<BetRow>();
  for (const row of ledger) {
    const { id, betId, kind, accountId: account, amount } = row;
    if (betId === null) continue;
    const bet = byId.get(betId);
    if (bet === undefined) {
      yield `one_closing: ledger row ${id} is of the unknown bet ${betId}`;
      continue;
    }
    const rowsOfKind = kind === 'stake' ? staked : closed;
    const name = kind === 'stake' ? 'stake_row' : 'one_closing';
    if (rowsOfKind.has(bet)) yield `${name}: bet ${betId} has more than one row of that`;
    rowsOfKind.add(bet);
    const itsOwn =
      kind === 'stake'
        ? bet.stakeEntry === id && amount === -bet.stake && row.batch === bet.batch
        : bet.closingEntry === id && amount === bet.payout && kind === KIND_OF[bet.status];
    if (!itsOwn || account !== bet.accountId)
      yield `${name}: bet ${betId} is ${bet.status} with a stake of ${bet.stake}, but ledger row ${id} ` +
        `of ${account} is a ${kind} of ${amount}`;
  }
  for (const bet of bets) {
    if (bet.stakeEntry > archived && !staked.has(bet))
      yield `stake_row: bet ${bet.id} has no ledger row of its stake`;
    if (bet.closingEntry !== null && !closed.has(bet))
      yield `one_closing: bet ${bet.id} is ${bet.status} without a closing row`;
  }
}
