-- The archive, segment by segment: whole commits in their order, each sealed here after its objects were read back. Up to the newest of them the books
-- are archived: checks and chains begin behind it, and rows up to it may go.
CREATE TABLE archive_segments (
  number integer PRIMARY KEY NOT NULL,
  week text NOT NULL,
  first_batch integer NOT NULL,
  last_batch integer NOT NULL,
  -- Time of the first and the last commit.
  began_at integer NOT NULL,
  ended_at integer NOT NULL,
  chain_in text NOT NULL,
  chain_out text NOT NULL,
  tick_chain_in text NOT NULL,
  tick_chain_out text NOT NULL,
  -- Highest number of each table up to its last commit.
  ledger_id integer NOT NULL,
  bet_seq integer NOT NULL,
  intent_id integer NOT NULL,
  tick_seq integer NOT NULL,
  revision integer NOT NULL,
  bets integer NOT NULL,
  bytes integer NOT NULL,
  object_key text NOT NULL,
  manifest_sha256 text NOT NULL,
  -- The store that holds its objects.
  place text NOT NULL,
  sealed_at integer NOT NULL,
  CHECK (last_batch >= first_batch)
) STRICT;

-- What a session key staked in a UTC day by bets that are archived: its daily cap counts on when the ledger opens.
CREATE TABLE archived_stakes (
  segment integer NOT NULL,
  session_id text NOT NULL,
  day integer NOT NULL,
  stake integer NOT NULL CHECK (stake >= 0),
  PRIMARY KEY (segment, session_id, day)
) STRICT, WITHOUT ROWID;

-- Of the ledger the checkpoints say the same, account by account.
CREATE TRIGGER batches_keep_unarchived BEFORE DELETE ON batches
WHEN OLD.seq >= COALESCE((SELECT last_batch FROM archive_segments ORDER BY number DESC LIMIT 1), 0)
BEGIN
  SELECT RAISE(ABORT, 'commits are deleted only when they are archived');
END;
CREATE TRIGGER bets_keep_unarchived BEFORE DELETE ON bets
WHEN OLD.closing_entry IS NOT NULL AND OLD.closing_entry > COALESCE((SELECT ledger_id FROM archive_segments ORDER BY number DESC LIMIT 1), 0)
BEGIN
  SELECT RAISE(ABORT, 'closed bets are deleted only when they are archived');
END;
CREATE TRIGGER ticks_keep_unarchived BEFORE DELETE ON ticks
WHEN OLD.seq > COALESCE((SELECT tick_seq FROM archive_segments ORDER BY number DESC LIMIT 1), 0)
BEGIN
  SELECT RAISE(ABORT, 'ticks are deleted only when they are archived');
END;
CREATE TRIGGER revisions_keep_unarchived BEFORE DELETE ON revisions
WHEN OLD.revision > COALESCE((SELECT revision FROM archive_segments ORDER BY number DESC LIMIT 1), 0)
BEGIN
  SELECT RAISE(ABORT, 'revisions are deleted only when they are archived');
END;
