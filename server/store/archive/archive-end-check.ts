import type { Database } from 'bun:sqlite';
import type { ArchiveEnd, ArchivedStake, SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { archived } from '../checks/invariant.ts';
import { RECALL_MS, STAKE_DAYS } from '../posting/archiving.ts';
import { dayOf } from '../posting/staked-today.ts';
import type { StoredPart } from '../rows/segment-parts.ts';
import type { Row } from '../rows/table.ts';
import { stakesAfter } from './archived-stakes.ts';
import type { Questions } from './questions.ts';
import { StoredRows } from './stored-rows.ts';

type DatedArchiveEnd = ArchiveEnd & { readonly endedAt: number };

const FAULTS_MAX = 20;

/** Of straddling bets, young orders, and the ticks and revisions that are kept there is always some. */
const LEFT_BEHIND = `SELECT 'bets' AS what, COUNT(*) AS rows FROM bets
  WHERE seq <= ${archived('bet_seq')} AND closing_entry <= ${archived('ledger_id')}
  UNION ALL SELECT 'ledger', COUNT(*) FROM ledger WHERE id <= ${archived('ledger_id')}
  UNION ALL SELECT 'batches', COUNT(*) FROM batches WHERE seq < ${archived('last_batch')}`;
/** The first live row of an account continues from its checkpoint. */
const AFTER_CHECKPOINT = `SELECT l.account_id || ' goes on with version ' || l.version || ' and '
    || (l.balance_after - l.amount) || ', its checkpoint has ' || c.version || ' and ' || c.balance AS detail
  FROM ledger_checkpoints c JOIN ledger l ON l.account_id = c.account_id AND l.version =
    (SELECT MIN(m.version) FROM ledger m WHERE m.account_id = c.account_id AND m.version > c.version)
  WHERE c.account_id = $1
  AND c.ledger_id = (SELECT MAX(d.ledger_id) FROM ledger_checkpoints d WHERE d.account_id = c.account_id)
  AND (l.version <> c.version + 1 OR l.balance_after - l.amount <> c.balance)`;
const CONSERVATION = `SELECT currency || ' adds up to ' || SUM(balance) AS detail FROM accounts
  GROUP BY currency HAVING SUM(balance) <> 0`;

interface Left {
  readonly what: string;
  readonly rows: number;
}

/** Archived rows that are still among the live ones. */
export const leftBehind = (ask: Questions): Left[] =>
  ask.all<Left>(LEFT_BEHIND).filter(({ rows }) => rows > 0);

/** Sentences on what is wrong with the live books right behind the anchor. Within a snapshot. */
export function archiveEndFaults(
  ask: Questions,
  { lastBatch, chainOut, number }: ArchiveEnd,
  accounts: readonly string[],
): string[] {
  const details = (sql: string, ...values: string[]): string[] =>
    ask.all<{ detail: string }>(sql, ...values).map(({ detail }) => detail);
  const next = ask.one<{ seq: number; previous: string }>(
    'SELECT seq, previous_hash AS previous FROM batches WHERE seq > $1 ORDER BY seq LIMIT 1',
    lastBatch,
  );
  const follows = next === null || (next.seq === lastBatch + 1 && next.previous === chainOut);
  return [
    ...(follows
      ? []
      : [`commit ${next.seq} does not follow commit ${lastBatch}, the last of segment ${number}`]),
    ...leftBehind(ask).map(({ what, rows }) => `${rows} archived rows of ${what} are still there`),
    ...accounts.flatMap((id) => details(AFTER_CHECKPOINT, id)),
    ...details(CONSERVATION),
  ];
}

/** Rows of a segment that are still live, against the segment; and those that must be, where they are not. */
export function leftFaults(
  db: Database,
  { ledgerId, lastBatch, endedAt }: DatedArchiveEnd,
  segment: SegmentRange,
  rows: SegmentRows,
): string[] {
  const recalled = endedAt - RECALL_MS;
  const stays: Readonly<Partial<Record<StoredPart, (row: Row) => boolean>>> = {
    actions: () => true,
    shadow: () => true,
    batches: ({ seq }) => seq === lastBatch,
    bets: ({ closingEntry }) => Number(closingEntry) > ledgerId,
    ticks: ({ at }) => Number(at) >= recalled,
    revisions: ({ at }) => Number(at) >= recalled,
  };
  const stored = new StoredRows(db);
  try {
    return stored
      .compare(rows, FAULTS_MAX, (part, row) => !(stays[part]?.(row) ?? false))
      .map((fault) => `${fault} in the live books, of segment ${segment.number}`);
  } finally {
    stored.finalize();
  }
}

/** What is noted of the stakes of a segment's keys, against its bets. */
export function stakeFaults(
  ask: Questions,
  { endedAt }: DatedArchiveEnd,
  { number }: SegmentRange,
  rows: SegmentRows,
  betSeq: number,
): string[] {
  // A restore brings those of earlier days back, which nobody counts any more.
  const firstDay = dayOf(endedAt) - STAKE_DAYS;
  const noted = ask
    .all<{ session: string; day: number; stake: number }>(
      'SELECT session_id AS session, day, stake FROM archived_stakes WHERE segment = $1 AND day >= $2',
      number,
      firstDay,
    )
    .map(({ session, day, stake }): ArchivedStake => [session, day, stake]);
  const due = stakesAfter(rows, betSeq).filter(([, day]) => day >= firstDay);
  return textOf(noted) === textOf(due)
    ? []
    : [`the books note ${textOf(noted)}, its bets come to ${textOf(due)}`];
}

const textOf = (stakes: readonly ArchivedStake[]): string =>
  stakes
    .map(([session, day, stake]) => `${stake} by ${session} on day ${day}`)
    .sort()
    .join(', ') || 'nothing';
