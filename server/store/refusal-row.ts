import type { RejectionCode } from '../game/rejection.ts';
import type { Refusal, RefusalRow, RefusedTap } from '../ports/refusals.ts';
import type { Binding } from './database.ts';

/** A row of `refusals` as SQLite has it; taps are a text, a line each. */
export interface StoredRefusal extends Omit<RefusalRow, 'taps'> {
  readonly taps: string;
}

export const REFUSAL_COLUMNS = `id, at, account_id AS "accountId", session_id AS "sessionId", nonce,
  request_id AS "requestId", code, taps, orders`;

/** In the order of the columns behind the number. */
export const refusalValues = (refusal: Refusal): Binding[] => [
  refusal.at,
  refusal.accountId,
  refusal.sessionId,
  refusal.nonce,
  refusal.requestId,
  refusal.code,
  refusal.taps.map(tapLine).join('\n'),
  refusal.orders,
];

export const refusalOf = ({ taps, ...row }: StoredRefusal): RefusalRow => ({
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
