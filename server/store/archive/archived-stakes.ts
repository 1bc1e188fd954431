import type { ArchivedStake, SegmentRows } from '../../ports/archive.ts';
import { dayOf } from '../posting/staked-today.ts';

/**
 * What each session key staked in each UTC day by the bets that a segment placed. @param betSeq highest
 * number of a bet before the segment.
 */
export function stakesAfter({ bets, intents }: SegmentRows, betSeq: number): ArchivedStake[] {
  const sessions = new Map(intents.map(({ id, session_id: session }) => [id, session as string]));
  const sums = new Map<string, ArchivedStake>();
  for (const bet of bets) {
    if ((bet['seq'] as number) <= betSeq) continue;
    const [session, day] = [sessions.get(bet['intent_id']!)!, dayOf(bet['placed_at'] as number)];
    sums.set(`${session} ${day}`, [
      session,
      day,
      (sums.get(`${session} ${day}`)?.[2] ?? 0) + (bet['stake'] as number),
    ]);
  }
  return [...sums.values()];
}
