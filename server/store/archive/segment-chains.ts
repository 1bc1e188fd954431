import type { Cents } from '../../game/price.ts';
import { decodeSources, tickLine } from '../../game/tick.ts';
import type { Row, SegmentRange, SegmentRows } from '../../ports/archive.ts';
import {
  actionLine,
  batchHash,
  closedLine,
  entryLine,
  lockLine,
  placedLine,
  revisionLine,
  tickHash,
  type ClosedLine,
  type EntryLine,
  type RevisionLine,
} from '../posting/chain.ts';

/** Computes every link of the ledger chain again, from the hash before the segment to the hash after it. */
export function* ledgerChainFaults(range: SegmentRange, rows: SegmentRows): Generator<string> {
  const nonces = new Map(rows.intents.map(({ id, nonce }) => [id, nonce as string]));
  const byId = new Map(rows.bets.map((bet) => [bet['id'], bet]));
  const held = rows.bets.filter(
    ({ locked_batch: batch }) => batch !== null && (batch as number) >= range.firstBatch,
  );
  const streams = {
    bets: inBatches(rows.bets.filter(({ batch }) => (batch as number) >= range.firstBatch)),
    locks: inBatches(
      held.sort((a, b) => (a['locked_batch'] as number) - (b['locked_batch'] as number)),
      'locked_batch',
    ),
    ledger: inBatches(rows.ledger),
    revisions: inBatches(rows.revisions),
    operator_actions: inBatches(rows.actions),
  };
  let previous = { seq: range.firstBatch - 1, hash: range.chainIn };
  for (const row of rows.batches) {
    const batch = { seq: row['seq'] as number, at: row['at'] as number, hash: row['hash'] as string };
    if (batch.seq !== previous.seq + 1)
      yield `ledger_chain: batch ${batch.seq} follows batch ${previous.seq}`;
    if (row['previous_hash'] !== previous.hash)
      yield `ledger_chain: batch ${batch.seq} does not name the hash of the batch before it`;
    const hash = batchHash(batch.seq, batch.at, previous.hash, {
      bets: streams.bets.upTo(batch.seq).map((bet) => placed(bet, nonces.get(bet['intent_id']!) ?? '')),
      locks: streams.locks.upTo(batch.seq).map(locked),
      entries: streams.ledger.upTo(batch.seq).flatMap((entry) => moved(entry, byId.get(entry['bet_id']!))),
      revisions: streams.revisions.upTo(batch.seq).map(quoted),
      actions: streams.operator_actions.upTo(batch.seq).map(acted),
      tickHash: row['tick_hash'] as string,
    });
    if (hash !== batch.hash) yield `ledger_chain: batch ${batch.seq} does not have the hash of its rows`;
    previous = batch;
  }
  if (previous.hash !== range.chainOut)
    yield `ledger_chain: batch ${previous.seq} does not have the hash that the segment ends with`;
  for (const [table, stream] of Object.entries(streams)) {
    const [left] = stream.upTo(Infinity);
    if (left !== undefined)
      yield `ledger_chain: ${table} have rows of batch ${left[table === 'locks' ? 'locked_batch' : 'batch']}, after the last batch ${previous.seq}`;
  }
}

