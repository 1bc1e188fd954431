-- Accounts of players and, one each per currency, of the house, the open bets, and the funding from outside.
-- Money is micro-dollars, time UTC epoch ms, prices cents, multipliers hundredths: all whole numbers.
CREATE TABLE accounts (
  id text PRIMARY KEY NOT NULL,
  kind text NOT NULL CHECK (kind IN ('player', 'house', 'open', 'funding')),
  currency text NOT NULL CHECK (currency IN ('PLAY', 'USD')),
  address text,
  balance integer NOT NULL,
  version integer NOT NULL CHECK (version >= 0),
  -- UTC day (days since the epoch) that the two sums beside it are for: they let the debit itself enforce the daily loss limit.
  day integer NOT NULL,
  day_staked integer NOT NULL,
  day_returned integer NOT NULL,
  daily_loss_max integer CHECK (daily_loss_max >= 0),
  guard_percent integer NOT NULL CHECK (guard_percent BETWEEN 0 AND 100),
  opened_at integer NOT NULL,
  CHECK (kind NOT IN ('player', 'open') OR balance >= 0),
  UNIQUE (address, currency)
) STRICT, WITHOUT ROWID;

INSERT INTO accounts (id, kind, currency, address, balance, version, day, day_staked, day_returned, daily_loss_max, guard_percent, opened_at) VALUES
  ('house:PLAY', 'house', 'PLAY', NULL, 0, 0, 0, 0, 0, NULL, 0, 0),
  ('house:USD', 'house', 'USD', NULL, 0, 0, 0, 0, 0, NULL, 0, 0),
  ('open:PLAY', 'open', 'PLAY', NULL, 0, 0, 0, 0, 0, NULL, 0, 0),
  ('open:USD', 'open', 'USD', NULL, 0, 0, 0, 0, 0, NULL, 0, 0),
  ('funding:PLAY', 'funding', 'PLAY', NULL, 0, 0, 0, 0, 0, NULL, 0, 0),
  ('funding:USD', 'funding', 'USD', NULL, 0, 0, 0, 0, 0, NULL, 0, 0);

