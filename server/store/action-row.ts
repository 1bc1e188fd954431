import type { PublishedTerms, Terms } from '../game/terms.ts';

/** Columns of an operator's action under the names of its fields. */
export const ACTION_COLUMNS = `seq, id, batch, at, operator, approved_by AS "approvedBy", what, target, detail, reason, state_before AS before, state_after AS after`;

/** Published terms; `terms` is JSON. */
export const TERMS = `SELECT batch, at, detail AS terms FROM operator_actions WHERE what = 'publish-terms' ORDER BY seq`;

export interface TermsRow {
  readonly batch: number;
  readonly at: number;
  readonly terms: string;
}

export const publishedTerms = ({ terms, ...row }: TermsRow): PublishedTerms => ({
  ...row,
  terms: JSON.parse(terms) as Terms,
});
