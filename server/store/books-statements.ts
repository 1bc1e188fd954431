import type { Database } from 'bun:sqlite';
import type { Session } from '../game/session.ts';
import type { Intent, LedgerRow, NamedAccount } from '../ports/books.ts';
import { prepare } from './database.ts';
import { RESTRICTION_OF_ACCOUNT, type RestrictedRow } from './restricted.ts';
import { selected } from './row-statements.ts';
import { ACCOUNTS, type AccountRow } from './rows/account.ts';
import { BETS, type BetRow } from './rows/bet.ts';
import { LEDGER } from './rows/entry.ts';
import { INTENTS } from './rows/intent.ts';
import { SESSIONS } from './rows/session.ts';
import type { ReturnRow } from './rows/tally.ts';

/** A bet with its place in the order of a list. */
export type PlacedRow = BetRow & { readonly position: number };

const ACCOUNT = `SELECT ${selected(ACCOUNTS)} FROM accounts`;
const SESSION = `SELECT ${selected(SESSIONS, 's', ['endedAt'])}, a.currency
  FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.ended_at IS NULL`;
const ENTRY = `SELECT ${selected(LEDGER, 'l', ['accountId'])} FROM ledger l`;
const BET = selected(BETS, 'b');

/** Every other question that the books answer, prepared once. */
export const booksStatements = (db: Database) => ({
  account: prepare<AccountRow>(db, `${ACCOUNT} WHERE id = $1`),
  accountByAddress: prepare<AccountRow>(db, `${ACCOUNT} WHERE address = $1 AND currency = $2`),
  restriction: prepare<RestrictedRow>(db, RESTRICTION_OF_ACCOUNT),
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
  nameOf: prepare<{ name: string | null }>(db, 'SELECT name FROM account_names WHERE account_id = $1'),
  names: prepare<NamedAccount>(
    db,
    'SELECT account_id AS "accountId", name FROM account_names WHERE name IS NOT NULL',
  ),
  statement: prepare<LedgerRow>(
    db,
    `${ENTRY} WHERE l.account_id = $1 AND l.version < $2 ORDER BY l.version DESC LIMIT $3`,
  ),
  openBetsOf: prepare<PlacedRow>(
    db,
    `SELECT ${BET}, b.seq AS position FROM bets b
    WHERE b.account_id = $1 AND b.closing_entry IS NULL AND b.seq < $2 ORDER BY b.seq DESC LIMIT $3`,
  ),
  // By way of the account's closing rows, so that bets need no further index that would cost each tap.
  closedBetsOf: prepare<PlacedRow>(
    db,
    `SELECT ${BET}, l.version AS position FROM ledger l JOIN bets b ON b.id = l.bet_id
    WHERE l.account_id = $1 AND l.version < $2 AND l.kind IN ('payout', 'loss', 'refund')
    ORDER BY l.version DESC LIMIT $3`,
  ),
  betsOnCell: prepare<BetRow>(
    db,
    `SELECT ${BET} FROM bets b WHERE b.cell = $1 AND b.account_id = $2 AND b.void_reason IS NULL
    ORDER BY b.seq DESC`,
  ),
  bet: prepare<BetRow>(db, `SELECT ${BET} FROM bets b WHERE b.id = $1`),
  // Unsorted: to have them in the order of their numbers SQLite would read all bets instead of the index of
  // the open ones.
  openBets: prepare<BetRow>(db, `SELECT ${BET} FROM bets b WHERE b.closing_entry IS NULL`),
  intentOf: prepare<Intent>(
    db,
    `SELECT ${selected(INTENTS, 'i', ['id', 'outcomes'])}, s.public_key AS "publicKey", b.idx
    FROM bets b JOIN intents i ON i.id = b.intent_id JOIN sessions s ON s.id = i.session_id WHERE b.id = $1`,
  ),
  ledgerOf: prepare<LedgerRow>(
    db,
    `${ENTRY} JOIN bets b ON l.id IN (b.stake_entry, b.closing_entry) WHERE b.id = $1 ORDER BY l.id`,
  ),
  commitsOf: prepare<{ placed: number; locked: number | null }>(
    db,
    'SELECT batch AS placed, locked_batch AS locked FROM bets WHERE id = $1',
  ),
  unarchived: prepare<{ bets: number }>(
    db,
    `SELECT COALESCE(MAX(seq), 0)
    - COALESCE((SELECT bet_seq FROM archive_segments ORDER BY number DESC LIMIT 1), 0) AS bets FROM bets`,
  ),
  returns: prepare<Omit<ReturnRow, 'currency' | 'multiplier'>>(
    db,
    `SELECT COALESCE(SUM(bets), 0) AS bets, COALESCE(SUM(staked), 0) AS staked,
    COALESCE(SUM(paid), 0) AS paid, COALESCE(SUM(returns), 0.0) AS returns,
    COALESCE(SUM(return_squares), 0.0) AS "returnSquares"
    FROM multiplier_returns WHERE currency = $1 AND multiplier >= $2 AND multiplier < $3`,
  ),
  voids: prepare<{ reason: string; bets: number }>(
    db,
    'SELECT reason, bets FROM void_counts WHERE currency = $1 ORDER BY reason',
  ),
});
