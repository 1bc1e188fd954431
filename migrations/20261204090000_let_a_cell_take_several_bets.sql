-- How many bets an account may have on a cell is a setting, and among the terms that a house publishes: by this index the writer counts them. A refunded one does not count.
-- Weeks on disk never had the old one.
DROP INDEX IF EXISTS bets_one_per_cell;
CREATE INDEX bets_on_cell ON bets (cell, account_id) WHERE void_reason IS NULL;
