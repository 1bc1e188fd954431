-- What traders set for themselves. Times UTC epoch ms, money micro-dollars.
-- `daily_loss_max` holds until `loosens_at`, from then on `loosens_to` does (null: no limit).
ALTER TABLE accounts ADD COLUMN loosens_at integer;
ALTER TABLE accounts ADD COLUMN loosens_to integer CHECK (loosens_to >= 0);
-- No bets before then; 9007199254740991 is for good. A pause that has ended stays here.
ALTER TABLE accounts ADD COLUMN paused_until integer;
ALTER TABLE accounts ADD COLUMN reminder_minutes integer CHECK (reminder_minutes > 0);

CREATE TRIGGER pauses_are_kept BEFORE UPDATE OF paused_until ON accounts
WHEN OLD.paused_until IS NOT NULL AND (NEW.paused_until IS NULL OR NEW.paused_until < OLD.paused_until)
BEGIN
  SELECT RAISE(ABORT, 'a pause is never taken back');
END;

-- Each change of an account's own limits, and what they were after it. Append-only, and not under the ledger chain.
CREATE TABLE limit_changes (
  seq integer PRIMARY KEY NOT NULL,
  account_id text NOT NULL REFERENCES accounts (id),
  -- Number that the ledger chain had come to: bets with a higher one were placed after the change.
  batch integer NOT NULL,
  at integer NOT NULL,
  daily_loss_max integer,
  loosens_at integer,
  loosens_to integer,
  paused_until integer,
  guard_percent integer NOT NULL,
  reminder_minutes integer
) STRICT;
CREATE INDEX limit_changes_of_account ON limit_changes (account_id, seq);
CREATE INDEX limit_changes_at ON limit_changes (at);

CREATE TRIGGER limit_changes_are_append_only BEFORE UPDATE ON limit_changes
BEGIN
  SELECT RAISE(ABORT, 'changes of limits are never changed');
END;
CREATE TRIGGER limit_changes_are_kept BEFORE DELETE ON limit_changes
BEGIN
  SELECT RAISE(ABORT, 'changes of limits are never deleted');
END;

-- Limits that were set before there was a history: since when is not known.
INSERT INTO limit_changes (account_id, batch, at, daily_loss_max, guard_percent)
  SELECT id, 0, 0, daily_loss_max, guard_percent FROM accounts WHERE kind = 'player' AND (daily_loss_max IS NOT NULL OR guard_percent <> 80) ORDER BY id;
