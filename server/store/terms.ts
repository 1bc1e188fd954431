import type { ActionRow } from './rows/action.ts';

/** Actions that published terms, oldest first. */
export const TERMS = `SELECT batch, at, detail FROM operator_actions
  WHERE what = 'publish-terms' ORDER BY seq`;
export type TermsRow = Pick<ActionRow, 'batch' | 'at' | 'detail'>;
