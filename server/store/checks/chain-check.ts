import type { Database } from 'bun:sqlite';
import { readArchiveEnd } from '../archive/archive-end.ts';
import { prepare } from '../database.ts';
import { sentenceOf } from '../proof/break.ts';
import { ledgerBreaks, posted, tickBreaks } from '../proof/chain-walk.ts';
import { RowsByBatch } from '../proof/rows-by-batch.ts';
import { selected } from '../row-statements.ts';
import { ACTIONS, type ActionRow } from '../rows/action.ts';
import { BATCHES, type BatchRow } from '../rows/batch.ts';
import { BETS, type BetRow, type OrderedBet } from '../rows/bet.ts';
import { LEDGER, type EntryRow } from '../rows/entry.ts';
import { REVISIONS, type RevisionRow } from '../rows/revision.ts';
import { SHADOW_BLOCKS, type ShadowRow } from '../rows/shadow.ts';
import { TICKS, type TickRow } from '../rows/tick.ts';

/**
 * Recomputes every link of the ledger chain behind the archive from the rows. Each sentence names a batch
 * that is not as written.
 */
export function* brokenLinks(db: Database): Generator<string> {
  const { lastBatch, chainOut } = readArchiveEnd(db);
  const rows = <Row>(sql: string): Iterable<Row> => prepare<Row>(db, sql).iterate(lastBatch);
  const ofBatch = <Row extends { readonly batch: number }>(sql: string): RowsByBatch<Row> =>
    new RowsByBatch(rows<Row>(sql), ({ batch }) => batch);
  const bet = prepare<BetRow>(db, `SELECT ${selected(BETS)} FROM bets WHERE id = $1`);
  const breaks = ledgerBreaks(
    { seq: lastBatch, hash: chainOut },
    {
      batches: rows<BatchRow>(BATCHES_AFTER),
      bets: ofBatch<OrderedBet>(
        `SELECT ${selected(BETS, 'b')}, i.nonce FROM bets b LEFT JOIN intents i ON i.id = b.intent_id
        WHERE b.batch > $1 ORDER BY b.seq`,
      ),
      locks: new RowsByBatch(
        rows<BetRow>(`SELECT ${selected(BETS)} FROM bets WHERE locked_batch > $1 ORDER BY locked_batch, seq`),
        ({ lockedBatch }) => lockedBatch ?? -Infinity,
      ),
      entries: new RowsByBatch(
        posted(rows<EntryRow>(`SELECT ${selected(LEDGER)} FROM ledger WHERE batch > $1 ORDER BY id`), (id) =>
          bet.get(id),
        ),
        ({ entry }) => entry.batch,
      ),
      revisions: ofBatch<RevisionRow>(
        `SELECT ${selected(REVISIONS)} FROM revisions WHERE batch > $1 ORDER BY revision`,
      ),
      shadow: ofBatch<ShadowRow>(
        `SELECT ${selected(SHADOW_BLOCKS)} FROM shadow_blocks WHERE batch > $1 ORDER BY block`,
      ),
      actions: ofBatch<ActionRow>(
        `SELECT ${selected(ACTIONS)} FROM operator_actions WHERE batch > $1 ORDER BY seq`,
      ),
    },
  );
  for (const found of breaks) yield sentenceOf(found);
}

/**
 * Recomputes the tick chain behind the archive. Each sentence names a tick or batch that is not as written.
 */
export function* brokenTicks(db: Database): Generator<string> {
  const { lastBatch, tickChainOut, tickSeq } = readArchiveEnd(db);
  const breaks = tickBreaks(
    { hash: tickChainOut, tick: { seq: tickSeq, at: 0 } },
    prepare<BatchRow>(db, BATCHES_AFTER).iterate(lastBatch),
    new RowsByBatch(
      prepare<TickRow>(db, `SELECT ${selected(TICKS)} FROM ticks WHERE batch > $1 ORDER BY seq`).iterate(
        lastBatch,
      ),
      ({ batch }) => batch,
    ),
  );
  for (const found of breaks) yield sentenceOf(found);
}

const BATCHES_AFTER = `SELECT ${selected(BATCHES)} FROM batches WHERE seq > $1 ORDER BY seq`;
