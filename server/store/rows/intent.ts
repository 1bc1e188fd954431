import { integer, named, orNull, table, text, type RowOf } from './table.ts';

/** Signed orders. Of an order of which no tap was accepted there is no row. */
export const INTENTS = table('intents', {
  id: integer,
  accountId: text,
  sessionId: text,
  nonce: text,
  at: integer,
  /** What the session's key signed. */
  text: named('signed_text', text),
  signature: text,
  /** Null when each tap became a bet, else a JSON array with one code or null for each tap. */
  outcomes: orNull(text),
});

export type IntentRow = RowOf<typeof INTENTS>;
