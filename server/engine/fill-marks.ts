import type { Bet } from '../game/bet.ts';
import { MARK_AFTER_MS, markReading, NO_MARKS, STEP_MS, withStep, type MarkSums } from '../game/mark-sums.ts';
import { MICROS_PER_DOLLAR } from '../game/money.ts';
import { lockedQuote, type GridRevision } from '../game/revision.ts';
import type { AccountMarks, MarkedPeriod, MarkFigures } from '../ports/readings.ts';

/** Accounts with marks; of more, the one that bet longest ago is forgotten. */
const MARKED_ACCOUNTS_MAX = 5_000;
/** Bets that wait for a mark: three seconds of the fastest house. What is more is not marked. */
const MARKS_WAITING_MAX = 20_000;
const GAINING_LISTED_MAX = 10;
/** A mark for which no revision comes so long is none: prices had a gap. */
const LATE_MS_MAX = 1_000;
/** Marks begin anew each four weeks, so that late snipers do not first have to use up old luck. */
const PERIOD_MS = 28 * 86_400_000;

/** A bet with its probability by the model of its lock and, once there is one, of the first mark. */
interface Waiting {
  readonly bet: Bet;
  readonly lockedAt: number;
  readonly atLock: number;
  readonly afterFirst: number;
}

interface Marked {
  sums: MarkSums;
  /** The step that runs. */
  step: number;
  bets: number;
  staked: number;
  edge: number;
  gains: [number, number];
}

/**
 * Whether the price goes an account's way in the seconds after its bets are locked: each bet is priced again
 * one and three seconds later by the revision of then. By a fair model a probability moves up as much as
 * down, so the mean gain of who knows no more is zero, whatever the edge is; who sees prices earlier, or
 * knows better, gains. Nothing of this is known before the revision that a mark is made by.
 */
export class FillMarks {
  readonly #first: Waiting[] = [];
  readonly #second: Waiting[] = [];
  readonly #accounts = new Map<string, Marked>();
  #period = 0;
  /** Of the newest revision, UTC epoch ms. */
  #at = 0;
  /** Grows with whatever changes what is kept. */
  changes = 0;
  /** Bets that were marked since start, and those for which there was no room. */
  marked = 0;
  unmarked = 0;

  constructor(
    private readonly waitingMax = MARKS_WAITING_MAX,
    private readonly accountsMax = MARKED_ACCOUNTS_MAX,
  ) {}

  /** Takes a bet that is locked by a revision, in the order of the locks. */
  onLocked(bet: Bet, revision: GridRevision): void {
    const lockedAt = Math.max(revision.at, bet.placedAt);
    const last = lockedAt + MARK_AFTER_MS[1] + LATE_MS_MAX;
    // A window that opens before its last mark is known from the start to get none, so nothing is chosen.
    if (bet.locked === null || bet.cell.startMs < last) return;
    if (this.#first.length + this.#second.length >= this.waitingMax) {
      this.unmarked += 1;
      return;
    }
    const atLock = lockedQuote(revision, bet.cell).probability;
    this.#first.push({ bet, lockedAt, atLock, afterFirst: NaN });
  }

