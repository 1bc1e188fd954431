\set account random(1, 2000)
\set column random(1, 1000000000)
BEGIN;
INSERT INTO intents (account_id, session_id, nonce, at, signed_text, signature) VALUES (:account,
  '0190a5c2-6b1f-7d10-8a44-5d2b9e8f7a61', gen_random_uuid()::text, 1800000000000,
  repeat('x', 210), repeat('y', 86)) ON CONFLICT (account_id, nonce) DO NOTHING RETURNING id AS intent \gset
INSERT INTO bets (id, intent_id, idx, batch, account_id, currency, simulated, cell, start_ms, window_ms,
  low, high, stake, shown, shown_revision, guard_percent, multiplier_max, placed_at, lock_at, filled,
  status, payout)
  VALUES (gen_random_uuid()::text, :intent, 0, 1, :account, 'PLAY', 1, :column || '.5000.7600000.7601000',
    :column, 5000, 7600000, 7601000, 10000, 235, 1, 80, 2500, 1800000000000, 1800000000400, 0, 'placed', 0)
  RETURNING seq AS bet \gset
UPDATE accounts SET balance = balance - 10000, version = version + 1, day = 20000,
  day_staked = CASE WHEN day = 20000 THEN day_staked ELSE 0 END + 10000,
  day_returned = CASE WHEN day = 20000 THEN day_returned ELSE 0 END WHERE id = :account
    AND currency = 'PLAY' AND balance >= 10000
  AND (daily_loss_max IS NULL OR CASE WHEN day = 20000 THEN day_staked - day_returned ELSE 0 END + 10000 <=
    daily_loss_max) RETURNING balance AS balance, version AS version \gset
INSERT INTO ledger (batch, account_id, at, kind, amount, balance_after, version, bet_id) VALUES (1,
  :account, 1800000000000, 'stake', -10000, :balance, :version, repeat('z', 36));
UPDATE bets SET status = 'locked', locked = 235, locked_revision = 2, locked_batch = 2 WHERE seq = :bet
  AND status = 'placed';
COMMIT;
