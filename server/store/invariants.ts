import type { Database } from 'bun:sqlite';
import { brokenLinks, brokenTicks } from './chain-check.ts';
import { prepare } from './database.ts';
import { OWN_LIMITS } from './own-limits-check.ts';

export interface Invariant {
  readonly name: string;
  readonly sentence: string;
  /** One sentence for each place where it does not hold, at most {@link VIOLATIONS_MAX}. */
  run(db: Database): string[];
}

export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

/** Sentences of one invariant at most: a broken file breaks it everywhere. */
const VIOLATIONS_MAX = 100;

/** An invariant whose query gives one row `detail` for each violation. */
const queried = (name: string, sentence: string, ...queries: readonly string[]): Invariant => ({
  name,
  sentence,
  run: (db) =>
    queries.flatMap((sql) =>
      prepare<{ detail: string }>(db, `${sql} LIMIT ${VIOLATIONS_MAX}`)
        .all()
        .map(({ detail }) => detail),
    ),
});

const walked = (
  name: string,
  sentence: string,
  walk: (db: Database) => Iterator<string> & Iterable<string>,
): Invariant => ({
  name,
  sentence,
  run: (db) => [...Iterator.from(walk(db)).take(VIOLATIONS_MAX)],
});

/** The newest checkpoint of each account; rows up to it may have been archived. */
const CHECKPOINTS = `SELECT c.account_id, c.ledger_id, c.balance, c.version FROM ledger_checkpoints c
  WHERE c.ledger_id = (SELECT MAX(d.ledger_id) FROM ledger_checkpoints d WHERE d.account_id = c.account_id)`;
/** Ledger rows after the checkpoint of their account. */
const LIVE_LEDGER = `SELECT l.* FROM ledger l LEFT JOIN (${CHECKPOINTS}) k ON k.account_id = l.account_id WHERE l.id > COALESCE(k.ledger_id, 0)`;
/** Where the archive ends: what is before it may be gone, or wait for its deletion. */
const ARCHIVED_BATCH = `(SELECT COALESCE(MAX(last_batch), 0) FROM archive_segments)`;
const ARCHIVED_ENTRY = `(SELECT COALESCE(MAX(ledger_id), 0) FROM archive_segments)`;
/**
 * The condition of the index `ledger_one_closing` in its own words: in others SQLite does not use the index,
 * and reads the whole ledger for each bet.
 */
const CLOSES_BET = `l.bet_id IS NOT NULL AND l.kind <> 'stake'`;

