import type { RejectionCode } from '../../game/rejection.ts';
import type { Tap } from '../../game/tap.ts';
import { integer, orNull, table, text, textOf, type RowOf } from './table.ts';

/** Orders of which nothing was taken, for disputes. A row without a nonce counts several orders. */
export const REFUSALS = table('refusals', {
  id: integer,
  /** When it was answered. */
  at: integer,
  /** Null, like the session, where the row counts for all accounts. */
  accountId: orNull(text),
  sessionId: orNull(text),
  nonce: orNull(text),
  /** What the edge calls the request, in its log too. */
  requestId: orNull(text),
  code: textOf<RejectionCode>(),
  /**
   * `<cell> <stake> <multiplier> <revision>` of each tap, a line each, with its own code behind it where it
   * has one.
   */
  taps: text,
  /** How many orders the row stands for. */
  orders: integer,
});

export type StoredRefusal = RowOf<typeof REFUSALS>;

type RefusedTap = Tap & { readonly code: RejectionCode | null };
type WithTaps<Row> = Omit<Row, 'taps'> & { readonly taps: readonly RefusedTap[] };

export const storedRefusal = (refusal: WithTaps<Omit<StoredRefusal, 'id'>>): Omit<StoredRefusal, 'id'> => ({
  ...refusal,
  taps: refusal.taps.map(tapLine).join('\n'),
});

export const refusalOf = ({ taps, ...row }: StoredRefusal): WithTaps<StoredRefusal> => ({
  ...row,
  taps: taps === '' ? [] : taps.split('\n').map(tapOf),
});

const tapLine = ({ cell, stake, multiplier, revision, code }: RefusedTap): string =>
  `${cell} ${stake} ${multiplier} ${revision}${code === null ? '' : ` ${code}`}`;

function tapOf(line: string): RefusedTap {
  const [cell, stake, multiplier, revision, code = null] = line.split(' ');
  return {
    cell: cell as RefusedTap['cell'],
    stake: Number(stake) as RefusedTap['stake'],
    multiplier: Number(multiplier) as RefusedTap['multiplier'],
    revision: Number(revision),
    code: code as RejectionCode | null,
  };
}