/** Computes the tick chain again, from the hash before the segment to the hash after it. */
export function* tickChainFaults(range: SegmentRange, { batches, ticks }: SegmentRows): Generator<string> {
  const stream = inBatches(ticks);
  let head = range.tickChainIn;
  let before: Row | null = null;
  for (const batch of batches) {
    const own = stream.upTo(batch['seq'] as number);
    for (const tick of own) {
      if (before !== null && tick['seq'] !== (before['seq'] as number) + 1)
        yield `tick_chain: tick ${tick['seq']} follows tick ${before['seq']}`;
      if (before !== null && (tick['at'] as number) < (before['at'] as number))
        yield `tick_chain: tick ${tick['seq']} is earlier than tick ${before['seq']}`;
      if (tick !== own.at(-1) && tick['hash'] !== null)
        yield `tick_chain: tick ${tick['seq']} carries a hash and is not the last of its batch`;
      before = tick;
    }
    const expected = own.length === 0 ? head : tickHash(head, own.map(ticked));
    if (own.length > 0 && own.at(-1)!['hash'] !== expected)
      yield `tick_chain: tick ${before!['seq']} does not have the hash of the ticks up to it`;
    if (batch['tick_hash'] !== expected)
      yield `tick_chain: batch ${batch['seq']} does not name the head of the tick chain`;
    // The written head goes on, so that one changed tick is told once.
    head = batch['tick_hash'] as string;
  }
  if (head !== range.tickChainOut)
    yield `tick_chain: batch ${range.lastBatch} does not have the head that the segment ends with`;
  const [left] = stream.upTo(Infinity);
  if (left !== undefined) yield `tick_chain: ticks have rows of batch ${left['batch']}, after the last one`;
}

/** Rows in order of their batch, taken batch by batch. */
function inBatches(rows: readonly Row[], column = 'batch'): { upTo(batch: number): readonly Row[] } {
  let next = 0;
  return {
    upTo(batch) {
      const from = next;
      while (next < rows.length && (rows[next]![column] as number) <= batch) next += 1;
      return rows.slice(from, next);
    },
  };
}

const placed = (bet: Record<string, any>, nonce: string): string =>
  placedLine({
    seq: bet['seq'],
    id: bet['id'],
    accountId: bet['account_id'],
    nonce,
    idx: bet['idx'],
    currency: bet['currency'],
    simulated: bet['simulated'],
    cell: bet['cell'],
    stake: bet['stake'],
    shown: bet['shown'],
    shownRevision: bet['shown_revision'],
    guardPercent: bet['guard_percent'],
    multiplierMax: bet['multiplier_max'],
    placedAt: bet['placed_at'],
    lockAt: bet['lock_at'],
    filledMultiplier: bet['filled'] === 1 ? bet['locked'] : null,
    filledRevision: bet['filled'] === 1 ? bet['locked_revision'] : null,
    rule: bet['rule'],
  });

const locked = (bet: Record<string, any>): string =>
  lockLine({
    seq: bet['seq'],
    betId: bet['id'],
    multiplier: bet['locked'],
    revision: bet['locked_revision'],
  });

function moved(row: Record<string, any>, bet: Record<string, any> | undefined): string[] {
  const entry: EntryLine = {
    id: row['id'],
    accountId: row['account_id'],
    at: row['at'],
    kind: row['kind'],
    amount: row['amount'],
    balanceAfter: row['balance_after'],
    version: row['version'],
    betId: row['bet_id'],
  };
  if (entry.kind !== 'payout' && entry.kind !== 'loss' && entry.kind !== 'refund') return [entryLine(entry)];
  const closed: ClosedLine = {
    betId: row['bet_id'],
    status: bet?.['status'] ?? '',
    closedAt: bet?.['closed_at'] ?? 0,
    closedTick: bet?.['closed_tick'] ?? null,
    voidReason: bet?.['void_reason'] ?? null,
    lockedRevision: bet?.['locked_revision'] ?? null,
  };
  return [entryLine(entry), closedLine(closed)];
}

const quoted = ({
  tick_seq: tickSeq,
  cap_hundredths: capHundredths,
  tick_ms: tickMs,
  quoted_columns: columns,
  ...row
}: Row): string =>
  revisionLine({ ...row, tickSeq, capHundredths, tickMs, columns } as unknown as RevisionLine);

const acted = ({
  approved_by: approvedBy,
  state_before: before,
  state_after: after,
  ...row
}: Record<string, any>): string =>
  actionLine({ ...row, approvedBy, before, after } as unknown as Parameters<typeof actionLine>[0]);

const ticked = (tick: Record<string, any>): string =>
  tickLine({
    seq: tick['seq'],
    at: tick['at'],
    price: tick['price'] as Cents,
    sources: decodeSources(tick['sources']),
  });
