import type { Database } from 'bun:sqlite';
import type { OperatorAction } from '../ports/operator.ts';
import type {
  AccountRecord,
  BatchRecord,
  BetRecord,
  CheckpointRecord,
  EntryRecord,
  SignedOrder,
  TallyRecord,
} from '../ports/history.ts';
import { ACTION_COLUMNS, TERMS, type TermsRow } from './action-row.ts';
import { prepare } from './database.ts';
import type { RevisionLine } from './posting/chain.ts';
import { REVISION_COLUMNS } from './revision-row.ts';

export type PathRow = Pick<TickRow, 'seq' | 'at' | 'price' | 'sources'>;

export interface TickRow {
  readonly seq: number;
  readonly at: number;
  readonly price: number;
  readonly sources: string;
  readonly batch: number;
  readonly hash: string | null;
}

export type RevisionRow = RevisionLine & { readonly batch: number };

/** Running sums that are published. */
export const TALLIES = `SELECT currency || ' at ' || multiplier AS what, bets, staked, paid, returns, return_squares AS "returnSquares" FROM multiplier_returns
  UNION ALL SELECT currency || ' ' || reason, bets, 0, 0, 0, 0 FROM void_counts`;
const BATCH = 'SELECT seq, at, previous_hash AS "previousHash", hash, tick_hash AS "tickHash" FROM batches';
const BET = `SELECT b.seq, b.id, b.batch, b.account_id AS "accountId", b.idx, b.currency, b.simulated, b.cell, b.start_ms AS "startMs", b.window_ms AS "windowMs", b.low, b.high,
  b.stake, b.shown, b.shown_revision AS "shownRevision", b.guard_percent AS "guardPercent", b.multiplier_max AS "multiplierMax", b.placed_at AS "placedAt", b.lock_at AS "lockAt",
  b.filled, b.locked, b.locked_revision AS "lockedRevision", b.locked_batch AS "lockedBatch", b.status, b.payout, b.closed_at AS "closedAt", b.closed_tick AS "closedTick",
  b.void_reason AS "voidReason", b.stake_entry AS "stakeEntry", b.closing_entry AS "closingEntry", b.intent_id AS "intentId", b.rule, i.nonce, i.account_id AS "orderAccountId",
  i.session_id AS "sessionId", i.signed_text AS text FROM bets b LEFT JOIN intents i ON i.id = b.intent_id`;
const ENTRY =
  'SELECT id, batch, account_id AS "accountId", at, kind, amount, balance_after AS "balanceAfter", version, bet_id AS "betId" FROM ledger';
const ACCOUNT = 'SELECT id, kind, currency, balance, version FROM accounts';
const REVISION = `SELECT batch, ${REVISION_COLUMNS} FROM revisions`;

/** Every question of the checks, by primary key and in its order: none of them sorts. */
export const historyStatements = (db: Database) => ({
  head: prepare<BatchRecord>(db, `${BATCH} ORDER BY seq DESC LIMIT 1`),
  batch: prepare<BatchRecord>(db, `${BATCH} WHERE seq = $1`),
  // Behind the archive, whose last commit stays for its hash.
  firstBatch: prepare<BatchRecord>(
    db,
    `${BATCH} WHERE seq > COALESCE((SELECT MAX(last_batch) FROM archive_segments), 0) ORDER BY seq LIMIT 1`,
  ),
  batchesAfter: prepare<BatchRecord>(db, `${BATCH} WHERE seq > $1 ORDER BY seq LIMIT $2`),
  betsAfter: prepare<BetRecord>(db, `${BET} WHERE b.seq > $1 ORDER BY b.seq LIMIT $2`),
  bet: prepare<BetRecord>(db, `${BET} WHERE b.seq = $1`),
  betsOpenAt: prepare<BetRecord>(
    db,
    `${BET} WHERE b.batch < $1 AND (b.closing_entry IS NULL OR b.closing_entry > $2) ORDER BY b.seq`,
  ),
  entriesAfter: prepare<EntryRecord>(db, `${ENTRY} WHERE id > $1 ORDER BY id LIMIT $2`),
  ticksAfter: prepare<TickRow>(
    db,
    'SELECT seq, at, price, sources, batch, hash FROM ticks WHERE seq > $1 ORDER BY seq LIMIT $2',
  ),
  revisionsAfter: prepare<RevisionRow>(db, `${REVISION} WHERE revision > $1 ORDER BY revision LIMIT $2`),
  terms: prepare<TermsRow>(db, TERMS),
  actionsAfter: prepare<OperatorAction>(
    db,
    `SELECT ${ACTION_COLUMNS} FROM operator_actions WHERE seq > $1 ORDER BY seq LIMIT $2`,
  ),
  revision: prepare<RevisionRow>(db, `${REVISION} WHERE revision = $1`),
  revisionFrom: prepare<RevisionRow>(db, `${REVISION} WHERE at >= $1 ORDER BY at, revision LIMIT 1`),
  tick: prepare<PathRow>(db, 'SELECT seq, at, price, sources FROM ticks WHERE seq = $1'),
  path: prepare<PathRow>(
    db,
    `SELECT seq, at, price, sources FROM ticks
    WHERE seq >= COALESCE((SELECT seq FROM ticks WHERE at < $1 ORDER BY at DESC, seq DESC LIMIT 1), 0)
    AND seq <= COALESCE((SELECT seq FROM ticks WHERE at >= $2 ORDER BY at, seq LIMIT 1), 9007199254740991) ORDER BY seq`,
  ),
  account: prepare<AccountRecord>(db, `${ACCOUNT} WHERE id = $1`),
  accountsAfter: prepare<AccountRecord>(db, `${ACCOUNT} WHERE id > $1 ORDER BY id LIMIT $2`),
  checkpoints: prepare<CheckpointRecord>(
    db,
    `SELECT c.account_id AS "accountId", c.ledger_id AS "ledgerId", c.balance, c.version FROM ledger_checkpoints c
    WHERE c.ledger_id = (SELECT MAX(d.ledger_id) FROM ledger_checkpoints d WHERE d.account_id = c.account_id)`,
  ),
  tallies: prepare<TallyRecord>(db, TALLIES),
  counts: prepare<{ orders: number; open: number }>(
    db,
    'SELECT (SELECT COUNT(*) FROM intents) AS orders, (SELECT COUNT(*) FROM bets WHERE closing_entry IS NULL) AS open',
  ),
  ordersAfter: prepare<SignedOrder>(
    db,
    `SELECT i.id, i.signed_text AS text, i.signature, s.public_key AS "publicKey" FROM intents i LEFT JOIN sessions s ON s.id = i.session_id
    WHERE i.id > $1 ORDER BY i.id LIMIT $2`,
  ),
});
