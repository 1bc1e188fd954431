import type { OwnHold } from '../ports/receipt.ts';
import { readRestriction, UNRESTRICTED, type Restriction } from '../game/restriction.ts';

const RESTRICTING = (row: string) =>
  `(${row}.what = 'block' OR ${row}.what = 'unblock' OR ${row}.what = 'limit-account')`;
const RESTRICTION = `SELECT o.target AS "accountId", o.state_after AS restriction
  FROM operator_actions o WHERE ${RESTRICTING('o')}`;

/**
 * The newest action on each account that operators ever restricted; `restriction` is what `restrictionText`
 * writes.
 */
export const RESTRICTED_ACCOUNTS = `${RESTRICTION} AND NOT EXISTS (SELECT 1 FROM operator_actions n
  WHERE ${RESTRICTING('n')} AND n.target = o.target AND n.seq > o.seq) ORDER BY o.target`;
export const RESTRICTION_OF_ACCOUNT = `${RESTRICTION} AND o.target = $1 ORDER BY o.seq DESC LIMIT 1`;

/** The newest actions on an account up to a commit, two at most. */
export const OWN_HOLDS = `SELECT o.seq AS action, o.batch, o.state_after AS restriction FROM operator_actions o
  WHERE ${RESTRICTING('o')} AND o.target = $1 AND o.batch <= $2 ORDER BY o.seq DESC LIMIT 2`;

export interface OwnHoldRow {
  readonly action: number;
  readonly batch: number;
  readonly restriction: string;
}

export const ownHoldOf = ({ action, batch, restriction }: OwnHoldRow): OwnHold | null => {
  const ms = readRestriction(restriction)?.holdMs ?? null;
  return ms === null ? null : { ms, action, batch };
};

const RANGING = (row: string) => `(${row}.what = 'block-range' OR ${row}.what = 'unblock-range')`;

/** The ranges of addresses on which the newest action is a block. */
export const BLOCKED_RANGES = `SELECT o.target AS range FROM operator_actions o WHERE ${RANGING('o')}
  AND o.what = 'block-range' AND NOT EXISTS (SELECT 1 FROM operator_actions n
  WHERE ${RANGING('n')} AND n.target = o.target AND n.seq > o.seq) ORDER BY o.target`;

export interface RangeRow {
  readonly range: string;
}

export interface RestrictedRow {
  readonly accountId: string;
  readonly restriction: string;
}

export const restrictionOf = (row: RestrictedRow | null): Restriction =>
  (row === null ? null : readRestriction(row.restriction)) ?? UNRESTRICTED;
