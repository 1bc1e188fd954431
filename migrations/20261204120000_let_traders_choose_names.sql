-- Names under which practice accounts are shown to others: who has one has agreed to be shown. Not under the ledger chain, because a name that is taken back is erased: of its row
-- stay the account and the time, so that backups erase it too.
CREATE TABLE account_names (
  account_id text PRIMARY KEY NOT NULL REFERENCES accounts (id),
  name text,
  -- The same for names that look alike: nobody can be taken for somebody else.
  skeleton text UNIQUE,
  changed_at integer NOT NULL,
  CHECK ((name IS NULL) = (skeleton IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX account_names_shown ON account_names (account_id, name) WHERE name IS NOT NULL;
CREATE INDEX account_names_changed ON account_names (changed_at);

-- Operators may take a name away: operator_actions takes this kind too. SQLite changes no CHECK, so the table is made anew.
CREATE TABLE operator_actions_of_now (
  seq integer PRIMARY KEY NOT NULL,
  -- Made by the caller: the same action again is told again and not done again.
  id text NOT NULL UNIQUE,
  batch integer NOT NULL,
  at integer NOT NULL,
  operator text NOT NULL,
  -- The second person, where one is needed.
  approved_by text,
  what text NOT NULL CHECK (what = 'halt' OR what = 'resume' OR what = 'transfer' OR what = 'revoke-sessions' OR what = 'void-window' OR what = 'publish-terms'
    OR what = 'block' OR what = 'unblock' OR what = 'limit-account' OR what = 'block-range' OR what = 'unblock-range' OR what = 'plan-maintenance' OR what = 'cancel-maintenance'
    OR what = 'request' OR what = 'dismiss' OR what = 'change-calendar' OR what = 'remove-name'),
  -- Account, range of addresses, start of a window or of a maintenance, id of an order; empty for the house as a whole.
  target text NOT NULL,
  -- `deposit 5000000`, a session or `all`, limits, the end of a maintenance, a change of the calendar, terms or a deed as JSON; empty where the target says it all.
  detail text NOT NULL,
  reason text NOT NULL,
  state_before text NOT NULL,
  state_after text NOT NULL,
  CHECK (approved_by IS NULL OR approved_by <> operator)
) STRICT;
INSERT INTO operator_actions_of_now SELECT seq, id, batch, at, operator, approved_by, what, target, detail, reason, state_before, state_after FROM operator_actions;
DROP TABLE operator_actions;
ALTER TABLE operator_actions_of_now RENAME TO operator_actions;
CREATE INDEX operator_actions_halts ON operator_actions (seq) WHERE what = 'halt' OR what = 'resume';
CREATE INDEX operator_actions_terms ON operator_actions (seq) WHERE what = 'publish-terms';
CREATE INDEX operator_actions_of_accounts ON operator_actions (target, seq) WHERE what = 'block' OR what = 'unblock' OR what = 'limit-account';
CREATE INDEX operator_actions_of_ranges ON operator_actions (target, seq) WHERE what = 'block-range' OR what = 'unblock-range';
CREATE INDEX operator_actions_maintenance ON operator_actions (seq) WHERE what = 'plan-maintenance' OR what = 'cancel-maintenance';
CREATE INDEX operator_actions_calendar ON operator_actions (seq) WHERE what = 'change-calendar';
CREATE INDEX operator_actions_requests ON operator_actions (target, seq) WHERE what = 'request' OR what = 'dismiss';
CREATE INDEX operator_actions_transfers ON operator_actions (at) WHERE what = 'transfer';

CREATE TRIGGER operator_actions_are_append_only BEFORE UPDATE ON operator_actions
BEGIN
  SELECT RAISE(ABORT, 'operator actions are never changed');
END;
CREATE TRIGGER operator_actions_are_kept BEFORE DELETE ON operator_actions
BEGIN
  SELECT RAISE(ABORT, 'operator actions are never deleted');
END;
