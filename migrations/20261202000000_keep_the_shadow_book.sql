-- What all cells of one revision every few seconds taught, sold or not, by blocks of five minutes: in the ledger chain, and rebuilt from ticks and
-- revisions by `tapgrid shadow`. Lists of whole numbers as text, see docs/ledger-format.md.
CREATE TABLE shadow_blocks (
  -- Five minutes since the epoch.
  block integer PRIMARY KEY NOT NULL,
  batch integer NOT NULL,
  -- Revisions before it are not in the book.
  since integer NOT NULL,
  simulated integer NOT NULL CHECK (simulated IN (0, 1)),
  window_ms integer NOT NULL,
  board_rows integer NOT NULL,
  rule integer NOT NULL,
  max_gap_ms integer NOT NULL,
  -- By bucket at ordinary margins × bin of probability × side × lead: cells, touched, expected touches in thousandths.
  classes text NOT NULL,
  -- By bucket at ordinary margins: cells, quoted in millionths of a stake, paid in hundredths of one.
  evidence text NOT NULL,
  -- The same of what was on offer, by bucket × lead.
  offers text NOT NULL,
  -- Touched and expected touches of each class of each stage of correction.
  learned text NOT NULL,
  -- What holds from then on by the blocks of seven days: the factors of correction, and trust and half width of each bucket.
  factors text NOT NULL,
  buckets text NOT NULL
) STRICT;
CREATE INDEX shadow_blocks_of_commits ON shadow_blocks (batch);

-- Odds model 2: scale of the price's moves, which way it went last, and the block that it had learned up to.
ALTER TABLE revisions ADD COLUMN scale_bp real NOT NULL DEFAULT 0;
ALTER TABLE revisions ADD COLUMN drift integer NOT NULL DEFAULT 0;
ALTER TABLE revisions ADD COLUMN learned integer NOT NULL DEFAULT 0 CHECK (model > 1 OR scale_bp = 0 AND drift = 0 AND learned = 0);

CREATE TRIGGER shadow_blocks_are_append_only BEFORE UPDATE ON shadow_blocks
BEGIN
  SELECT RAISE(ABORT, 'shadow blocks are never changed');
END;
CREATE TRIGGER shadow_blocks_are_kept BEFORE DELETE ON shadow_blocks
BEGIN
  SELECT RAISE(ABORT, 'shadow blocks are never deleted');
END;
