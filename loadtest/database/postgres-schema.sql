-- The tables that one bet touches, with the same keys, checks and indexes as ours. No trigger, no house
-- accounts: less work than ours has.
CREATE TABLE accounts (
  id bigint PRIMARY KEY, balance bigint NOT NULL CHECK (balance >= 0), version bigint NOT NULL,
    day bigint NOT NULL, day_staked bigint NOT NULL, day_returned bigint NOT NULL,
  daily_loss_max bigint, currency text NOT NULL
);
INSERT INTO accounts SELECT id, 10000000000, 0, 0, 0, 0, NULL, 'PLAY' FROM generate_series(1, 2000) AS id;
CREATE TABLE intents (
  id bigserial PRIMARY KEY, account_id bigint NOT NULL REFERENCES accounts (id), session_id text NOT NULL,
    nonce text NOT NULL, at bigint NOT NULL, signed_text text NOT NULL, signature text NOT NULL,
  UNIQUE (account_id, nonce)
);
CREATE TABLE bets (
  seq bigserial PRIMARY KEY, id text NOT NULL UNIQUE, intent_id bigint NOT NULL REFERENCES intents (id),
    idx integer NOT NULL, batch bigint NOT NULL, account_id bigint NOT NULL, currency text NOT NULL,
  simulated integer NOT NULL, cell text NOT NULL, start_ms bigint NOT NULL, window_ms bigint NOT NULL,
    low bigint NOT NULL, high bigint NOT NULL, stake bigint NOT NULL CHECK (stake > 0),
    shown integer NOT NULL,
  shown_revision bigint NOT NULL, guard_percent integer NOT NULL, multiplier_max integer NOT NULL,
    placed_at bigint NOT NULL, lock_at bigint NOT NULL, filled integer NOT NULL, locked integer,
  locked_revision bigint, locked_batch bigint, status text NOT NULL CHECK (status IN ('placed', 'locked',
    'won', 'lost', 'void')), payout bigint NOT NULL CHECK (payout >= 0), void_reason text,
  closing_entry bigint, UNIQUE (intent_id, idx)
);
CREATE INDEX bets_on_cell ON bets (cell, account_id) WHERE void_reason IS NULL;
CREATE INDEX bets_open ON bets (account_id, seq) WHERE closing_entry IS NULL;
CREATE TABLE ledger (
  id bigserial PRIMARY KEY, batch bigint NOT NULL, account_id bigint NOT NULL, at bigint NOT NULL,
    kind text NOT NULL, amount bigint NOT NULL, balance_after bigint NOT NULL, version bigint NOT NULL,
    bet_id text,
  UNIQUE (account_id, version)
);
