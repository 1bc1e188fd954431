import { integer, orNull, table, text, type RowOf } from './table.ts';

/** Rows stay when a session ends: a key is registered once, ever. */
export const SESSIONS = table('sessions', {
  id: text,
  accountId: text,
  tokenHash: text,
  publicKey: text,
  stakeMax: integer,
  dailyCap: integer,
  createdAt: integer,
  expiresAt: integer,
  seenAt: integer,
  endedAt: orNull(integer),
});

type SessionRow = RowOf<typeof SESSIONS>;

/**
 * What a session has in the archive besides its account and its key. The rest stays with the books: its id
 * stands for its token, which nobody needs there.
 */
export const KEY_ONLY = {
  stakeMax: 0,
  dailyCap: 0,
  createdAt: 0,
  expiresAt: 0,
  seenAt: 0,
  endedAt: 0,
} as const satisfies Partial<SessionRow>;

/** The public key of a session whose orders stand in a segment of the archive. */
export const KEYS = table('keys', { sessionId: text, accountId: text, publicKey: text });

export type KeyRow = RowOf<typeof KEYS>;
