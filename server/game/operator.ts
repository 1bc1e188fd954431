import { calendarChangeText, readCalendarChange, type CalendarChange } from './headline.ts';
import { isLine, isRecord, isWhole } from './outside-value.ts';
import { rangeText, readRange } from './address-range.ts';
import { MAINTENANCE_MS_MAX } from './maintenance.ts';
import { isMicros, MICROS_PER_DOLLAR, type Micros } from './money.ts';
import { ACCOUNT_HOLD_MS_MAX, LIMIT_DOLLARS_MAX, limitsText, type AccountLimits } from './restriction.ts';

const TRANSFER_ENTRIES = ['deposit', 'withdrawal', 'adjustment'] as const;
export type TransferEntry = (typeof TRANSFER_ENTRIES)[number];

/**
 * What an operator may do by hand. `amount` is in micro-dollars: positive for a deposit or a withdrawal,
 * signed for an adjustment. `startMs` is the start of a column, `sessionId` null means every session of the
 * account. Of `limits`, those that are left out stay as they are, null ends one.
 */
export type OperatorDeed =
  | { readonly what: 'halt' }
  | { readonly what: 'resume' }
  | {
      readonly what: 'transfer';
      readonly accountId: string;
      readonly entry: TransferEntry;
      readonly amount: Micros;
    }
  | { readonly what: 'revoke-sessions'; readonly accountId: string; readonly sessionId: string | null }
  | { readonly what: 'void-window'; readonly startMs: number }
  | { readonly what: 'plan-maintenance'; readonly from: number; readonly until: number }
  | { readonly what: 'cancel-maintenance' }
  | { readonly what: 'change-calendar'; readonly change: CalendarChange }
  | { readonly what: 'block' | 'unblock'; readonly accountId: string }
  /** `range` as `rangeText` writes it. */
  | { readonly what: 'block-range' | 'unblock-range'; readonly range: string }
  | {
      readonly what: 'limit-account';
      readonly accountId: string;
      readonly limits: Partial<AccountLimits>;
    }
  /** Erases the name under which others see the account. */
  | { readonly what: 'remove-name'; readonly accountId: string }
  /** Takes back an order that waits for a second person; `order` is its id. */
  | { readonly what: 'dismiss'; readonly order: string }
  /** Asks a second person for what an order does; the ledger writes it down, nobody orders it. */
  | { readonly what: 'request'; readonly order: string; readonly deed: OperatorDeed }
  /** The house itself, at a start with other terms than before; nobody can order it. */
  | { readonly what: 'publish-terms'; readonly terms: string };

const DEEDS: Readonly<Record<OperatorDeed['what'], true>> = {
  halt: true,
  resume: true,
  transfer: true,
  'revoke-sessions': true,
  'void-window': true,
  block: true,
  unblock: true,
  'limit-account': true,
  'block-range': true,
  'unblock-range': true,
  'plan-maintenance': true,
  'cancel-maintenance': true,
  'change-calendar': true,
  'remove-name': true,
  request: true,
  dismiss: true,
  'publish-terms': true,
};

/** The first word of each deed: what the books may hold. */
export const isDeed = (what: unknown): what is OperatorDeed['what'] =>
  typeof what === 'string' && Object.hasOwn(DEEDS, what);

/**
 * Who does what and why. The caller chooses `id`: the same order again gets the same answer and is not
 * carried out twice.
 */
export interface OperatorOrder {
  readonly id: string;
  readonly operator: string;
  readonly approvedBy: string | null;
  readonly reason: string;
  readonly deed: OperatorDeed;
}

/**
 * Micro-dollars that come to so much in 24 hours need a second person: of one operator, and of all together.
 */
export interface AloneLimits {
  readonly each: Micros;
  readonly all: Micros;
}

const NAME_LENGTH_MAX = 64;
const REASON_LENGTH_MIN = 3;
const REASON_LENGTH_MAX = 300;
const ID = /^[A-Za-z0-9._-]{1,64}$/;

/** Reads an order that came from outside. @returns a sentence for the operator when it is not one. */
export function readOperatorOrder(value: unknown): OperatorOrder | string {
  if (!isRecord(value)) return 'Expected an order as an object.';
  const { id, operator, reason } = value;
  const approvedBy = value['approvedBy'] ?? null;
  if (!isId(id)) return 'Expected an id of 1 to 64 letters, digits, dots, dashes or underscores.';
  if (!isLine(operator, 1, NAME_LENGTH_MAX))
    return `Expected an operator's name of 1 to ${NAME_LENGTH_MAX} characters on one line.`;
  if (approvedBy !== null) return 'The second person approves it themselves: tapgrid approve.';
  if (!isLine(reason, REASON_LENGTH_MIN, REASON_LENGTH_MAX))
    return `Expected a reason of ${REASON_LENGTH_MIN} to ${REASON_LENGTH_MAX} characters on one line.`;
  const deed = readDeed(value['deed']);
  return typeof deed === 'string'
    ? deed
    : { id, operator: operator.trim(), approvedBy: null, reason: reason.trim(), deed };
}

