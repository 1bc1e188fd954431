import { micros, multiplier, payoutOf } from '../../game/money.ts';
import type { Row, SegmentRange, SegmentRows } from '../../ports/archive.ts';

/** Taps of an order at most, for a key of two numbers. */
const TAPS_MAX = 1_024;
const CLOSED_BY: Readonly<Record<string, string>> = { won: 'payout', lost: 'loss', void: 'refund' };

/**
 * Each bet comes from one tap of one order of its account, took one stake, and if it is closed was closed by
 * one row that paid what it should.
 */
export function* betFaults(range: SegmentRange, rows: SegmentRows): Generator<string> {
  yield* orderFaults(rows);
  const byId = new Map(rows.bets.map((bet) => [bet['id'] as string, bet]));
  if (byId.size < rows.bets.length)
    yield `one_order: ${rows.bets.length - byId.size} bets have the id of another`;
  yield* cellFaults(rows.bets);
  yield* entryFaults(range, rows, byId);
  for (const bet of rows.bets) {
    if ((bet['locked'] === null) !== (bet['filled'] === 0 && bet['locked_batch'] === null))
      yield `ledger_chain: bet ${bet['id']} has the multiplier ${bet['locked']}, which no commit gave it`;
    const due =
      bet['status'] === 'won'
        ? payoutOf(micros(bet['stake'] as number), multiplier(bet['locked'] as number))
        : bet['status'] === 'void'
          ? bet['stake']
          : 0;
    if (bet['payout'] !== due)
      yield `payout: bet ${bet['id']} is ${bet['status']}, staked ${bet['stake']} at ${bet['locked'] ?? 0} and paid ${bet['payout']}`;
  }
}

function* orderFaults({ keys, intents, bets }: SegmentRows): Generator<string> {
  const publicKeys = new Set(keys.map(({ public_key: key }) => key));
  if (publicKeys.size < keys.length)
    yield `one_order: ${keys.length - publicKeys.size} sessions have the key of another`;
  const owners = new Map(keys.map(({ session_id: session, account_id: account }) => [session, account]));
  const orders = new Map(intents.map(({ id, account_id: account }) => [id, account]));
  const nonces = new Set<string>();
  for (const { id, account_id: account, session_id: session, nonce } of intents) {
    if (owners.get(session!) !== account)
      yield `one_order: order ${id} of ${account} was sent by ${session}, a session of ${owners.get(session!) ?? 'nobody'}`;
    nonces.add(`${account} ${nonce}`);
  }
  if (nonces.size < intents.length)
    yield `one_order: ${intents.length - nonces.size} orders have the account and the nonce of another`;
  const taps = new Set<number>();
  const placed = new Set<number>();
  for (const { id, intent_id: order, idx, account_id: account } of bets) {
    if (orders.get(order!) !== account) yield `one_order: bet ${id} has no order of its account`;
    const tap = (order as number) * TAPS_MAX + (idx as number);
    if (taps.has(tap) || !((idx as number) >= 0 && (idx as number) < TAPS_MAX))
      yield `one_order: tap ${idx} of order ${order} became more than one bet`;
    taps.add(tap);
    placed.add(order as number);
  }
  for (const { id } of intents) if (!placed.has(id as number)) yield `one_order: order ${id} has no bet`;
}

function* cellFaults(bets: readonly Row[]): Generator<string> {
  const taken = new Set<string>();
  for (const { cell, account_id: account, status } of bets) {
    if (status === 'void') continue;
    const owner = `${cell} ${account}`;
    if (taken.has(owner)) yield `one_bet_per_cell: ${account} has more than one bet on ${cell}`;
    taken.add(owner);
  }
}

function* entryFaults(
  range: SegmentRange,
  { bets, ledger }: SegmentRows,
  byId: ReadonlyMap<string, Row>,
): Generator<string> {
  const archived = ledger.length === 0 ? range.ledgerId : (ledger[0]!['id'] as number) - 1;
  const staked = new Set<Row>();
  const closed = new Set<Row>();
  for (const row of ledger) {
    const { id, bet_id: betId, kind, account_id: account, amount } = row;
    if (betId === null) continue;
    const bet = byId.get(betId as string);
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
        ? bet['stake_entry'] === id && amount === -(bet['stake'] as number) && row['batch'] === bet['batch']
        : bet['closing_entry'] === id &&
          amount === bet['payout'] &&
          kind === CLOSED_BY[bet['status'] as string];
    if (!itsOwn || account !== bet['account_id'])
      yield `${name}: bet ${betId} is ${bet['status']} with a stake of ${bet['stake']}, but ledger row ${id} of ${account} is a ${kind} of ${amount}`;
  }
  for (const bet of bets) {
    if ((bet['stake_entry'] as number) > archived && !staked.has(bet))
      yield `stake_row: bet ${bet['id']} has no ledger row of its stake`;
    if (bet['closing_entry'] !== null && !closed.has(bet))
      yield `one_closing: bet ${bet['id']} is ${bet['status']} without a closing row`;
  }
}
