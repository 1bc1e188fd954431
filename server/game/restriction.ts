import { micros, type Micros } from './money.ts';

/** The highest limit that an operator may set: what goes above it is no limit. */
export const LIMIT_DOLLARS_MAX = 1_000_000;

/** Limits of one account that an operator set, micro-dollars; null where there is none. */
export interface AccountLimits {
  /** Highest stake of one tap. */
  readonly stakeMax: Micros | null;
  /** Highest sum of stakes that are placed in one UTC day, those that came back included. */
  readonly dailyStake: Micros | null;
  /** Highest total that open bets could pay. */
  readonly openPayout: Micros | null;
}
export type AccountLimit = keyof AccountLimits;

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
};

const NAMES: readonly (readonly [name: string, limit: AccountLimit])[] = [
  ['stake', 'stakeMax'],
  ['day', 'dailyStake'],
  ['payout', 'openPayout'],
];

export const isUnrestricted = (restriction: Restriction): boolean =>
  !restriction.blocked && NAMES.every(([, limit]) => restriction[limit] === null);

/** `stake=5000000 day=none`: those of the limits that are there. */
export const limitsText = (limits: Partial<AccountLimits>): string =>
  NAMES.flatMap(([name, limit]) =>
    limits[limit] === undefined ? [] : [`${name}=${limits[limit] ?? 'none'}`],
  ).join(' ');

/** `open stake=none day=100000000 payout=none`, as the log of operators has it. */
export const restrictionText = (restriction: Restriction): string =>
  `${restriction.blocked ? 'blocked' : 'open'} ${limitsText(restriction)}`;

/** Reads what {@link restrictionText} writes; null for anything else. */
export function readRestriction(text: string): Restriction | null {
  const [state, ...fields] = text.split(' ');
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
  return { blocked: state === 'blocked', ...limits };
}
