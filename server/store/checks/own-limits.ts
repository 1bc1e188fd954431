import { LOOSEN_AFTER_MS } from '../../game/own-limits.ts';
import { LIMITS } from '../rows/limits.ts';

/**
 * Each change of own limits with what held just before it: a loosening that was due had come, and an ended
 * pause still stands.
 */
const CHANGES = `SELECT c.*,
    CASE WHEN c.loosens_before <= c.at THEN c.loosens_to_before ELSE c.max_before END AS loss_before
  FROM (
    SELECT d.*, LAG(d.daily_loss_max) OVER w AS max_before, LAG(d.loosens_at) OVER w AS loosens_before,
      LAG(d.loosens_to) OVER w AS loosens_to_before, LAG(d.paused_until) OVER w AS paused_before
    FROM limit_changes d WINDOW w AS (PARTITION BY d.account_id ORDER BY d.seq)
  ) c`;
/** Lowest guard of an account that never set one. */
const GUARD_AT_FIRST = 80;

const OTHER_THAN_CHANGE = LIMITS.fields.map(({ name }) => `a.${name} IS NOT c.${name}`).join(' OR ');
const IS_SET = LIMITS.fields
  .map(({ name, nullable }) =>
    nullable ? `${name} IS NOT NULL` : `(kind = 'player' AND ${name} <> ${GUARD_AT_FIRST})`,
  )
  .join(' OR ');

/** Each query gives rows of `place` and `detail`. */
export const OWN_LIMITS: readonly string[] = [
  `SELECT a.id AS place, 'has other limits than its change ' || c.seq AS detail
   FROM limit_changes c JOIN accounts a ON a.id = c.account_id
   WHERE c.seq = (SELECT MAX(d.seq) FROM limit_changes d WHERE d.account_id = c.account_id)
   AND (${OTHER_THAN_CHANGE})`,
  `SELECT id AS place, 'has limits, but never set any' AS detail FROM accounts a WHERE (${IS_SET})
   AND NOT EXISTS (SELECT 1 FROM limit_changes c WHERE c.account_id = a.id)`,
  `SELECT c.account_id AS place, 'loosened its daily loss limit at once by change ' || c.seq AS detail
   FROM (${CHANGES}) c
   WHERE c.loss_before IS NOT NULL AND (c.daily_loss_max IS NULL OR c.daily_loss_max > c.loss_before)`,
  `SELECT c.account_id AS place, 'loosens its daily loss limit too soon after change ' || c.seq AS detail
   FROM (${CHANGES}) c
   WHERE c.loosens_at < c.at + ${LOOSEN_AFTER_MS} AND c.loosens_at IS NOT c.loosens_before`,
  `SELECT c.account_id AS place, 'ended its pause early by change ' || c.seq AS detail
   FROM (${CHANGES}) c WHERE c.paused_before > COALESCE(c.paused_until, 0)`,
  `SELECT 'bet ' || b.id AS place, 'was placed in the pause of change ' || c.seq AS detail
   FROM bets b JOIN limit_changes c ON c.account_id = b.account_id
   WHERE b.batch > c.batch AND b.placed_at < c.paused_until`,
  `SELECT 'change ' || c.seq AS place, 'follows change ' || c.before AS detail
   FROM (SELECT seq, COALESCE(LAG(seq) OVER (ORDER BY seq), 0) AS before FROM limit_changes) c
   WHERE c.seq <> c.before + 1`,
  `SELECT 'change ' || c.seq AS place,
     'is of batch ' || c.batch || ', the change before it of ' || c.before AS detail
   FROM (SELECT seq, batch, LAG(batch) OVER (ORDER BY seq) AS before FROM limit_changes) c
   WHERE c.batch < c.before`,
  `SELECT 'change ' || seq AS place, 'is of batch ' || batch || ', which is not there' AS detail
   FROM limit_changes WHERE batch > (SELECT COALESCE(MAX(seq), 0) + 1 FROM batches)`,
];
