import type { Database } from 'bun:sqlite';
import { decodeSources, tickLine } from '../game/tick.ts';
import type { Cents } from '../game/price.ts';
import { readAnchor } from './archive/anchor.ts';
import { prepare } from './database.ts';
import { ACTION_COLUMNS } from './action-row.ts';
import {
  actionLine,
  batchHash,
  closedLine,
  entryLine,
  lockLine,
  placedLine,
  revisionLine,
  tickHash,
  type ActionLine,
  type ClosedLine,
  type EntryLine,
  type LockLine,
  type PlacedLine,
  type RevisionLine,
} from './posting/chain.ts';
import { REVISION_COLUMNS } from './revision-row.ts';

interface BatchRow {
  readonly seq: number;
  readonly at: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly tickHash: string;
}

interface TickRow {
  readonly batch: number;
  readonly seq: number;
  readonly at: number;
  readonly price: number;
  readonly sources: string;
  readonly hash: string | null;
}

type InBatch<Row> = Row & { readonly batch: number };
type EntryRow = EntryLine & Omit<ClosedLine, 'betId'> & { readonly closes: number };

const BATCHES =
  'SELECT seq, at, previous_hash AS "previousHash", hash, tick_hash AS "tickHash" FROM batches WHERE seq > $1 ORDER BY seq';
const TICKS = 'SELECT batch, seq, at, price, sources, hash FROM ticks WHERE batch > $1 ORDER BY seq';
const PLACED = `SELECT b.batch, b.seq, b.id, b.account_id AS "accountId", i.nonce, b.idx, b.currency, b.simulated, b.cell, b.stake, b.shown, b.shown_revision AS "shownRevision",
  b.guard_percent AS "guardPercent", b.multiplier_max AS "multiplierMax", b.placed_at AS "placedAt", b.lock_at AS "lockAt",
  CASE WHEN b.filled = 1 THEN b.locked END AS "filledMultiplier", CASE WHEN b.filled = 1 THEN b.locked_revision END AS "filledRevision", b.rule
  FROM bets b LEFT JOIN intents i ON i.id = b.intent_id WHERE b.batch > $1 ORDER BY b.seq`;
const LOCKS = `SELECT locked_batch AS batch, seq, id AS "betId", locked AS multiplier, locked_revision AS revision FROM bets WHERE locked_batch > $1 ORDER BY locked_batch, seq`;
const ENTRIES = `SELECT l.batch, l.id, l.account_id AS "accountId", l.at, l.kind, l.amount, l.balance_after AS "balanceAfter", l.version, l.bet_id AS "betId",
  CASE WHEN l.kind IN ('payout', 'loss', 'refund') THEN 1 ELSE 0 END AS closes, b.status, b.closed_at AS "closedAt", b.closed_tick AS "closedTick", b.void_reason AS "voidReason",
  b.locked_revision AS "lockedRevision" FROM ledger l LEFT JOIN bets b ON b.id = l.bet_id WHERE l.batch > $1 ORDER BY l.id`;
const REVISIONS = `SELECT batch, ${REVISION_COLUMNS} FROM revisions WHERE batch > $1 ORDER BY revision`;
const ACTIONS = `SELECT ${ACTION_COLUMNS} FROM operator_actions WHERE batch > $1 ORDER BY seq`;

/**
 * Recomputes every link of the ledger chain behind the archive from the rows. Each sentence names a batch
 * that is not as it was written.
 */
