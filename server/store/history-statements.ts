import type { Database } from 'bun:sqlite';
import type {
  AccountRecord,
  BetRecord,
  CheckpointRecord,
  SignedOrder,
  TallyRecord,
} from '../ports/history.ts';
import { prepare } from './database.ts';
import { selected } from './row-statements.ts';
import { CHECKPOINTS } from './rows/account.ts';
import { ACTIONS, type ActionRow } from './rows/action.ts';
import { BATCHES, type BatchRow } from './rows/batch.ts';
import { BETS } from './rows/bet.ts';
import { LEDGER, type EntryRow } from './rows/entry.ts';
import { REVISIONS, type RevisionRow } from './rows/revision.ts';
import { SHADOW_BLOCKS, type ShadowRow } from './rows/shadow.ts';
import { TICKS, type TickRow } from './rows/tick.ts';
import { TERMS, type TermsRow } from './terms.ts';

/** Running sums that are published. */
export const TALLIES = `SELECT currency || ' at ' || multiplier AS what, bets, staked, paid, returns,
  return_squares AS "returnSquares" FROM multiplier_returns
  UNION ALL SELECT currency || ' ' || reason, bets, 0, 0, 0, 0 FROM void_counts`;
const BATCH = `SELECT ${selected(BATCHES)} FROM batches`;
const BET = `SELECT ${selected(BETS, 'b')}, i.nonce, i.account_id AS "orderAccountId",
  i.session_id AS "sessionId", i.signed_text AS text FROM bets b LEFT JOIN intents i ON i.id = b.intent_id`;
const ENTRY = `SELECT ${selected(LEDGER)} FROM ledger`;
const ACCOUNT = 'SELECT id, kind, currency, balance, version FROM accounts';
const TICK = `SELECT ${selected(TICKS)} FROM ticks`;
const REVISION = `SELECT ${selected(REVISIONS)} FROM revisions`;

/** Every question of the checks, by primary key and in its order: none of them sorts. */
export const historyStatements = (db: Database) => ({
  head: prepare<BatchRow>(db, `${BATCH} ORDER BY seq DESC LIMIT 1`),
  batch: prepare<BatchRow>(db, `${BATCH} WHERE seq = $1`),
  // Behind the archive, whose last commit stays for its hash.
  firstBatch: prepare<BatchRow>(
    db,
    `${BATCH} WHERE seq > COALESCE((SELECT MAX(last_batch) FROM archive_segments), 0) ORDER BY seq LIMIT 1`,
  ),
  batchesAfter: prepare<BatchRow>(db, `${BATCH} WHERE seq > $1 ORDER BY seq LIMIT $2`),
  betsAfter: prepare<BetRecord>(db, `${BET} WHERE b.seq > $1 ORDER BY b.seq LIMIT $2`),
  bet: prepare<BetRecord>(db, `${BET} WHERE b.seq = $1`),
  betsOpenAt: prepare<BetRecord>(
    db,
    `${BET} WHERE b.batch < $1 AND (b.closing_entry IS NULL OR b.closing_entry > $2) ORDER BY b.seq`,
  ),
  entriesAfter: prepare<EntryRow>(db, `${ENTRY} WHERE id > $1 ORDER BY id LIMIT $2`),
  ticksAfter: prepare<TickRow>(db, `${TICK} WHERE seq > $1 ORDER BY seq LIMIT $2`),
  revisionsAfter: prepare<RevisionRow>(db, `${REVISION} WHERE revision > $1 ORDER BY revision LIMIT $2`),
  shadowAfter: prepare<ShadowRow>(
    db,
    `SELECT ${selected(SHADOW_BLOCKS)} FROM shadow_blocks WHERE block > $1 ORDER BY block LIMIT $2`,
  ),
  terms: prepare<TermsRow>(db, TERMS),
  actionsAfter: prepare<ActionRow>(
    db,
    `SELECT ${selected(ACTIONS)} FROM operator_actions WHERE seq > $1 ORDER BY seq LIMIT $2`,
  ),
  revision: prepare<RevisionRow>(db, `${REVISION} WHERE revision = $1`),
  revisionFrom: prepare<RevisionRow>(db, `${REVISION} WHERE at >= $1 ORDER BY at, revision LIMIT 1`),
  tick: prepare<TickRow>(db, `${TICK} WHERE seq = $1`),
  path: prepare<TickRow>(
    db,
    `${TICK}
    WHERE seq >= COALESCE((SELECT seq FROM ticks WHERE at < $1 ORDER BY at DESC, seq DESC LIMIT 1), 0)
    AND seq <= COALESCE((SELECT seq FROM ticks WHERE at >= $2 ORDER BY at, seq LIMIT 1), 9007199254740991)
    ORDER BY seq`,
  ),
  account: prepare<AccountRecord>(db, `${ACCOUNT} WHERE id = $1`),
  accountsAfter: prepare<AccountRecord>(db, `${ACCOUNT} WHERE id > $1 ORDER BY id LIMIT $2`),
  checkpoints: prepare<CheckpointRecord>(
    db,
    `SELECT ${selected(CHECKPOINTS, 'c', ['at'])} FROM ledger_checkpoints c
    WHERE c.ledger_id =
      (SELECT MAX(d.ledger_id) FROM ledger_checkpoints d WHERE d.account_id = c.account_id)`,
  ),
  tallies: prepare<TallyRecord>(db, TALLIES),
  counts: prepare<{ orders: number; open: number }>(
    db,
    `SELECT (SELECT COUNT(*) FROM intents) AS orders,
    (SELECT COUNT(*) FROM bets WHERE closing_entry IS NULL) AS open`,
  ),
  ordersAfter: prepare<SignedOrder>(
    db,
    `SELECT i.id, i.signed_text AS text, i.signature, s.public_key AS "publicKey" FROM intents i
    LEFT JOIN sessions s ON s.id = i.session_id WHERE i.id > $1 ORDER BY i.id LIMIT $2`,
  ),
});
