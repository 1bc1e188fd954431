import { integer, orNull, table, text } from './table.ts';

/**
 * What practice accounts are called in public, with the consent of their traders. A name that was taken back
 * is null; its row says since when, so that copies of the books forget it too.
 */
export const NAMES = table('account_names', {
  accountId: text,
  name: orNull(text),
  /** What look-alikes share; null like the name. */
  skeleton: orNull(text),
  changedAt: integer,
});
