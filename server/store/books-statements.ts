import type { Database } from 'bun:sqlite';
import type { Currency } from '../game/money.ts';
import type { Session } from '../game/session.ts';
import type { Intent, LedgerRow } from '../ports/books.ts';
import { TERMS, type TermsRow } from './action-row.ts';
import { BET_COLUMNS, type BetRow } from './bet-row.ts';
import { prepare } from './database.ts';
import { LIMIT_COLUMNS, type LimitsRow } from './limits-row.ts';
import type { RevisionLine } from './posting/chain.ts';
import { REVISION_COLUMNS } from './revision-row.ts';

export interface AccountRow extends LimitsRow {
  readonly id: string;
  readonly currency: Currency;
  readonly address: string | null;
  readonly balance: number;
}

export interface TickRow {
  readonly seq: number;
  readonly at: number;
  readonly price: number;
  readonly sources: string;
  readonly hash: string | null;
}

/** A bet with its place in the order of a list. */
export type PlacedRow = BetRow & { readonly position: number };

interface Returns {
  readonly bets: number;
  readonly staked: number;
  readonly paid: number;
  readonly returns: number;
  readonly returnSquares: number;
}

const ACCOUNT = `SELECT id, currency, address, balance, ${LIMIT_COLUMNS} FROM accounts`;
const SESSION = `SELECT s.id, s.account_id AS "accountId", a.currency, s.token_hash AS "tokenHash", s.public_key AS "publicKey", s.stake_max AS "stakeMax",
  s.daily_cap AS "dailyCap", s.created_at AS "createdAt", s.expires_at AS "expiresAt", s.seen_at AS "seenAt"
  FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.ended_at IS NULL`;
const LEDGER =
  'SELECT l.id, l.batch, l.at, l.kind, l.amount, l.balance_after AS "balanceAfter", l.version, l.bet_id AS "betId" FROM ledger l';
const REVISION = `SELECT ${REVISION_COLUMNS} FROM revisions`;
const TICK = 'SELECT seq, at, price, sources, hash FROM ticks';

