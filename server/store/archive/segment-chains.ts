import type { BetRow } from '../rows/bet.ts';
import type { SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { sentenceOf, type Break } from '../proof/break.ts';
import { ledgerBreaks, posted, tickBreaks } from '../proof/chain-walk.ts';
import { RowsByBatch } from '../proof/rows-by-batch.ts';

/** Computes every link of the ledger chain again, from the hash before the segment to the hash after it. */
export function* ledgerChainFaults(range: SegmentRange, rows: SegmentRows): Generator<string> {
  const { firstBatch, chainIn, chainOut } = range;
  const nonces = new Map(rows.intents.map(({ id, nonce }) => [id, nonce]));
  const byId = new Map(rows.bets.map((bet) => [bet.id, bet]));
  const walk = ledgerBreaks(
    { seq: firstBatch - 1, hash: chainIn },
    {
      batches: rows.batches,
      bets: ofBatch(
        rows.bets
          .filter(({ batch }) => batch >= firstBatch)
          .map((bet) => ({ ...bet, nonce: nonces.get(bet.intentId) ?? null })),
      ),
      locks: new RowsByBatch(
        rows.bets.filter((bet) => lockedIn(bet) >= firstBatch).sort((a, b) => lockedIn(a) - lockedIn(b)),
        lockedIn,
      ),
      entries: new RowsByBatch(
        posted(rows.ledger, (id) => byId.get(id) ?? null),
        ({ entry }) => entry.batch,
      ),
      revisions: ofBatch(rows.revisions),
      shadow: ofBatch(rows.shadow),
      actions: ofBatch(rows.actions),
    },
  );
  const { seq, hash } = yield* breaksOf('ledger_chain', walk);
  if (hash !== chainOut) yield `ledger_chain: batch ${seq} does not have the hash that the segment ends with`;
}

/** Computes the tick chain again, from the hash before the segment to the hash after it. */
export function* tickChainFaults(range: SegmentRange, { batches, ticks }: SegmentRows): Generator<string> {
  const walk = tickBreaks({ hash: range.tickChainIn, tick: null }, batches, ofBatch(ticks));
  const head = yield* breaksOf('tick_chain', walk);
  if (head !== range.tickChainOut)
    yield `tick_chain: batch ${range.lastBatch} does not have the head that the segment ends with`;
}

const ofBatch = <Row extends { readonly batch: number }>(rows: readonly Row[]): RowsByBatch<Row> =>
  new RowsByBatch(rows, ({ batch }) => batch);

function* breaksOf<End>(chain: string, walk: Generator<Break, End>): Generator<string, End> {
  for (;;) {
    const { done, value } = walk.next();
    if (done === true) return value;
    yield `${chain}: ${sentenceOf(value)}`;
  }
}

/** The commit that locked a bet; before all where none did. */
const lockedIn = ({ lockedBatch }: Pick<BetRow, 'lockedBatch'>): number => lockedBatch ?? -Infinity;