export function* brokenLinks(db: Database): Generator<string> {
  const anchor = readAnchor(db);
  const bets = new Rows<InBatch<PlacedLine>>(db, PLACED, anchor.lastBatch);
  const locks = new Rows<InBatch<LockLine>>(db, LOCKS, anchor.lastBatch);
  const entries = new Rows<InBatch<EntryRow>>(db, ENTRIES, anchor.lastBatch);
  const revisions = new Rows<InBatch<RevisionLine>>(db, REVISIONS, anchor.lastBatch);
  const actions = new Rows<InBatch<ActionLine>>(db, ACTIONS, anchor.lastBatch);
  let previous = { seq: anchor.lastBatch, hash: anchor.chainOut };
  for (const batch of prepare<BatchRow>(db, BATCHES).iterate(anchor.lastBatch)) {
    if (batch.seq !== previous.seq + 1) yield `batch ${batch.seq} follows batch ${previous.seq}`;
    if (batch.previousHash !== previous.hash)
      yield `batch ${batch.seq} does not name the hash of the batch before it`;
    const own = {
      bets: bets.upTo(batch.seq),
      locks: locks.upTo(batch.seq),
      entries: entries.upTo(batch.seq),
      revisions: revisions.upTo(batch.seq),
      actions: actions.upTo(batch.seq),
    };
    const strayed = Object.values(own)
      .flatMap((rows) => rows as readonly InBatch<object>[])
      .find((row) => row.batch !== batch.seq);
    if (strayed !== undefined) yield `batch ${batch.seq} has a row that says it is of batch ${strayed.batch}`;
    const hash = batchHash(batch.seq, batch.at, previous.hash, {
      bets: own.bets.map(placedLine),
      locks: own.locks.map(lockLine),
      entries: own.entries.flatMap((row) =>
        row.closes ? [entryLine(row), closedLine({ ...row, betId: row.betId! })] : [entryLine(row)],
      ),
      revisions: own.revisions.map(revisionLine),
      actions: own.actions.map(actionLine),
      tickHash: batch.tickHash,
    });
    if (hash !== batch.hash) yield `batch ${batch.seq} does not have the hash of its rows`;
    previous = batch;
  }
  for (const [table, rows] of Object.entries({
    bets,
    locks,
    ledger: entries,
    revisions,
    operator_actions: actions,
  })) {
    const left = rows.next();
    if (left) yield `${table} have rows of batch ${left.batch}, after the last batch ${previous.seq}`;
  }
}

/**
 * Recomputes the tick chain behind the archive. Each sentence names a tick or batch that is not as it was
 * written.
 */
export function* brokenTicks(db: Database): Generator<string> {
  const anchor = readAnchor(db);
  const ticks = new Rows<TickRow>(db, TICKS, anchor.lastBatch);
  let head = anchor.tickChainOut;
  let before = { seq: anchor.tickSeq, at: 0 };
  for (const batch of prepare<BatchRow>(db, BATCHES).iterate(anchor.lastBatch)) {
    const own = ticks.upTo(batch.seq);
    for (const tick of own) {
      if (tick.batch !== batch.seq)
        yield `tick ${tick.seq} says it is of batch ${tick.batch}, and stands in batch ${batch.seq}`;
      if (tick.seq !== before.seq + 1) yield `tick ${tick.seq} follows tick ${before.seq}`;
      if (tick.at < before.at) yield `tick ${tick.seq} is earlier than tick ${before.seq}`;
      if (tick !== own.at(-1) && tick.hash !== null)
        yield `tick ${tick.seq} carries a hash and is not the last of its batch`;
      before = tick;
    }
    const expected =
      own.length === 0
        ? head
        : tickHash(
            head,
            own.map(({ seq, at, price, sources }) =>
              tickLine({ seq, at, price: price as Cents, sources: decodeSources(sources) }),
            ),
          );
    if (own.length > 0 && own.at(-1)!.hash !== expected)
      yield `tick ${before.seq} does not have the hash of the ticks up to it`;
    if (batch.tickHash !== expected) yield `batch ${batch.seq} does not name the head of the tick chain`;
    // The written head goes on, so that one changed tick is told once.
    head = batch.tickHash;
  }
  const left = ticks.next();
  if (left) yield `ticks have rows of batch ${left.batch}, after the last one`;
}

/** Rows in order of their batch, taken batch by batch. */
class Rows<Row extends { readonly batch: number }> {
  readonly #rows: Iterator<Row>;
  #ahead: Row | undefined;

  /** @param after rows of later batches only. */
  constructor(db: Database, sql: string, after: number) {
    this.#rows = prepare<Row>(db, sql).iterate(after)[Symbol.iterator]();
    this.#ahead = this.#read();
  }

  next(): Row | undefined {
    return this.#ahead;
  }

  upTo(batch: number): Row[] {
    const taken: Row[] = [];
    for (; this.#ahead && this.#ahead.batch <= batch; this.#ahead = this.#read()) taken.push(this.#ahead);
    return taken;
  }

  #read(): Row | undefined {
    const { done, value } = this.#rows.next();
    return done ? undefined : value;
  }
}
