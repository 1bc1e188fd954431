import type { SealedSegment, SegmentRows } from '../../ports/archive.ts';
import { Failure } from '../../ports/failure.ts';
import type { SegmentStore } from './segment-store.ts';

/**
 * A bet in the archive, with the segments that have rows of it: where it was placed, and where it was closed.
 */
export interface FoundBet {
  readonly segments: readonly SealedSegment[];
  readonly rows: Pick<SegmentRows, 'bets' | 'intents' | 'keys' | 'ledger' | 'revisions' | 'ticks'>;
}

/** A segment that has rows of the bet. */
interface Part {
  readonly segment: SealedSegment;
  readonly rows: SegmentRows;
}

const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7/;
/**
 * A bet is closed this long after it was placed at most, the server's absence aside; such bets are found by
 * going through all segments.
 */
const LIFE_MS = 600_000;

/**
 * Looks for a bet in the object store.
 *
 * @param progress how much of the segments was read, 0 to 1. @returns null when no segment has it.
 * @throws Failure `object_missing` when it is not found and a segment that may have it is not there.
 */
export async function findBet(
  objects: SegmentStore,
  segments: readonly SealedSegment[],
  betId: string,
  progress: (part: number) => void = () => {},
): Promise<FoundBet | null> {
  const found: Part[] = [];
  const order = likelyFirst(segments, betId);
  let missing: SealedSegment | null = null;
  for (const [index, segment] of order.entries()) {
    const stored = await objects.manifest(segment.objectKey);
    progress((index + 1) / order.length);
    if (stored === null) {
      missing ??= segment;
      continue;
    }
    const rows = await objects.segment(stored.manifest);
    const bet = rows.bets.find(({ id }) => id === betId);
    if (bet === undefined) continue;
    found.push({ segment, rows });
    if (hasEntry(found, bet.stakeEntry) && hasEntry(found, bet.closingEntry)) return foundIn(found, betId);
  }
  if (missing !== null)
    throw new Failure('object_missing', `segment ${missing.number} is not in ${objects.store.name}`);
  return found.length === 0 ? null : foundIn(found, betId);
}

const foundIn = (found: readonly Part[], betId: string): FoundBet => ({
  segments: found.map(({ segment }) => segment),
  rows: rowsOf(
    betId,
    found.map(({ rows }) => rows),
  ),
});

/** A bet's id says when it was placed. */
function likelyFirst(segments: readonly SealedSegment[], betId: string): SealedSegment[] {
  const [, high, low] = UUID_V7.exec(betId) ?? [];
  if (high === undefined || low === undefined) return [...segments];
  const at = parseInt(high + low, 16);
  const likely = segments.filter(({ beganAt, endedAt }) => endedAt >= at - 1_000 && beganAt <= at + LIFE_MS);
  return [...likely, ...segments.filter((segment) => !likely.includes(segment))];
}

const hasEntry = (found: readonly { readonly rows: SegmentRows }[], id: number | null): boolean =>
  found.some(({ rows }) => rows.ledger.some((entry) => entry.id === id));

function rowsOf(betId: string, segments: readonly SegmentRows[]): FoundBet['rows'] {
  const bets = once(segments.flatMap((rows) => rows.bets)).filter(({ id }) => id === betId);
  const { intentId, startMs, windowMs, shownRevision, lockedRevision } = bets[0]!;
  const intents = once(segments.flatMap((rows) => rows.intents)).filter(({ id }) => id === intentId);
  const ticks = once(segments.flatMap((rows) => rows.ticks));
  const from = ticks.findLastIndex(({ at }) => at < startMs);
  const to = ticks.findIndex(({ at }) => at >= startMs + windowMs);
  return {
    bets,
    intents,
    keys: once(segments.flatMap((rows) => rows.keys)).filter(
      ({ sessionId }) => sessionId === intents[0]?.sessionId,
    ),
    ledger: once(segments.flatMap((rows) => rows.ledger)).filter((entry) => entry.betId === betId),
    revisions: once(segments.flatMap((rows) => rows.revisions)).filter(
      ({ revision }) => revision === shownRevision || revision === lockedRevision,
    ),
    ticks: ticks.slice(Math.max(0, from), to === -1 ? undefined : to + 1),
  };
}

/** A row may stand in two segments. */
const once = <Row>(rows: readonly Row[]): Row[] => [
  ...new Map(rows.map((row) => [JSON.stringify(row), row])).values(),
];
