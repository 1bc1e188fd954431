import { micros, type Micros } from './money.ts';

/** The highest limit that an operator may set: what goes above it is no limit. */
export const LIMIT_DOLLARS_MAX = 1_000_000;

/** The longest hold that an operator may set for an account, ms. */
export const ACCOUNT_HOLD_MS_MAX = 3_000;

/** Limits of one account that an operator set, micro-dollars; null where there is none. */
export interface AccountLimits {
  /** Highest stake of one tap. */
  readonly stakeMax: Micros | null;
  /** Highest sum of stakes that are placed in one UTC day, those that came back included. */
  readonly dailyStake: Micros | null;
  /** Highest total that open bets could pay. */
  readonly openPayout: Micros | null;
  /** How long its taps are held, ms, where that is longer than the house's hold. */
  readonly holdMs: number | null;
}
export type AccountLimit = Exclude<keyof AccountLimits, 'holdMs'>;

/**
 * What operators have set for one account. It applies in addition to the trader's own limits: the tighter
 * counts.
 */
export interface Restriction extends AccountLimits {
  /** Taps and sign-ins are refused; open bets continue and are paid. */
  readonly blocked: boolean;
}

export const UNRESTRICTED: Restriction = {
  blocked: false,
  stakeMax: null,
  dailyStake: null,
  openPayout: null,
  holdMs: null,
};

/** What the account may stake is bounded, whatever it gains. */
export const isLimited = (restriction: Restriction): boolean =>
  restriction.blocked || NAMES.some(([, limit]) => restriction[limit] !== null);

/**
 * How long a tap is held, ms: as long as everybody's, or longer where the operator has set that for its
 * account. A house that holds no taps holds none of it, and no hold is as long as a window.
 */
export const heldFor = (holdMs: number, own: number | null, windowMs: number): number =>
  holdMs === 0 ? 0 : Math.max(holdMs, Math.min(own ?? 0, windowMs - 1));

const NAMES: readonly (readonly [name: string, limit: AccountLimit])[] = [
  ['stake', 'stakeMax'],
  ['day', 'dailyStake'],
  ['payout', 'openPayout'],
];

const HOLD = ['hold', 'holdMs'] as const;

export const isUnrestricted = (restriction: Restriction): boolean =>
  !restriction.blocked &&
  restriction.holdMs === null &&
  NAMES.every(([, limit]) => restriction[limit] === null);

/** `stake=5000000 day=none`: those of the limits that are there. */
export const limitsText = (limits: Partial<AccountLimits>): string =>
  [...NAMES, HOLD]
    .flatMap(([name, limit]) => (limits[limit] === undefined ? [] : [`${name}=${limits[limit] ?? 'none'}`]))
    .join(' ');

/** `open stake=none day=100000000 payout=none`, as the log of operators has it; a hold stands behind it. */
export function restrictionText({ blocked, holdMs, ...limits }: Restriction): string {
  const set = holdMs === null ? limits : { ...limits, holdMs };
  return `${blocked ? 'blocked' : 'open'} ${limitsText(set)}`;
}

/** Reads what {@link restrictionText} writes; null for anything else. */
export function readRestriction(text: string): Restriction | null {
  const [, known = text, hold] = /^(.*?)(?: hold=(\d{1,15}))?$/.exec(text) ?? [];
  const [state, ...fields] = known.split(' ');
  if ((state !== 'open' && state !== 'blocked') || fields.length !== NAMES.length) return null;
  const limits: { -readonly [Limit in AccountLimit]: Micros | null } = {
    stakeMax: null,
    dailyStake: null,
    openPayout: null,
  };
  for (const [index, [name, limit]] of NAMES.entries()) {
    const [, value] = new RegExp(`^${name}=(none|\\d{1,15})$`).exec(fields[index] ?? '') ?? [];
    if (value === undefined) return null;
    if (value !== 'none') limits[limit] = micros(Number(value));
  }
  return { blocked: state === 'blocked', ...limits, holdMs: hold === undefined ? null : Number(hold) };
}