/** Every question that the books answer, prepared once. */
export const booksStatements = (db: Database) => ({
  account: prepare<AccountRow>(db, `${ACCOUNT} WHERE id = $1`),
  accountByAddress: prepare<AccountRow>(db, `${ACCOUNT} WHERE address = $1 AND currency = $2`),
  openStake: prepare<{ stake: number }>(
    db,
    `SELECT COALESCE(SUM(stake), 0) AS stake FROM bets WHERE account_id = $1 AND closing_entry IS NULL`,
  ),
  session: prepare<Session>(db, `${SESSION} AND s.token_hash = $1`),
  sessionById: prepare<Session>(db, `${SESSION} AND s.id = $1`),
  key: prepare(db, 'SELECT id FROM sessions WHERE public_key = $1'),
  lastSeen: prepare<{ at: number | null }>(
    db,
    'SELECT MAX(seen_at) AS at FROM sessions WHERE account_id = $1',
  ),
  statement: prepare<LedgerRow>(
    db,
    `${LEDGER} WHERE l.account_id = $1 AND l.version < $2 ORDER BY l.version DESC LIMIT $3`,
  ),
  openBetsOf: prepare<PlacedRow>(
    db,
    `SELECT ${BET_COLUMNS}, b.seq AS position FROM bets b
    WHERE b.account_id = $1 AND b.closing_entry IS NULL AND b.seq < $2 ORDER BY b.seq DESC LIMIT $3`,
  ),
  // By way of the account's closing rows, so that bets need no further index that would cost each tap.
  closedBetsOf: prepare<PlacedRow>(
    db,
    `SELECT ${BET_COLUMNS}, l.version AS position FROM ledger l JOIN bets b ON b.id = l.bet_id
    WHERE l.account_id = $1 AND l.version < $2 AND l.kind IN ('payout', 'loss', 'refund') ORDER BY l.version DESC LIMIT $3`,
  ),
  bet: prepare<BetRow>(db, `SELECT ${BET_COLUMNS} FROM bets b WHERE b.id = $1`),
  // Unsorted: to have them in the order of their numbers SQLite would read all bets instead of the index of
  // the open ones.
  openBets: prepare<BetRow>(db, `SELECT ${BET_COLUMNS} FROM bets b WHERE b.closing_entry IS NULL`),
  intentOf: prepare<Intent>(
    db,
    `SELECT i.account_id AS "accountId", i.session_id AS "sessionId", i.nonce, i.at, i.signed_text AS text, i.signature, s.public_key AS "publicKey"
    FROM bets b JOIN intents i ON i.id = b.intent_id JOIN sessions s ON s.id = i.session_id WHERE b.id = $1`,
  ),
  ledgerOf: prepare<LedgerRow>(
    db,
    `${LEDGER} JOIN bets b ON l.id IN (b.stake_entry, b.closing_entry) WHERE b.id = $1 ORDER BY l.id`,
  ),
  revision: prepare<RevisionLine>(db, `${REVISION} WHERE revision = $1`),
  revisionFrom: prepare<RevisionLine>(db, `${REVISION} WHERE at >= $1 ORDER BY at, revision LIMIT 1`),
  lastRevision: prepare<RevisionLine>(db, `${REVISION} ORDER BY revision DESC LIMIT 1`),
  ticks: prepare<TickRow>(db, `${TICK} WHERE at >= $1 AND at < $2 ORDER BY at, seq LIMIT $3`),
  ticksBySeq: prepare<TickRow>(db, `${TICK} WHERE seq >= $1 AND seq <= $2 ORDER BY seq LIMIT $3`),
  tickBefore: prepare<{ seq: number }>(
    db,
    'SELECT seq FROM ticks WHERE at < $1 ORDER BY at DESC, seq DESC LIMIT 1',
  ),
  tickFrom: prepare<{ seq: number }>(db, 'SELECT seq FROM ticks WHERE at >= $1 ORDER BY at, seq LIMIT 1'),
  firstTick: prepare<{ seq: number; at: number }>(db, 'SELECT seq, at FROM ticks ORDER BY seq LIMIT 1'),
  firstRevision: prepare<{ revision: number; at: number }>(
    db,
    'SELECT revision, at FROM revisions ORDER BY revision LIMIT 1',
  ),
  lastTick: prepare<TickRow>(db, `${TICK} ORDER BY seq DESC LIMIT 1`),
  head: prepare<{ batch: number; hash: string; at: number }>(
    db,
    'SELECT seq AS batch, hash, at FROM batches ORDER BY seq DESC LIMIT 1',
  ),
  commit: prepare<{ batch: number; hash: string; at: number }>(
    db,
    'SELECT seq AS batch, hash, at FROM batches WHERE seq = $1',
  ),
  commitsOf: prepare<{ placed: number; locked: number | null }>(
    db,
    'SELECT batch AS placed, locked_batch AS locked FROM bets WHERE id = $1',
  ),
  commitOfTick: prepare<{ batch: number }>(db, 'SELECT batch FROM ticks WHERE seq = $1'),
  commitOfRevision: prepare<{ batch: number }>(db, 'SELECT batch FROM revisions WHERE revision = $1'),
  tickHead: prepare<{ seq: number; hash: string; at: number }>(
    db,
    'SELECT seq, hash, at FROM ticks WHERE hash IS NOT NULL ORDER BY seq DESC LIMIT 1',
  ),
  unarchived: prepare<{ bets: number }>(
    db,
    `SELECT COALESCE(MAX(seq), 0) - COALESCE((SELECT bet_seq FROM archive_segments ORDER BY number DESC LIMIT 1), 0) AS bets FROM bets`,
  ),
  segments: prepare<{ number: number }>(db, 'SELECT number FROM archive_segments ORDER BY number'),
  returns: prepare<Returns>(
    db,
    `SELECT COALESCE(SUM(bets), 0) AS bets, COALESCE(SUM(staked), 0) AS staked, COALESCE(SUM(paid), 0) AS paid, COALESCE(SUM(returns), 0.0) AS returns,
    COALESCE(SUM(return_squares), 0.0) AS "returnSquares" FROM multiplier_returns WHERE currency = $1 AND multiplier >= $2 AND multiplier < $3`,
  ),
  terms: prepare<TermsRow>(db, TERMS),
  voids: prepare<{ reason: string; bets: number }>(
    db,
    'SELECT reason, bets FROM void_counts WHERE currency = $1 ORDER BY reason',
  ),
});
