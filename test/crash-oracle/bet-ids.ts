import type { Database } from 'bun:sqlite';
import { prepare } from '../../server/store/database.ts';

/** Ids of the bets that one signed order placed. */
export const betIdsOfOrder = (db: Database, accountId: string, nonce: string): string[] =>
  prepare<{ id: string }>(
    db,
    `SELECT b.id AS id FROM intents i JOIN bets b ON b.intent_id = i.id
    WHERE i.account_id = $1 AND i.nonce = $2 ORDER BY b.idx`,
  )
    .all(accountId, nonce)
    .map(({ id }) => id);

/** Ids of all bets in the order in which they were placed. */
export const allBetIds = (db: Database): string[] =>
  prepare<{ id: string }>(db, 'SELECT id FROM bets ORDER BY seq')
    .all()
    .map(({ id }) => id);

/** Whether whoever made the file came as far as the tables of bets. */
export const hasTables = (db: Database): boolean =>
  prepare<{ n: number }>(
    db,
    "SELECT COUNT(*) AS n FROM sqlite_schema WHERE name IN ('intents', 'bets')",
  ).get()!.n === 2;
