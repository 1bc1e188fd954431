import { CURRENCIES } from '../../game/money.ts';
import { archived } from './invariant.ts';

const DAY_MS = 86_400_000;

const INTERNAL = CURRENCIES.flatMap((currency) =>
  ['house', 'open', 'funding'].map((kind) => `('${kind}:${currency}', '${kind}')`),
).join(', ');

/** The accounts of the house are there, and an account is what its name says. */
export const ACCOUNT_KINDS: readonly string[] = [
  `SELECT 'account ' || w.column1 AS place, 'is not there' AS detail FROM (VALUES ${INTERNAL}) w
   WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = w.column1 AND a.kind = w.column2)`,
  `SELECT 'account ' || id AS place, 'is a ' || kind || ' account in ' || currency AS detail FROM accounts
   WHERE kind IS NOT CASE
     WHEN id = 'house:' || currency THEN 'house'
     WHEN id = 'open:' || currency THEN 'open'
     WHEN id = 'funding:' || currency OR id GLOB 'funding:' || currency || ':[0-9]*' THEN 'funding'
     WHEN instr(id, ':') = 0 THEN 'player' END`,
];

/** Each gives rows of `place` and `detail`. */
export const ACCOUNT_CHECKS: readonly string[] = [
  ...ACCOUNT_KINDS,
  `SELECT 'house' AS place, 'has no id' AS detail WHERE NOT EXISTS (SELECT 1 FROM house)`,
  `SELECT 'account ' || id AS place, 'is of the house and has what only a trader has' AS detail FROM accounts
   WHERE kind <> 'player' AND (address IS NOT NULL OR day <> 0 OR day_staked <> 0 OR day_returned <> 0
     OR guard_percent <> 0 OR opened_at <> 0)`,
  `SELECT 'account ' || a.id AS place,
     'was opened at ' || a.opened_at || ', its first grant is of ' || l.at AS detail
   FROM accounts a JOIN ledger l ON l.account_id = a.id AND l.version = 1
   WHERE a.kind = 'player' AND l.kind = 'grant' AND a.opened_at <> l.at`,
];

/**
 * What bets that are not archived say of the day of their account's newest one, and whether a set-back clock
 * came to an earlier day in between.
 */
const STAKED = `SELECT b.account_id,
    SUM(CASE WHEN b.placed_at / ${DAY_MS} = a.day THEN b.stake ELSE 0 END) AS staked,
    SUM(CASE WHEN b.placed_at / ${DAY_MS} = a.day THEN b.payout ELSE 0 END) AS returned,
    MIN(CASE WHEN b.placed_at / ${DAY_MS} = a.day THEN b.seq END) AS first,
    MAX(CASE WHEN b.placed_at / ${DAY_MS} <> a.day THEN b.seq END) AS other
  FROM bets b JOIN accounts a ON a.id = b.account_id WHERE b.seq > ${archived('bet_seq')}
  GROUP BY b.account_id`;
const STAKED_ARCHIVED = `SELECT s.account_id, SUM(t.stake) AS staked FROM archived_stakes t
  JOIN sessions s ON s.id = t.session_id JOIN accounts a ON a.id = s.account_id
  WHERE t.day = a.day AND t.segment <= ${archived('number')} GROUP BY s.account_id`;

/** What an account staked and got back on its newest day. Each gives rows of `place` and `detail`. */
export const DAY_SUM_CHECKS: readonly string[] = [
  `SELECT 'account ' || a.id AS place, 'staked ' || a.day_staked || ' on day ' || a.day
     || ', its bets of that day ' || (COALESCE(r.staked, 0) + COALESCE(t.staked, 0)) AS detail
   FROM accounts a LEFT JOIN (${STAKED}) r ON r.account_id = a.id
   LEFT JOIN (${STAKED_ARCHIVED}) t ON t.account_id = a.id
   WHERE a.kind = 'player' AND (r.other IS NULL OR r.first IS NULL OR r.other < r.first)
   AND ((a.day_staked <> COALESCE(r.staked, 0) + COALESCE(t.staked, 0)
       AND a.day >= ${archived('ended_at')} / ${DAY_MS} - 2)
     OR (r.other IS NOT NULL AND r.first IS NULL)
     OR (r.other IS NULL AND r.first IS NULL AND a.day <> 0 AND ${archived('number')} = 0))`,
  `SELECT 'account ' || a.id AS place, 'got ' || a.day_returned || ' back on day ' || a.day
     || ', its bets of that day ' || COALESCE(r.returned, 0) AS detail
   FROM accounts a LEFT JOIN (${STAKED}) r ON r.account_id = a.id
   WHERE a.kind = 'player' AND (r.other IS NULL OR r.first IS NULL OR r.other < r.first)
   AND a.day_returned <> COALESCE(r.returned, 0)
   AND (a.day > ${archived('ended_at')} / ${DAY_MS} OR ${archived('number')} = 0)`,
];
