import { PLACING_MS_MAX } from '../game/acceptance.ts';
import { CURRENCIES } from '../game/money.ts';
import type { BesideCheck } from '../ports/history.ts';
import { OWN_LIMITS } from './own-limits-check.ts';

const DAY_MS = 86_400_000;
/** A process at the edge may hear so late that a session was ended by another. */
const SESSION_SLACK_MS = 60_000;
/** Taps of an order stand behind so many lines of its signed text. */
const HEAD_LINES = 5;

const NEWEST = (column: string): string => `(SELECT COALESCE(MAX(${column}), 0) FROM archive_segments)`;
const INTERNAL = CURRENCIES.flatMap((currency) =>
  ['house', 'open', 'funding'].map((kind) => `('${kind}:${currency}', '${kind}')`),
).join(', ');
const TAPS = `(length(i.signed_text) - length(replace(i.signed_text, char(10), '')) - ${HEAD_LINES})`;

/**
 * What bets that are not archived say of the day of their account's newest one, and whether a set-back clock
 * came to an earlier day in between.
 */
const STAKED = `SELECT b.account_id, SUM(CASE WHEN b.placed_at / ${DAY_MS} = a.day THEN b.stake ELSE 0 END) AS staked, SUM(CASE WHEN b.placed_at / ${DAY_MS} = a.day THEN b.payout ELSE 0 END) AS returned,
  MIN(CASE WHEN b.placed_at / ${DAY_MS} = a.day THEN b.seq END) AS first, MAX(CASE WHEN b.placed_at / ${DAY_MS} <> a.day THEN b.seq END) AS other
  FROM bets b JOIN accounts a ON a.id = b.account_id WHERE b.seq > ${NEWEST('bet_seq')} GROUP BY b.account_id`;
const STAKED_ARCHIVED = `SELECT s.account_id, SUM(t.stake) AS staked FROM archived_stakes t JOIN sessions s ON s.id = t.session_id JOIN accounts a ON a.id = s.account_id
  WHERE t.day = a.day AND t.segment <= ${NEWEST('number')} GROUP BY s.account_id`;
/**
 * The newest checkpoint of each account, once no run of the archiver is under way: then they stand where the
 * archive ends. A restore brings older ones back
 * that had gone meanwhile.
 */
const CHECKPOINTS = `SELECT c.* FROM ledger_checkpoints c
  WHERE c.ledger_id = (SELECT MAX(n.ledger_id) FROM ledger_checkpoints n WHERE n.account_id = c.account_id) AND NOT EXISTS (SELECT 1 FROM ledger_checkpoints d WHERE d.ledger_id > ${NEWEST('ledger_id')})`;

/** The accounts of the house are there, and an account is what its name says. */
export const ACCOUNT_KINDS: readonly string[] = [
  `SELECT 'account ' || w.column1 AS place, 'is not there' AS detail FROM (VALUES ${INTERNAL}) w WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = w.column1 AND a.kind = w.column2)`,
  `SELECT 'account ' || id AS place, 'is a ' || kind || ' account in ' || currency AS detail FROM accounts
   WHERE kind IS NOT CASE WHEN id = 'house:' || currency THEN 'house' WHEN id = 'open:' || currency THEN 'open' WHEN id = 'funding:' || currency OR id GLOB 'funding:' || currency || ':[0-9]*' THEN 'funding'
     WHEN instr(id, ':') = 0 THEN 'player' END`,
];

/**
 * What stands beside the hash chains: each question is a check of the report, and gives rows of `place` and
 * `detail` where it does not hold. What none of
 * them can know is listed in `server/upkeep/integrity/uncovered.ts`.
 */
