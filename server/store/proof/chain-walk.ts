import type { ActionRow } from '../rows/action.ts';
import type { BatchRow } from '../rows/batch.ts';
import type { BetRow, ClosedBet, OrderedBet } from '../rows/bet.ts';
import { closesBet, type EntryRow } from '../rows/entry.ts';
import type { RevisionRow } from '../rows/revision.ts';
import type { ShadowRow } from '../rows/shadow.ts';
import type { TickRow } from '../rows/tick.ts';
import type { Break } from './break.ts';
import { LedgerChain, type Link, type PostedEntry } from './ledger-chain.ts';
import type { RowsByBatch } from './rows-by-batch.ts';
import { TickChain, type TickHead } from './tick-chain.ts';

/** All rows of a part of the ledger chain, each kind in the order of its lines. */
interface LedgerRows {
  readonly batches: Iterable<BatchRow>;
  readonly bets: RowsByBatch<OrderedBet>;
  readonly locks: RowsByBatch<BetRow>;
  readonly entries: RowsByBatch<PostedEntry>;
  readonly revisions: RowsByBatch<RevisionRow>;
  readonly shadow: RowsByBatch<ShadowRow>;
  readonly actions: RowsByBatch<ActionRow>;
}

/** Ledger rows with the bets that they closed. @param betOf the bet of an id, null when it is not there. */
export function* posted(
  entries: Iterable<EntryRow>,
  betOf: (id: string) => ClosedBet | null,
): Generator<PostedEntry> {
  for (const entry of entries)
    yield { entry, closed: entry.betId !== null && closesBet(entry) ? betOf(entry.betId) : null };
}

/**
 * Goes through a part of the ledger chain. @param before the link behind which it begins. @returns its last
 * link.
 */
export function* ledgerBreaks(before: Link, rows: LedgerRows): Generator<Break, Link> {
  const chain = new LedgerChain(before);
  for (const batch of rows.batches) {
    const own = {
      bets: rows.bets.upTo(batch.seq),
      locks: rows.locks.upTo(batch.seq),
      entries: rows.entries.upTo(batch.seq),
      revisions: rows.revisions.upTo(batch.seq),
      shadow: rows.shadow.upTo(batch.seq),
      actions: rows.actions.upTo(batch.seq),
    };
    const strayed = [
      strayedFrom(batch.seq, rows.bets, own.bets),
      strayedFrom(batch.seq, rows.locks, own.locks),
      strayedFrom(batch.seq, rows.entries, own.entries),
      strayedFrom(batch.seq, rows.revisions, own.revisions),
      strayedFrom(batch.seq, rows.shadow, own.shadow),
      strayedFrom(batch.seq, rows.actions, own.actions),
    ].find((of) => of !== undefined);
    if (strayed !== undefined)
      yield { place: `batch ${batch.seq}`, detail: `has a row that says it is of batch ${strayed}` };
    yield* chain.take(batch, own);
  }
  const { seq } = chain.head;
  yield* leftOf('bets', rows.bets, seq);
  yield* leftOf('locks', rows.locks, seq);
  yield* leftOf('ledger', rows.entries, seq);
  yield* leftOf('revisions', rows.revisions, seq);
  yield* leftOf('shadow_blocks', rows.shadow, seq);
  yield* leftOf('operator_actions', rows.actions, seq);
  return chain.head;
}

/**
 * Goes through a part of the tick chain. @param before where it begins. @returns the head that it ends with.
 */
export function* tickBreaks(
  before: TickHead,
  batches: Iterable<BatchRow>,
  ticks: RowsByBatch<TickRow>,
): Generator<Break, string> {
  const chain = new TickChain(before);
  for (const batch of batches) {
    const own = ticks.upTo(batch.seq);
    for (const tick of own)
      if (tick.batch !== batch.seq)
        yield {
          place: `tick ${tick.seq}`,
          detail: `says it is of batch ${tick.batch}, and stands in batch ${batch.seq}`,
        };
    yield* chain.take(batch, own);
  }
  const left = ticks.next();
  if (left !== undefined)
    yield { place: 'ticks', detail: `have rows of batch ${left.batch}, after the last one` };
  return chain.hash;
}

/** The batch of which a row says that it is, where it stands among those of another. */
const strayedFrom = <Row>(batch: number, rows: RowsByBatch<Row>, own: readonly Row[]): number | undefined =>
  own.map(rows.batchOf).find((of) => of !== batch);

function* leftOf<Row>(table: string, rows: RowsByBatch<Row>, last: number): Generator<Break> {
  const left = rows.next();
  if (left !== undefined)
    yield { place: table, detail: `have rows of batch ${rows.batchOf(left)}, after the last batch ${last}` };
}
