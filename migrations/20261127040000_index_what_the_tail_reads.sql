-- The tail of the backup asks every two seconds what changed. Without these it reads all sessions and all accounts each time.
-- A session that begins is seen then.
CREATE INDEX sessions_seen ON sessions (seen_at);
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX accounts_opened ON accounts (opened_at);
CREATE INDEX accounts_with_limits ON accounts (id) WHERE daily_loss_max IS NOT NULL OR guard_percent <> 80;
