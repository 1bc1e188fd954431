-- The version of the rule of touch that a bet was taken under (docs/rules.md): those of before this migration under version 1.
ALTER TABLE bets ADD COLUMN rule integer NOT NULL DEFAULT 1;
