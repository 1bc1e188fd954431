/**
 * Every key and channel of a house in Redis, and how long the keys live. One house has one Redis: a channel
 * is not bound to a database number. All of it may vanish at any time; everything that money depends on is in
 * the ledger.
 */
const HOUSE = 'tapgrid';

export const KEYS = {
  /**
   * Hash of the signed text, and once it is known the first answer. Account and nonce were checked before:
   * neither holds a colon.
   */
  nonce: (accountId: string, nonce: string): string => `${HOUSE}:nonce:${accountId}:${nonce}`,
  /** A token bucket; `rule` is the name of the limit, `key` who it counts. */
  rate: (rule: string, key: string): string => `${HOUSE}:rate:${rule}:${key}`,
  /** A session's record, by the hash of its token. */
  session: (tokenHash: string): string => `${HOUSE}:session:${tokenHash}`,
  /** Hashes of the tokens of an account's sessions, so that all of them can be ended. */
  sessionsOf: (accountId: string): string => `${HOUSE}:sessions-of:${accountId}`,
  /** The newest message of a channel, for who has missed one; of boards the newest of each. */
  last: (channel: Channel, windowMs?: number): string =>
    `${HOUSE}:last:${channel}${windowMs === undefined ? '' : `:${windowMs}`}`,
  /** Written to see whether writing works. */
  probe: `${HOUSE}:probe`,
} as const;

/** All of the session records, for when it is not known which of them still stand. */
export const SESSION_KEYS = [`${HOUSE}:session:*`, `${HOUSE}:sessions-of:*`] as const;

export const CHANNELS = {
  ticks: `${HOUSE}:ticks`,
  board: `${HOUSE}:board`,
  bets: `${HOUSE}:bets`,
  health: `${HOUSE}:health`,
  /** Sessions that have ended, for every process that holds one of them. */
  endings: `${HOUSE}:endings`,
} as const;
export type Channel = (typeof CHANNELS)[keyof typeof CHANNELS];

/** Longer than any deadline may be ahead. */
export const NONCE_S = 90;
/** A board is made several times a second; one that is older than this is no snapshot any more. */
export const LAST_S = 10;
export const PROBE_MS = 2_000;