-- Rows stay when a session ends: a key is registered once, ever.
CREATE TABLE sessions (
  id text PRIMARY KEY NOT NULL,
  account_id text NOT NULL REFERENCES accounts (id),
  token_hash text NOT NULL UNIQUE,
  public_key text NOT NULL UNIQUE,
  stake_max integer NOT NULL,
  daily_cap integer NOT NULL,
  created_at integer NOT NULL,
  expires_at integer NOT NULL,
  seen_at integer NOT NULL,
  ended_at integer
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_account ON sessions (account_id);

-- Each commit that changed the books: one link of the ledger chain.
CREATE TABLE batches (
  seq integer PRIMARY KEY NOT NULL,
  at integer NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  -- Head of the tick chain after this commit.
  tick_hash text NOT NULL
) STRICT;

-- Signed orders. Of an order of which no tap was accepted there is no row.
CREATE TABLE intents (
  id integer PRIMARY KEY NOT NULL,
  account_id text NOT NULL REFERENCES accounts (id),
  session_id text NOT NULL REFERENCES sessions (id),
  nonce text NOT NULL,
  at integer NOT NULL,
  signed_text text NOT NULL,
  signature text NOT NULL,
  -- Null when each tap became a bet, else a JSON array with one code or null for each tap.
  outcomes text,
  UNIQUE (account_id, nonce)
) STRICT;

-- (account_id, nonce, idx) is unique because (account_id, nonce) is among intents and (intent_id, idx) here, at the price of an append.
CREATE TABLE bets (
  seq integer PRIMARY KEY NOT NULL,
  id text NOT NULL UNIQUE,
  intent_id integer NOT NULL REFERENCES intents (id),
  idx integer NOT NULL,
  batch integer NOT NULL,
  account_id text NOT NULL,
  currency text NOT NULL CHECK (currency IN ('PLAY', 'USD')),
  simulated integer NOT NULL CHECK (simulated IN (0, 1)),
  cell text NOT NULL,
  start_ms integer NOT NULL,
  window_ms integer NOT NULL,
  low integer NOT NULL,
  high integer NOT NULL,
  stake integer NOT NULL CHECK (stake > 0),
  shown integer NOT NULL,
  shown_revision integer NOT NULL,
  guard_percent integer NOT NULL,
  -- Highest multiplier at which it may yet be paid while it is held.
  multiplier_max integer NOT NULL,
  placed_at integer NOT NULL,
  lock_at integer NOT NULL,
  -- 1 when it was filled as shown, without a hold.
  filled integer NOT NULL CHECK (filled IN (0, 1)),
  locked integer,
  locked_revision integer,
  -- Commit that locked a held bet.
  locked_batch integer,
  -- `or` and not `in`: SQLite builds a table for a longer list at each row that it checks.
  status text NOT NULL CHECK (status = 'placed' OR status = 'locked' OR status = 'lost' OR status = 'won' OR status = 'void'),
  payout integer NOT NULL CHECK (payout >= 0),
  closed_at integer,
  closed_tick integer,
  void_reason text,
  -- Ledger rows that took the stake and that closed the bet.
  stake_entry integer NOT NULL,
  closing_entry integer,
  UNIQUE (intent_id, idx),
  CHECK (status IN ('placed', 'void') OR locked IS NOT NULL),
  CHECK ((status IN ('placed', 'locked')) = (closing_entry IS NULL)),
  CHECK ((status = 'void') = (void_reason IS NOT NULL))
) STRICT;
-- One bet per account and cell; a stake that came back (a void, which has a reason) may be tried again. The cell stands first: live cells lie close together.
-- Neither condition names the status, so that a lock changes no index, and a win or loss only the second.
CREATE UNIQUE INDEX bets_one_per_cell ON bets (cell, account_id) WHERE void_reason IS NULL;
CREATE INDEX bets_open ON bets (account_id, seq) WHERE closing_entry IS NULL;

-- Append-only. `counter` rows stand on the house, open and funding accounts: the other side of all movements of one batch.
CREATE TABLE ledger (
  id integer PRIMARY KEY NOT NULL,
  batch integer NOT NULL,
  account_id text NOT NULL,
  at integer NOT NULL,
  kind text NOT NULL CHECK (kind = 'stake' OR kind = 'loss' OR kind = 'payout' OR kind = 'refund' OR kind = 'counter' OR kind = 'grant' OR kind = 'deposit'
    OR kind = 'withdrawal' OR kind = 'adjustment'),
  amount integer NOT NULL,
  balance_after integer NOT NULL,
  version integer NOT NULL,
  bet_id text,
  UNIQUE (account_id, version),
  CHECK ((bet_id IS NOT NULL) = (kind = 'stake' OR kind = 'loss' OR kind = 'payout' OR kind = 'refund'))
) STRICT;
-- Of the rows of a bet, all but that of its stake close it.
CREATE UNIQUE INDEX ledger_one_closing ON ledger (bet_id) WHERE bet_id IS NOT NULL AND kind <> 'stake';

-- Up to this row an account's ledger has been archived: balance and version after it. Rows up to it may then be deleted, no others.
CREATE TABLE ledger_checkpoints (
  account_id text NOT NULL REFERENCES accounts (id),
  ledger_id integer NOT NULL,
  balance integer NOT NULL,
  version integer NOT NULL,
  at integer NOT NULL,
  PRIMARY KEY (account_id, ledger_id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_is_append_only BEFORE UPDATE ON ledger
BEGIN
  SELECT RAISE(ABORT, 'ledger rows are never changed');
END;
CREATE TRIGGER ledger_keeps_unarchived BEFORE DELETE ON ledger
WHEN NOT EXISTS (SELECT 1 FROM ledger_checkpoints WHERE account_id = OLD.account_id AND ledger_id >= OLD.id)
BEGIN
  SELECT RAISE(ABORT, 'ledger rows are deleted only up to a checkpoint');
END;

-- The oracle's log. Only the last tick of a commit carries the hash of the tick chain.
CREATE TABLE ticks (
  seq integer PRIMARY KEY NOT NULL,
  at integer NOT NULL,
  price integer NOT NULL CHECK (price > 0),
  sources text NOT NULL,
  batch integer NOT NULL,
  hash text
) STRICT;
CREATE INDEX ticks_at ON ticks (at, seq);

-- All that one re-quoting of the grid depended on.
CREATE TABLE revisions (
  revision integer PRIMARY KEY NOT NULL,
  at integer NOT NULL,
  tick_seq integer NOT NULL,
  batch integer NOT NULL,
  model integer NOT NULL,
  spot integer NOT NULL,
  v10 real NOT NULL,
  vf real NOT NULL,
  cw real NOT NULL,
  edge real NOT NULL,
  margin real NOT NULL,
  haircut real NOT NULL,
  cap_hundredths integer NOT NULL,
  tick_ms integer NOT NULL,
  -- `start:band:low:haircut` of each column, joined by spaces.
  quoted_columns text NOT NULL,
  pause text
) STRICT;
CREATE INDEX revisions_at ON revisions (at, revision);

-- What closed bets staked and returned, by locked multiplier; `returns` sums payout / stake and `return_squares` its squares.
CREATE TABLE multiplier_returns (
  currency text NOT NULL,
  multiplier integer NOT NULL,
  bets integer NOT NULL,
  staked integer NOT NULL,
  paid integer NOT NULL,
  returns real NOT NULL,
  return_squares real NOT NULL,
  PRIMARY KEY (currency, multiplier)
) STRICT, WITHOUT ROWID;

CREATE TABLE void_counts (
  currency text NOT NULL,
  reason text NOT NULL,
  bets integer NOT NULL,
  PRIMARY KEY (currency, reason)
) STRICT, WITHOUT ROWID;
