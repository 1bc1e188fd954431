import type { OperatorDeed } from '../../game/operator.ts';
import type { PublishedTerms, Terms } from '../../game/terms.ts';
import { line } from './line.ts';
import { integer, named, orNull, table, text, textOf, type RowOf } from './table.ts';

/** What operators did by hand, append-only. */
export const ACTIONS = table('operator_actions', {
  seq: integer,
  /** Chosen by the caller: the same action again gets the same answer and is not carried out twice. */
  id: text,
  batch: integer,
  at: integer,
  operator: text,
  /** The second person, where one is needed. */
  approvedBy: orNull(text),
  what: textOf<OperatorDeed['what']>(),
  /** Account, or start of a window; empty for the house as a whole. */
  target: text,
  /** `deposit 5000000`, a session or `all`, terms as JSON; empty where the target says it all. */
  detail: text,
  reason: text,
  before: named('state_before', text),
  after: named('state_after', text),
});

export type ActionRow = RowOf<typeof ACTIONS>;

/**
 * Names and reasons are free text: they stand as `encodeURIComponent` writes them, so that no field holds a
 * separator.
 */
export const actionLine = (row: ActionRow): string =>
  line(
    'action',
    row.seq,
    row.id,
    row.at,
    encodeURIComponent(row.operator),
    row.approvedBy === null ? null : encodeURIComponent(row.approvedBy),
    row.what,
    row.target,
    row.detail,
    encodeURIComponent(row.reason),
    row.before,
    row.after,
  );

/** @throws SyntaxError when its detail is no JSON: the file was changed by other hands. */
export const publishedTerms = ({
  batch,
  at,
  detail,
}: Pick<ActionRow, 'batch' | 'at' | 'detail'>): PublishedTerms => ({
  batch,
  at,
  terms: JSON.parse(detail) as Terms,
});