export const INVARIANTS: readonly Invariant[] = [
  queried(
    'conservation',
    'The balances of a currency add up to zero.',
    `SELECT currency || ' adds up to ' || SUM(balance) AS detail FROM accounts GROUP BY currency HAVING SUM(balance) <> 0`,
  ),
  queried(
    'double_entry',
    'The movements of a currency add up to zero in each commit.',
    `SELECT 'batch ' || l.batch || ' moves ' || a.currency || ' by ' || SUM(l.amount) AS detail FROM ledger l JOIN accounts a ON a.id = l.account_id
     WHERE l.batch > ${ARCHIVED_BATCH} GROUP BY l.batch, a.currency HAVING SUM(l.amount) <> 0`,
  ),
  queried(
    'balance',
    'A balance is its checkpoint and all movements after it, and what the last of them left.',
    `SELECT a.id || ' has ' || a.balance || ' and version ' || a.version || ', its ledger ' || (COALESCE(k.balance, 0) + COALESCE(s.amount, 0)) || ' and version ' || COALESCE(s.version, k.version, 0) AS detail
     FROM accounts a LEFT JOIN (${CHECKPOINTS}) k ON k.account_id = a.id
     LEFT JOIN (SELECT account_id, SUM(amount) AS amount, MAX(version) AS version FROM (${LIVE_LEDGER}) GROUP BY account_id) s ON s.account_id = a.id
     WHERE a.balance <> COALESCE(k.balance, 0) + COALESCE(s.amount, 0) OR a.version <> COALESCE(s.version, k.version, 0)`,
    `SELECT l.account_id || ' was left ' || l.balance_after || ' by version ' || l.version || ', which moved ' || l.amount || ' on ' || l.before AS detail
     FROM (SELECT l.account_id, l.version, l.amount, l.balance_after, COALESCE(LAG(l.balance_after) OVER (PARTITION BY l.account_id ORDER BY l.version), k.balance, 0) AS before
       FROM (${LIVE_LEDGER}) l LEFT JOIN (${CHECKPOINTS}) k ON k.account_id = l.account_id) l WHERE l.balance_after <> l.before + l.amount`,
    `SELECT 'ledger row ' || l.id || ' is of the unknown account ' || l.account_id AS detail FROM ledger l WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = l.account_id)`,
  ),
  queried(
    'versions',
    'The versions of an account have no holes, in the order of its ledger rows.',
    `SELECT l.account_id || ' has version ' || l.version || ' after ' || l.before AS detail
     FROM (SELECT l.account_id, l.version, COALESCE(LAG(l.version) OVER (PARTITION BY l.account_id ORDER BY l.id), k.version, 0) AS before
       FROM (${LIVE_LEDGER}) l LEFT JOIN (${CHECKPOINTS}) k ON k.account_id = l.account_id) l WHERE l.version <> l.before + 1`,
  ),
  queried(
    'no_overdraft',
    'No player, and no sum of open stakes, was ever below zero.',
    `SELECT id || ' has ' || balance AS detail FROM accounts WHERE kind IN ('player', 'open') AND balance < 0`,
    `SELECT l.account_id || ' was left ' || l.balance_after AS detail FROM ledger l JOIN accounts a ON a.id = l.account_id WHERE a.kind IN ('player', 'open') AND l.balance_after < 0`,
  ),
  queried(
    'one_order',
    'A nonce of an account became an order at most once, each of its taps a bet at most once.',
    `SELECT account_id || ' has the nonce ' || nonce || ' ' || COUNT(*) || ' times' AS detail FROM intents GROUP BY account_id, nonce HAVING COUNT(*) > 1`,
    `SELECT 'tap ' || idx || ' of order ' || intent_id || ' became ' || COUNT(*) || ' bets' AS detail FROM bets GROUP BY intent_id, idx HAVING COUNT(*) > 1`,
    `SELECT 'bet ' || b.id || ' has no order of its account' AS detail FROM bets b LEFT JOIN intents i ON i.id = b.intent_id WHERE i.id IS NULL OR i.account_id <> b.account_id`,
  ),
  queried(
    'one_bet_per_cell',
    'An account has at most one bet on a cell that was not void.',
    `SELECT account_id || ' has ' || COUNT(*) || ' bets on ' || cell AS detail FROM bets WHERE status <> 'void' GROUP BY cell, account_id HAVING COUNT(*) > 1`,
  ),
  queried(
    'open_stakes',
    'The open account of a currency holds the stakes of its open bets.',
    `SELECT a.id || ' has ' || a.balance || ', open bets hold ' || COALESCE(s.stake, 0) AS detail FROM accounts a
     LEFT JOIN (SELECT currency, SUM(stake) AS stake FROM bets WHERE status IN ('placed', 'locked') GROUP BY currency) s ON s.currency = a.currency
     WHERE a.kind = 'open' AND a.balance <> COALESCE(s.stake, 0)`,
  ),
  queried(
    'stake_row',
    'Each bet took its stake in one ledger row of its account.',
    `SELECT 'bet ' || b.id || ' has no ledger row of its stake' AS detail FROM bets b LEFT JOIN ledger l ON l.id = b.stake_entry
     WHERE b.stake_entry > ${ARCHIVED_ENTRY}
     AND (l.id IS NULL OR l.bet_id IS NULL OR l.bet_id <> b.id OR l.kind <> 'stake' OR l.amount <> -b.stake OR l.account_id <> b.account_id OR l.batch <> b.batch)`,
    `SELECT 'bet ' || bet_id || ' took ' || COUNT(*) || ' stakes' AS detail FROM ledger WHERE kind = 'stake' GROUP BY bet_id HAVING COUNT(*) > 1`,
  ),
  queried(
    'one_closing',
    'Each closed bet has exactly one closing row, of its account and outcome; an open bet has none.',
    `SELECT 'bet ' || b.id || ' is ' || b.status || ' with ' || COUNT(l.id) || ' closing rows' AS detail FROM bets b LEFT JOIN ledger l ON l.bet_id = b.id AND ${CLOSES_BET}
     WHERE b.closing_entry IS NULL OR b.closing_entry > ${ARCHIVED_ENTRY} GROUP BY b.id, b.status HAVING COUNT(l.id) <> CASE WHEN b.status IN ('placed', 'locked') THEN 0 ELSE 1 END`,
    `SELECT 'bet ' || b.id || ' is ' || b.status || ' but was closed by ' || l.kind || ' of ' || l.amount AS detail FROM bets b JOIN ledger l ON l.bet_id = b.id AND ${CLOSES_BET}
     WHERE b.closing_entry IS NULL OR b.closing_entry <> l.id OR l.account_id <> b.account_id OR l.amount <> b.payout
     OR l.kind <> CASE b.status WHEN 'won' THEN 'payout' WHEN 'lost' THEN 'loss' WHEN 'void' THEN 'refund' ELSE '' END`,
    `SELECT 'ledger row ' || l.id || ' is of the unknown bet ' || l.bet_id AS detail FROM ledger l WHERE l.id > ${ARCHIVED_ENTRY} AND l.bet_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bets b WHERE b.id = l.bet_id)`,
  ),
  // Whole numbers divide by cutting down, which is floor here: neither side is negative.
  queried(
    'payout',
    'A win pays floor(stake × locked / 100), a void the stake, anything else nothing.',
    `SELECT 'bet ' || id || ' is ' || status || ', staked ' || stake || ' at ' || COALESCE(locked, 0) || ' and paid ' || payout AS detail FROM bets
     WHERE payout <> CASE status WHEN 'won' THEN stake * COALESCE(locked, 0) / 100 WHEN 'void' THEN stake ELSE 0 END`,
  ),
  queried(
    'returns',
    'The published returns and refunds are those of the closed bets.',
    `SELECT s.currency || ' at ' || s.multiplier || ': ' || SUM(s.bets) || ' bets, ' || SUM(s.staked) || ' staked, ' || SUM(s.paid) || ' paid too many' AS detail FROM (
       SELECT currency, multiplier, bets, staked, paid FROM multiplier_returns UNION ALL
       SELECT currency, locked, -1, -stake, -payout FROM bets WHERE status IN ('won', 'lost')) s
     WHERE NOT EXISTS (SELECT 1 FROM ledger_checkpoints) GROUP BY s.currency, s.multiplier HAVING SUM(s.bets) <> 0 OR SUM(s.staked) <> 0 OR SUM(s.paid) <> 0`,
    `SELECT s.currency || ' ' || s.reason || ': ' || SUM(s.bets) || ' refunds too many' AS detail FROM (
       SELECT currency, reason, bets FROM void_counts UNION ALL SELECT currency, void_reason, -1 FROM bets WHERE status = 'void') s
     WHERE NOT EXISTS (SELECT 1 FROM ledger_checkpoints) GROUP BY s.currency, s.reason HAVING SUM(s.bets) <> 0`,
  ),
  queried(
    'operator_actions',
    'Actions of operators are numbered without holes; each transfer moved its money, and each bet given back by hand was called off in that commit.',
    `SELECT 'action ' || a.seq || ' follows action ' || a.before AS detail FROM (SELECT seq, COALESCE(LAG(seq) OVER (ORDER BY seq), 0) AS before FROM operator_actions) a WHERE a.seq <> a.before + 1`,
    `SELECT 'action ' || a.seq || ' moved nothing' AS detail FROM operator_actions a WHERE a.what = 'transfer' AND NOT EXISTS (SELECT 1 FROM ledger_checkpoints)
     AND NOT EXISTS (SELECT 1 FROM ledger l WHERE l.account_id = a.target AND l.batch = a.batch AND l.kind || ' ' || CASE l.kind WHEN 'withdrawal' THEN -l.amount ELSE l.amount END = a.detail)`,
    `SELECT 'bet ' || b.id || ' was given back by hand, but nobody called its window off' AS detail FROM bets b JOIN ledger l ON l.id = b.closing_entry WHERE b.void_reason = 'operator'
     AND NOT EXISTS (SELECT 1 FROM operator_actions a WHERE a.what = 'void-window' AND a.batch = l.batch AND a.target = '' || b.start_ms)`,
  ),
  queried(
    'own_limits',
    'Limits of an account are those of its newest change; none was loosened within a day, no pause was shortened, and no bet was placed in one.',
    ...OWN_LIMITS.map((sql) => `SELECT place || ' ' || detail AS detail FROM (${sql})`),
  ),
  walked('ledger_chain', 'Each batch has the hash of its rows and names the hash before it.', brokenLinks),
  walked(
    'tick_chain',
    'Ticks follow each other without holes, and each batch of them has the hash of all up to it.',
    brokenTicks,
  ),
];

/** Every invariant on one snapshot of the file; empty when all hold. @param db open for reading. */
export function checkInvariants(db: Database): Violation[] {
  db.run('BEGIN');
  try {
    return INVARIANTS.flatMap(({ name, run }) => run(db).map((detail) => ({ invariant: name, detail })));
  } finally {
    db.run('COMMIT');
  }
}