export const BESIDE_CHAIN: Readonly<Record<BesideCheck, readonly string[]>> = {
  accounts: [
    ...ACCOUNT_KINDS,
    `SELECT 'house' AS place, 'has no id' AS detail WHERE NOT EXISTS (SELECT 1 FROM house)`,
    `SELECT 'account ' || id AS place, 'is of the house and has what only a trader has' AS detail FROM accounts
     WHERE kind <> 'player' AND (address IS NOT NULL OR day <> 0 OR day_staked <> 0 OR day_returned <> 0 OR guard_percent <> 0 OR opened_at <> 0)`,
    `SELECT 'account ' || a.id AS place, 'was opened at ' || a.opened_at || ', its first grant is of ' || l.at AS detail FROM accounts a JOIN ledger l ON l.account_id = a.id AND l.version = 1
     WHERE a.kind = 'player' AND l.kind = 'grant' AND a.opened_at <> l.at`,
  ],
  day_sums: [
    `SELECT 'account ' || a.id AS place, 'staked ' || a.day_staked || ' on day ' || a.day || ', its bets of that day ' || (COALESCE(r.staked, 0) + COALESCE(t.staked, 0)) AS detail
     FROM accounts a LEFT JOIN (${STAKED}) r ON r.account_id = a.id LEFT JOIN (${STAKED_ARCHIVED}) t ON t.account_id = a.id
     WHERE a.kind = 'player' AND (r.other IS NULL OR r.first IS NULL OR r.other < r.first)
     AND ((a.day_staked <> COALESCE(r.staked, 0) + COALESCE(t.staked, 0) AND a.day >= ${NEWEST('ended_at')} / ${DAY_MS} - 2) OR (r.other IS NOT NULL AND r.first IS NULL)
       OR (r.other IS NULL AND r.first IS NULL AND a.day <> 0 AND ${NEWEST('number')} = 0))`,
    `SELECT 'account ' || a.id AS place, 'got ' || a.day_returned || ' back on day ' || a.day || ', its bets of that day ' || COALESCE(r.returned, 0) AS detail
     FROM accounts a LEFT JOIN (${STAKED}) r ON r.account_id = a.id
     WHERE a.kind = 'player' AND (r.other IS NULL OR r.first IS NULL OR r.other < r.first) AND a.day_returned <> COALESCE(r.returned, 0) AND (a.day > ${NEWEST('ended_at')} / ${DAY_MS} OR ${NEWEST('number')} = 0)`,
  ],
  own_limits: OWN_LIMITS,
  sessions: [
    `SELECT 'order ' || i.id AS place, 'of ' || i.account_id || ' was sent by ' || i.session_id || ', a session of ' || COALESCE(s.account_id, 'nobody') AS detail
     FROM intents i LEFT JOIN sessions s ON s.id = i.session_id WHERE s.account_id IS NOT i.account_id`,
    `SELECT 'bet ' || b.id AS place, 'of ' || b.stake || ', placed at ' || b.placed_at || ', is not within its session: up to ' || s.stake_max || ', from ' || s.created_at || ' to ' || MIN(s.expires_at, COALESCE(s.ended_at, s.expires_at)) AS detail
     FROM bets b JOIN intents i ON i.id = b.intent_id JOIN sessions s ON s.id = i.session_id
     WHERE b.rule > 1 AND (b.stake > s.stake_max OR b.placed_at < s.created_at - ${PLACING_MS_MAX} OR b.placed_at > s.expires_at + ${SESSION_SLACK_MS} OR b.placed_at > s.ended_at + ${SESSION_SLACK_MS})`,
    `SELECT 'session ' || s.id AS place, 'staked ' || SUM(b.stake) || ' on day ' || (b.placed_at / ${DAY_MS}) || ', its cap is ' || s.daily_cap AS detail
     FROM bets b JOIN intents i ON i.id = b.intent_id JOIN sessions s ON s.id = i.session_id GROUP BY s.id, b.placed_at / ${DAY_MS} HAVING SUM(b.stake) > s.daily_cap`,
  ],
  orders: [
    `SELECT 'order ' || i.id AS place, 'is of ' || i.at || ', its bet ' || b.id || ' of ' || b.placed_at AS detail FROM bets b JOIN intents i ON i.id = b.intent_id WHERE i.at <> b.placed_at`,
    `SELECT 'order ' || i.id AS place, 'does not say what became of its taps: ' || COALESCE(i.outcomes, 'all are bets') AS detail FROM intents i WHERE i.id > ${NEWEST('intent_id')}
     AND CASE WHEN i.outcomes IS NULL THEN (SELECT COUNT(*) FROM bets b WHERE b.intent_id = i.id) <> ${TAPS}
       WHEN NOT json_valid(i.outcomes) THEN 1 WHEN json_type(i.outcomes) <> 'array' OR json_array_length(i.outcomes) <> ${TAPS} THEN 1
       ELSE EXISTS (SELECT 1 FROM json_each(i.outcomes) e WHERE e.type NOT IN ('null', 'text') OR (e.type = 'null') <> EXISTS (SELECT 1 FROM bets b WHERE b.intent_id = i.id AND b.idx = e.key))
         OR NOT EXISTS (SELECT 1 FROM json_each(i.outcomes) e WHERE e.type = 'text') END`,
  ],
  checkpoints: [
    `SELECT a.currency AS place, 'has checkpoints that add up to ' || SUM(c.balance) AS detail FROM (${CHECKPOINTS}) c JOIN accounts a ON a.id = c.account_id GROUP BY a.currency HAVING SUM(c.balance) <> 0`,
    `SELECT 'account ' || c.account_id AS place, 'has a checkpoint at ledger row ' || c.ledger_id || ', which is another' AS detail FROM ledger_checkpoints c LEFT JOIN ledger l ON l.id = c.ledger_id
     WHERE CASE WHEN l.id IS NULL THEN c.ledger_id > ${NEWEST('ledger_id')} ELSE l.account_id <> c.account_id OR l.version <> c.version OR l.balance_after <> c.balance END`,
    `SELECT 'account ' || c.account_id AS place, 'goes on with version ' || l.version || ' in ledger row ' || l.id || ', its checkpoint is at row ' || c.ledger_id || ' and version ' || c.version AS detail
     FROM ledger_checkpoints c JOIN ledger l ON l.account_id = c.account_id WHERE (l.id > c.ledger_id) <> (l.version > c.version)`,
  ],
  archive: [
    `SELECT 'segment ' || s.number AS place, 'does not follow segment ' || (s.number - 1) AS detail FROM archive_segments s LEFT JOIN archive_segments p ON p.number = s.number - 1
     WHERE CASE WHEN p.number IS NULL THEN s.number <> 1 OR s.first_batch <> 1 OR s.chain_in <> hex(zeroblob(32)) OR s.tick_chain_in <> hex(zeroblob(32))
       ELSE s.first_batch <> p.last_batch + 1 OR s.chain_in <> p.chain_out OR s.tick_chain_in <> p.tick_chain_out OR s.ledger_id < p.ledger_id OR s.bet_seq < p.bet_seq OR s.intent_id < p.intent_id
         OR s.tick_seq < p.tick_seq OR s.revision < p.revision END`,
    `SELECT 'segment ' || s.number AS place, 'ends with other hashes or at another time than commit ' || s.last_batch AS detail FROM archive_segments s LEFT JOIN batches b ON b.seq = s.last_batch
     WHERE s.number = ${NEWEST('number')} AND (b.seq IS NULL OR b.hash <> s.chain_out OR b.tick_hash <> s.tick_chain_out OR b.at <> s.ended_at)`,
    `SELECT 'stake of ' || t.session_id AS place, 'is of segment ' || t.segment || ', which is not there' AS detail FROM archived_stakes t WHERE t.segment > ${NEWEST('number')} + 1`,
    `SELECT 'stake of ' || t.session_id AS place, 'is of a session that is not there' AS detail FROM archived_stakes t WHERE NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = t.session_id)`,
  ],
};