function readDeed(value: unknown): OperatorDeed | string {
  if (!isRecord(value)) return 'The order does not say what to do.';
  const { what, accountId, entry, amount, startMs } = value;
  const sessionId = value['sessionId'] ?? null;
  switch (what) {
    case 'halt':
    case 'resume':
    case 'cancel-maintenance':
      return { what };
    case 'dismiss':
      return isId(value['order']) ? { what, order: value['order'] } : 'That is not an order id.';
    case 'plan-maintenance': {
      const { from, until } = value;
      if (!isTime(from) || !isTime(until) || until <= from)
        return 'A maintenance needs a start and a later end, both in UTC epoch ms.';
      return until - from > MAINTENANCE_MS_MAX
        ? 'A maintenance can last at most 7 days.'
        : { what, from, until };
    }
    case 'change-calendar': {
      const change = readCalendarChange(value['change']);
      return typeof change === 'string' ? change : { what, change };
    }
    case 'transfer':
      if (!isId(accountId)) return 'That is not an account id.';
      if (!isTransferEntry(entry)) return `Expected a transfer of one kind: ${TRANSFER_ENTRIES.join(', ')}.`;
      if (!isMicros(amount) || amount === 0 || (amount < 0 && entry !== 'adjustment'))
        return 'Expected an amount in whole micro-dollars above zero; only an adjustment can be negative.';
      return { what, accountId, entry, amount };
    case 'revoke-sessions':
      if (!isId(accountId)) return 'That is not an account id.';
      if (sessionId !== null && !isId(sessionId)) return 'That is not a session id.';
      return { what, accountId, sessionId };
    case 'block':
    case 'unblock':
    case 'remove-name':
      return isId(accountId) ? { what, accountId } : 'That is not an account id.';
    case 'block-range':
    case 'unblock-range': {
      const range = readRange(typeof value['range'] === 'string' ? value['range'] : '');
      return typeof range === 'string' ? range : { what, range: rangeText(range) };
    }
    case 'limit-account': {
      if (!isId(accountId)) return 'That is not an account id.';
      const limits = readLimits(value['limits']);
      return typeof limits === 'string' ? limits : { what, accountId, limits };
    }
    case 'void-window':
      return isTime(startMs) ? { what, startMs } : 'Name a window by its start in UTC epoch ms.';
    default:
      return 'The order does not say what to do.';
  }
}

/** Target and detail of a deed: together they say all of it, so that two orders can be compared by them. */
export function nameOfDeed(deed: OperatorDeed): { readonly target: string; readonly detail: string } {
  switch (deed.what) {
    case 'halt':
    case 'resume':
    case 'cancel-maintenance':
      return { target: '', detail: '' };
    case 'dismiss':
      return { target: deed.order, detail: '' };
    case 'request':
      return { target: deed.order, detail: JSON.stringify(deed.deed) };
    case 'plan-maintenance':
      return { target: `${deed.from}`, detail: `${deed.until}` };
    case 'change-calendar':
      return { target: '', detail: calendarChangeText(deed.change) };
    case 'transfer':
      return { target: deed.accountId, detail: `${deed.entry} ${deed.amount}` };
    case 'revoke-sessions':
      return { target: deed.accountId, detail: deed.sessionId ?? 'all' };
    case 'void-window':
      return { target: `${deed.startMs}`, detail: '' };
    case 'block':
    case 'unblock':
    case 'remove-name':
      return { target: deed.accountId, detail: '' };
    case 'block-range':
    case 'unblock-range':
      return { target: deed.range, detail: '' };
    case 'limit-account':
      return { target: deed.accountId, detail: limitsText(deed.limits) };
    case 'publish-terms':
      return { target: '', detail: deed.terms };
  }
}

const isTransferEntry = (value: unknown): value is TransferEntry =>
  TRANSFER_ENTRIES.some((entry) => entry === value);

const LIMIT_NAMES = ['stakeMax', 'dailyStake', 'openPayout'] as const;
const isHold = (value: unknown): value is number | null =>
  value === null || (isWhole(value) && value >= 1 && value <= ACCOUNT_HOLD_MS_MAX);

function readLimits(value: unknown): Partial<AccountLimits> | string {
  if (!isRecord(value) || Object.keys(value).length === 0)
    return 'The order does not say which limit to set.';
  const limits: { -readonly [Name in keyof AccountLimits]?: AccountLimits[Name] } = {};
  for (const [given, limit] of Object.entries(value)) {
    if (given === 'holdMs') {
      if (!isHold(limit)) return `Expected a hold from 1 to ${ACCOUNT_HOLD_MS_MAX} ms, or null for none.`;
      limits.holdMs = limit;
      continue;
    }
    const name = LIMIT_NAMES.find((one) => one === given);
    if (name === undefined) return `There is no limit called ${given}.`;
    if (limit !== null && !(isMicros(limit) && limit >= 0 && limit <= LIMIT_DOLLARS_MAX * MICROS_PER_DOLLAR))
      return (
        `Expected a limit in micro-dollars from 0 to ${LIMIT_DOLLARS_MAX * MICROS_PER_DOLLAR}, or ` +
        'null for none.'
      );
    limits[name] = limit;
  }
  return limits;
}

/** Whether two names mean one operator. */
export const sameName = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();
const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);
const isTime = (value: unknown): value is number => isWhole(value) && value > 0;
