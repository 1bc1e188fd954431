-- One batch in one statement: $1 bet ids, $2 accounts, $3 nonces, $4 columns, $5 signed texts, $6 signatures,
-- $7 numbers of the bets of the batch before, which it locks. It fails as a whole when a count is not right.
WITH given AS (
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[])
    AS one (bet_id, account_id, nonce, col, signed_text, signature)
), orders AS (
  INSERT INTO intents (account_id, session_id, nonce, at, signed_text, signature)
  SELECT account_id, '0190a5c2-6b1f-7d10-8a44-5d2b9e8f7a61', nonce, 1800000000000, signed_text, signature
  FROM given ON CONFLICT (account_id, nonce) DO NOTHING RETURNING id, account_id, nonce
), placed AS (
  INSERT INTO bets (id, intent_id, idx, batch, account_id, currency, simulated, cell, start_ms, window_ms,
    low, high, stake, shown, shown_revision, guard_percent, multiplier_max, placed_at, lock_at, filled,
    status, payout)
  SELECT bet_id, orders.id, 0, 1, account_id, 'PLAY', 1, col || '.5000.7600000.7601000', col, 5000, 7600000,
    7601000, 10000, 235, 1, 80, 2500, 1800000000000, 1800000000400, 0, 'placed', 0
  FROM given JOIN orders USING (account_id, nonce)
  RETURNING seq, id, account_id, stake
), sums AS (
  SELECT account_id, sum(stake) AS staked, count(*) AS bets FROM placed GROUP BY account_id
), debited AS (
  UPDATE accounts SET balance = balance - staked, version = version + bets, day = 20000,
    day_staked = CASE WHEN day = 20000 THEN day_staked ELSE 0 END + staked,
    day_returned = CASE WHEN day = 20000 THEN day_returned ELSE 0 END
  FROM sums WHERE accounts.id = sums.account_id AND currency = 'PLAY' AND balance >= staked
    AND (daily_loss_max IS NULL OR CASE WHEN day = 20000 THEN day_staked - day_returned ELSE 0 END + staked <=
      daily_loss_max)
  RETURNING accounts.id AS account_id, balance + staked AS before, version - bets AS version
), entered AS (
  INSERT INTO ledger (batch, account_id, at, kind, amount, balance_after, version, bet_id)
  SELECT 1, account_id, 1800000000000, 'stake', -stake,
    before - sum(stake) OVER own, version + row_number() OVER own, id
  FROM placed JOIN debited USING (account_id)
  WINDOW own AS (PARTITION BY account_id ORDER BY seq)
  RETURNING id
), locked AS (
  UPDATE bets SET status = 'locked', locked = 235, locked_revision = 2, locked_batch = 2
  FROM unnest($7::bigint[]) AS before (seq) WHERE bets.seq = before.seq AND status = 'placed'
  RETURNING bets.seq
)
SELECT (SELECT string_agg(seq::text, ',') FROM placed) AS seqs,
  1 / (CASE WHEN (SELECT count(*) FROM entered) = (SELECT count(*) FROM given)
    AND (SELECT count(*) FROM locked) = cardinality($7::bigint[]) THEN 1 ELSE 0 END) AS whole
