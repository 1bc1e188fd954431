import type { Database } from 'bun:sqlite';
import { readCalendar, type Headline } from '../game/headline.ts';
import { prepare } from './database.ts';

/** Reads the news calendar as the newest change of it left it; entries may be over. */
export function newsCalendar(db: Database): () => readonly Headline[] {
  const newest = prepare<{ after: string }>(
    db,
    `SELECT state_after AS after FROM operator_actions
    WHERE what = 'change-calendar' ORDER BY seq DESC LIMIT 1`,
  );
  return () => readCalendar(newest.get()?.after ?? 'none') ?? [];
}
