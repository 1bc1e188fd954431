-- Orders of which nothing was taken, for disputes: who sent what, when, and why it was refused. Beside the ledger chain. Only so many
-- rows of a second and a day are kept; a row without an order counts those that had no room.
CREATE TABLE refusals (
  id integer PRIMARY KEY NOT NULL,
  at integer NOT NULL,
  -- Null, like the session, where the row counts for all accounts.
  account_id text,
  session_id text,
  -- Null where the row only counts.
  nonce text,
  -- What the edge calls the request, in its log too.
  request_id text,
  code text NOT NULL,
  -- `<cell> <stake> <multiplier> <revision>` of each tap, a line each, with its own code behind it where it has one.
  taps text NOT NULL,
  -- How many orders the row stands for.
  orders integer NOT NULL
) STRICT;
CREATE INDEX refusals_of_account ON refusals (account_id, id);
CREATE INDEX refusals_at ON refusals (at);

CREATE TRIGGER refusals_are_append_only BEFORE UPDATE ON refusals
BEGIN
  SELECT RAISE(ABORT, 'refusals are never changed');
END;
