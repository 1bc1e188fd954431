import type { Row, SealedSegment, SegmentRows, SegmentTable } from '../../ports/archive.ts';
import type { ObjectShelf } from './object-shelf.ts';

/**
 * A bet in the archive, with the segments that have rows of it: where it was placed, and where it was closed.
 */
export interface FoundBet {
  readonly segments: readonly SealedSegment[];
  readonly rows: Readonly<
    Record<'bets' | 'intents' | 'keys' | 'ledger' | 'revisions' | 'ticks', readonly Row[]>
  >;
}

const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7/;
/**
 * A bet is closed this long after it was placed at most, the server's absence aside; such bets are found by
 * going through all segments.
 */
const LIFE_MS = 600_000;

/**
 * Looks for a bet in the object store. @param told how many segments were read. @returns null when no segment
 * has it.
 */
export async function findBet(
  objects: ObjectShelf,
  segments: readonly SealedSegment[],
  betId: string,
  told: (part: number) => void = () => {},
): Promise<FoundBet | null> {
  const found: { segment: SealedSegment; rows: SegmentRows }[] = [];
  const order = likelyFirst(segments, betId);
  for (const [index, segment] of order.entries()) {
    const stored = await objects.manifest(segment.number);
    const rows = stored === null ? null : await objects.segment(stored.manifest);
    told((index + 1) / order.length);
    if (rows === null || !rows.bets.some(({ id }) => id === betId)) continue;
    found.push({ segment, rows });
    const bet = rows.bets.find(({ id }) => id === betId)!;
    if (has(found, 'ledger', bet['stake_entry']!) && has(found, 'ledger', bet['closing_entry']!)) break;
  }
  return found.length === 0
    ? null
    : {
        segments: found.map(({ segment }) => segment),
        rows: rowsOf(
          betId,
          found.map(({ rows }) => rows),
        ),
      };
}

/** A bet's id says when it was placed. */
function likelyFirst(segments: readonly SealedSegment[], betId: string): SealedSegment[] {
  const [, high, low] = UUID_V7.exec(betId) ?? [];
  if (high === undefined || low === undefined) return [...segments];
  const at = parseInt(high + low, 16);
  const likely = segments.filter(({ beganAt, endedAt }) => endedAt >= at - 1_000 && beganAt <= at + LIFE_MS);
  return [...likely, ...segments.filter((segment) => !likely.includes(segment))];
}

const has = (found: readonly { readonly rows: SegmentRows }[], table: SegmentTable, id: unknown): boolean =>
  found.some(({ rows }) => rows[table].some((row) => row['id'] === id));

function rowsOf(betId: string, segments: readonly SegmentRows[]): FoundBet['rows'] {
  const all = (table: SegmentTable): Row[] => [
    ...new Map(segments.flatMap((rows) => rows[table]).map((row) => [JSON.stringify(row), row])).values(),
  ];
  const bets = all('bets').filter(({ id }) => id === betId);
  const bet = bets[0]!;
  const intents = all('intents').filter(({ id }) => id === bet['intent_id']);
  const [start, end] = [
    bet['start_ms'] as number,
    (bet['start_ms'] as number) + (bet['window_ms'] as number),
  ];
  const ticks = all('ticks');
  const from = ticks.findLastIndex(({ at }) => (at as number) < start);
  const to = ticks.findIndex(({ at }) => (at as number) >= end);
  return {
    bets,
    intents,
    keys: all('keys').filter(({ session_id: id }) => id === intents[0]?.['session_id']),
    ledger: all('ledger').filter(({ bet_id: id }) => id === betId),
    revisions: all('revisions').filter(
      ({ revision }) => revision === bet['shown_revision'] || revision === bet['locked_revision'],
    ),
    ticks: ticks.slice(Math.max(0, from), to === -1 ? undefined : to + 1),
  };
}
