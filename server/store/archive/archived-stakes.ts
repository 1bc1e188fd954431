import { present } from '../../game/present.ts';
import type { ArchivedStake, SegmentRows } from '../../ports/archive.ts';
import { dayOf } from '../posting/staked-today.ts';

/**
 * What each session key staked in each UTC day by the bets that a segment placed. @param after highest
 * number of a bet before the segment.
 */
export function stakesAfter({ bets, intents }: SegmentRows, after: number): ArchivedStake[] {
  const sessions = new Map(intents.map(({ id, sessionId }) => [id, sessionId]));
  const sums = new Map<string, ArchivedStake>();
  for (const { seq, intentId, placedAt, stake } of bets) {
    if (seq <= after) continue;
    const [session, day] = [present(sessions.get(intentId), 'session'), dayOf(placedAt)];
    const key = `${session} ${day}`;
    sums.set(key, [session, day, (sums.get(key)?.[2] ?? 0) + stake]);
  }
  return [...sums.values()];
}
