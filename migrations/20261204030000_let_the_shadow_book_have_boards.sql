-- The shadow book by board: of a house with several, the lengths of their windows, joined by spaces; window_ms is the shortest. Empty where there is
-- one board, whose rows stay as they are. Lists go board by board, see docs/ledger-format.md.
ALTER TABLE shadow_blocks ADD COLUMN windows text NOT NULL DEFAULT '';
