-- A practice account is refilled once a day. Without this the writer would read all rows of the account to find its last grant.
CREATE INDEX ledger_grants ON ledger (account_id, at) WHERE kind = 'grant';
