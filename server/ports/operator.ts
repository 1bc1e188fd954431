import type { Currency, Micros } from '../game/money.ts';
import type { OperatorOrder } from '../game/operator.ts';
import type { Headline } from '../game/headline.ts';
import type { Maintenance } from '../game/maintenance.ts';
import type { Restriction } from '../game/restriction.ts';
import type { ActionRow } from '../store/rows/action.ts';
import type { Page } from './books.ts';
import type { RefusalRow, RefusalsWanted } from './refusals.ts';

/**
 * One row of the log of what operators did by hand. Texts are for people; `target` is an account, the start
 * of a window, or empty.
 */
export type OperatorAction = ActionRow;

/** Why an operator's order was not carried out; nothing changed then. The sentences are for the operator. */
export const OPERATOR_REFUSALS = {
  bad_order: 'The order is not readable.',
  not_found: 'No such account, name, session, open bet or blocked range.',
  insufficient_balance: "The account's balance is too low.",
  too_many: 'The maximum number is blocked or limited already: lift some first.',
  too_much: 'The balance would exceed 4.5 billion dollars, the most that can be counted to the micro-dollar.',
  head_start_unmeasured:
    'No deposits yet: how far exchanges run ahead of the price is still being measured (tapgrid doctor). ' +
    'Book what has to be booked all the same with --as adjustment.',
  id_reused: 'This id was already used for something else.',
  approval_needed: 'This amount, alone or with the transfers of the last 24 hours, needs a second person.',
  two_tokens_needed: 'This amount needs two people, each with a token of their own: tapgrid operators add.',
  same_person: 'You cannot approve your own order.',
  dismissed: 'That order was dismissed: send it with another id.',
  too_many_waiting: 'Too many orders are waiting for a second person: approve or dismiss some first.',
  no_token:
    "An operator's token is needed: put it in ~/.tapgrid-token, TAPGRID_TOKEN or --token-file. To create " +
    'one: tapgrid operators add.',
  wrong_token: 'That token belongs to no operator.',
  not_you: 'The order names a different operator than the token: remove --by.',
  not_waiting:
    'No order with that id is waiting: it was carried out or dismissed, or it is older than a day.',
  has_begun:
    'Recorded ticks of that window may have decided bets: start the server, which settles them, then void ' +
    'what is left.',
  still_for_sale: 'That window still takes taps: halt first, or wait until it is locked.',
  no_maintenance: 'No maintenance is announced.',
  under_way: 'The maintenance has started: resume ends it, halt keeps taps out past its end.',
  too_soon: 'It would begin in the past: choose a later time, or halt at once without --at.',
  too_far: 'A maintenance can be announced at most 90 days ahead.',
  no_headline: 'The calendar has no such entry.',
  calendar_full: 'The calendar holds at most 100 entries that are not over: remove some first.',
  headline_over: 'That news is over already.',
  headline_too_far: 'An entry of the calendar can be at most 400 days ahead.',
  busy: 'The house is too busy for it now.',
  unknown: 'It is not known whether this was carried out.',
} as const;
export type OperatorRefusal = keyof typeof OPERATOR_REFUSALS;

export type OperatorAnswer =
  | { readonly done: OperatorAction; readonly replayed: boolean; readonly bets: number }
  | { readonly refused: OperatorRefusal; readonly message: string };

/** An order that needs a second person, and from when to when it waits for one, UTC epoch ms. */
export interface WaitingOrder {
  readonly order: OperatorOrder;
  readonly since: number;
  readonly until: number;
}

/** A day, after which an order has to be given again. */
export const WAITING_MS_MAX = 24 * 3_600_000;

/**
 * Who acts. `proven` by a token of their own: a shared one, or a name that anybody may claim, is nobody's.
 */
export interface Who {
  readonly name: string;
  readonly proven: boolean;
}

/**
 * The operator with this token, or with a name they claim, which is enough only if no operator has a token of
 * their own. @returns why they are refused.
 */
export type Identify = (
  token: string | null,
  claimed: string | null,
) => Who | 'no_token' | 'wrong_token' | 'not_you';

/**
 * Carries out what operators order, each order once, and writes it down in the ledger chain in the same
 * commit.
 */
export interface Operator {
  /** What needs a second person waits where `who` has a token of their own, and is refused either way. */
  act(order: OperatorOrder, who: Who): Promise<OperatorAnswer>;
  /** Carries out what waits, under the name of a second person beside that of the first. */
  approve(id: string, who: Who): Promise<OperatorAnswer>;
}

export interface AccountFound {
  readonly id: string;
  readonly currency: Currency;
  readonly address: string | null;
  readonly balance: Micros;
  readonly openStake: Micros;
  readonly openBets: number;
  readonly sessions: number;
  readonly openedAt: number;
  readonly restriction: Restriction;
}

export interface SessionFound {
  readonly id: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly seenAt: number;
  readonly endedAt: number | null;
}

/** What only operators may look up; synchronous and quick. */
export interface OperatorBooks {
  /** By id, by the beginning of an id (four characters or more), or by address. */
  findAccounts(text: string, limit: number): readonly AccountFound[];
  /** Newest first. */
  sessionsOf(accountId: string, limit: number): readonly SessionFound[];
  actions(cursor: string | null, limit: number): Page<OperatorAction>;
  /** Orders of which nothing was taken, newest first. */
  refusals(wanted: RefusalsWanted, cursor: string | null, limit: number): Page<RefusalRow>;
  /** The halt that was not resumed since; null when there is none. */
  lastHalt(): OperatorAction | null;
  /** Accounts that operators have blocked or limited, by their ids. */
  restricted(): readonly (readonly [accountId: string, Restriction])[];
  /** Orders that wait for a second person, oldest first. */
  waiting(now: number): readonly WaitingOrder[];
  /** The maintenance that was announced last and not called off or ended, though it may be over. */
  maintenance(): Maintenance | null;
  /** The news calendar, in its order; entries may be over. */
  calendar(): readonly Headline[];
  /** Ranges of addresses that operators have blocked. */
  blockedRanges(): readonly string[];
  /** What the house had at a time; for a time before its first money, that first money. */
  bankrollAt(currency: Currency, at: number): Micros;
  close(): void;
}