  onRevision(revision: GridRevision): void {
    this.#at = revision.at;
    for (const waiting of due(this.#second, MARK_AFTER_MS[1], revision))
      this.#add(waiting, lockedQuote(revision, waiting.bet.cell).probability);
    for (const waiting of due(this.#first, MARK_AFTER_MS[0], revision))
      this.#second.push({ ...waiting, afterFirst: lockedQuote(revision, waiting.bet.cell).probability });
  }

  /** Of all accounts with a step that has ended: those that gain first, the surest of them first. */
  readings(): AccountMarks[] {
    this.#endSteps(this.#at);
    return [...this.#accounts]
      .flatMap(([accountId, { sums }]) => {
        const reading = markReading(sums);
        return reading === null ? [] : [{ accountId, ...reading }];
      })
      .sort((one, other) => sureness(other) - sureness(one));
  }

  /** @param isLimited whether an operator limits the account already. */
  figures(isLimited: (accountId: string) => boolean): MarkFigures {
    const { marked, unmarked } = this;
    const gaining = this.readings()
      .filter(({ isGaining, accountId }) => isGaining && !isLimited(accountId))
      .slice(0, GAINING_LISTED_MAX);
    return { accounts: this.#accounts.size, marked, unmarked, gaining };
  }

  /** What is known of the account does not say how it does from now on: its hold is another one. */
  forget(accountId: string): void {
    if (this.#accounts.delete(accountId)) this.changes += 1;
  }

  /** What is kept over a restart: the steps that have ended. @param isLast those that run end here too. */
  state(at: number, isLast = false): MarkedPeriod {
    this.#advance(at);
    this.#endSteps(isLast ? Infinity : at);
    return {
      period: this.#period,
      accounts: [...this.#accounts].map(([accountId, { sums }]) => [accountId, sums] as const),
    };
  }

  /** Continues the period of an earlier run, if it is still the current one. */
  restore({ period, accounts }: MarkedPeriod, at: number): void {
    this.#advance(at);
    if (period !== this.#period) return;
    for (const [accountId, sums] of accounts) this.#accounts.set(accountId, { ...NO_STEP(), sums });
  }

  #add({ bet, lockedAt, atLock, afterFirst }: Waiting, afterSecond: number): void {
    this.#advance(lockedAt);
    const account = this.#account(bet.accountId);
    const step = Math.floor(lockedAt / STEP_MS);
    if (step !== account.step) endStep(account, step);
    const stake = bet.stake / MICROS_PER_DOLLAR;
    const pays = (stake * bet.locked!) / 100;
    account.bets += 1;
    account.staked += stake;
    account.edge += stake - pays * atLock;
    account.gains[0] += pays * (afterFirst - atLock);
    account.gains[1] += pays * (afterSecond - atLock);
    this.marked += 1;
    this.changes += 1;
  }

  /** Of a step that lies so far back no mark can come any more. */
  #endSteps(at: number): void {
    const running = Math.floor((at - MARK_AFTER_MS[1] - LATE_MS_MAX) / STEP_MS);
    for (const account of this.#accounts.values())
      if (account.bets > 0 && account.step < running) endStep(account, account.step);
  }

  #advance(at: number): void {
    const period = Math.floor(at / PERIOD_MS);
    if (period <= this.#period) return;
    this.#period = period;
    this.#accounts.clear();
  }

  /** The account, as the one that bet last. */
  #account(accountId: string): Marked {
    const account = this.#accounts.get(accountId) ?? { ...NO_STEP(), sums: NO_MARKS };
    this.#accounts.delete(accountId);
    this.#accounts.set(accountId, account);
    if (this.#accounts.size > this.accountsMax) this.#accounts.delete(this.#accounts.keys().next().value!);
    return account;
  }
}

const NO_STEP = (): Omit<Marked, 'sums'> => ({ step: 0, bets: 0, staked: 0, edge: 0, gains: [0, 0] });

function endStep(account: Marked, step: number): void {
  if (account.bets > 0) account.sums = withStep(account.sums, account);
  Object.assign(account, NO_STEP(), { step });
}

/** Takes those out that the revision is the first for; what it comes too late for gets no mark. */
function due(waiting: Waiting[], after: number, { at }: GridRevision): Waiting[] {
  let count = 0;
  while (count < waiting.length && waiting[count]!.lockedAt + after <= at) count++;
  return waiting.splice(0, count).filter(({ lockedAt }) => at <= lockedAt + after + LATE_MS_MAX);
}

const sureness = ({ gains }: AccountMarks): number =>
  gains === null ? -Infinity : Math.max(...gains.map(({ low }) => low));
