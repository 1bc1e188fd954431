import { PLACING_MS_MAX } from '../../game/acceptance.ts';
import { archived } from './invariant.ts';

const DAY_MS = 86_400_000;
/** A process at the edge may hear so late that a session was ended by another. */
const SESSION_SLACK_MS = 60_000;
/** Taps of an order stand behind so many lines of its signed text. */
const HEAD_LINES = 5;
const TAPS = `(length(i.signed_text) - length(replace(i.signed_text, char(10), '')) - ${HEAD_LINES})`;
/** Bets with their orders and the sessions that sent these. */
const SENT = `bets b JOIN intents i ON i.id = b.intent_id JOIN sessions s ON s.id = i.session_id`;

/** Each gives rows of `place` and `detail`. */
export const SESSION_CHECKS: readonly string[] = [
  `SELECT 'order ' || i.id AS place, 'of ' || i.account_id || ' was sent by ' || i.session_id
     || ', a session of ' || COALESCE(s.account_id, 'nobody') AS detail
   FROM intents i LEFT JOIN sessions s ON s.id = i.session_id WHERE s.account_id IS NOT i.account_id`,
  `SELECT 'bet ' || b.id AS place, 'of ' || b.stake || ', placed at ' || b.placed_at
     || ', is not within its session: up to ' || s.stake_max || ', from ' || s.created_at
     || ' to ' || MIN(s.expires_at, COALESCE(s.ended_at, s.expires_at)) AS detail
   FROM ${SENT} WHERE b.rule > 1 AND (b.stake > s.stake_max OR b.placed_at < s.created_at - ${PLACING_MS_MAX}
     OR b.placed_at > s.expires_at + ${SESSION_SLACK_MS} OR b.placed_at > s.ended_at + ${SESSION_SLACK_MS})`,
  `SELECT 'session ' || s.id AS place, 'staked ' || SUM(b.stake) || ' on day ' || (b.placed_at / ${DAY_MS})
     || ', its cap is ' || s.daily_cap AS detail
   FROM ${SENT} GROUP BY s.id, b.placed_at / ${DAY_MS} HAVING SUM(b.stake) > s.daily_cap`,
];

/** An order is of the time of its bets, and says which of its taps became none. */
export const ORDER_CHECKS: readonly string[] = [
  `SELECT 'order ' || i.id AS place,
     'is of ' || i.at || ', its bet ' || b.id || ' of ' || b.placed_at AS detail
   FROM bets b JOIN intents i ON i.id = b.intent_id WHERE i.at <> b.placed_at`,
  `SELECT 'order ' || i.id AS place,
     'does not say what became of its taps: ' || COALESCE(i.outcomes, 'all are bets') AS detail
   FROM intents i WHERE i.id > ${archived('intent_id')} AND CASE
     WHEN i.outcomes IS NULL THEN (SELECT COUNT(*) FROM bets b WHERE b.intent_id = i.id) <> ${TAPS}
     WHEN NOT json_valid(i.outcomes) THEN 1
     WHEN json_type(i.outcomes) <> 'array' OR json_array_length(i.outcomes) <> ${TAPS} THEN 1
     ELSE EXISTS (
         SELECT 1 FROM json_each(i.outcomes) e WHERE e.type NOT IN ('null', 'text') OR (e.type = 'null')
           <> EXISTS (SELECT 1 FROM bets b WHERE b.intent_id = i.id AND b.idx = e.key))
       OR NOT EXISTS (SELECT 1 FROM json_each(i.outcomes) e WHERE e.type = 'text') END`,
];
