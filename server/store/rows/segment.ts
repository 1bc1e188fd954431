import { integer, table, text, type RowOf } from './table.ts';

/** The archive, segment by segment: whole commits in their order. */
export const SEGMENTS = table('archive_segments', {
  number: integer,
  /** ISO week of its commits, `2026-W48`. */
  week: text,
  firstBatch: integer,
  lastBatch: integer,
  /** Time of the first and the last commit. */
  beganAt: integer,
  endedAt: integer,
  chainIn: text,
  chainOut: text,
  tickChainIn: text,
  tickChainOut: text,
  /** Highest number of each table up to its last commit. */
  ledgerId: integer,
  betSeq: integer,
  intentId: integer,
  tickSeq: integer,
  revision: integer,
  bets: integer,
  bytes: integer,
  objectKey: text,
  manifestSha256: text,
  /** The store that holds its objects. */
  place: text,
  sealedAt: integer,
});

export type SegmentRow = RowOf<typeof SEGMENTS>;

/** What a session key staked in a UTC day by bets that are archived. */
export const STAKES = table(
  'archived_stakes',
  { segment: integer, sessionId: text, day: integer, stake: integer },
  ['segment', 'sessionId', 'day'],
);
