import type { Database } from 'bun:sqlite';
import { PLACING_MS_MAX } from '../../game/acceptance.ts';
import { BALANCE_MICROS_MAX, micros, multiplier, type Currency, type Micros } from '../../game/money.ts';
import { present } from '../../game/present.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import type { AccountLimit } from '../../game/restriction.ts';
import type { ArchiveEnd } from '../../ports/archive.ts';
import type { BetOrder, OperationResult, PlaceBets, Rejected, TapResult } from '../../ports/ledger.ts';
import { accepted } from '../crossing.ts';
import { prepare } from '../database.ts';
import { insertInto, newestNumber } from '../row-statements.ts';
import { BETS, placedLine } from '../rows/bet.ts';
import type { Batch } from './batch.ts';
import { Debits } from './debits.ts';
import { disagreement, movedBy, type Entries } from './entries.ts';
import { newBet } from './new-bet.ts';
import type { OpenBook } from './open-book.ts';
import { Orders } from './orders.ts';
import type { MaintenancePlan } from './maintenance-plan.ts';
import type { Restrictions } from './restrictions.ts';
import { StakedToday } from './staked-today.ts';

/** Refusals by a limit that the operator set for the account. */
const SET_BY_OPERATOR: Readonly<Partial<Record<RejectionCode, AccountLimit>>> = {
  account_stake_limit: 'stakeMax',
  account_daily_limit: 'dailyStake',
  account_payout_limit: 'openPayout',
};

/** Refusals that come before the trader's own daily loss limit. */
const OF_COUNTS: ReadonlySet<RejectionCode> = new Set([
  'duplicate_cell',
  'too_many_on_cell',
  'too_many_open_bets',
]);

/** Signed orders become bets: each tap is a debit, a bet and a ledger row, or a code and no trace. */
export class Placing {
  readonly #statements: ReturnType<typeof statements>;
  readonly #orders: Orders;
  readonly #debits: Debits;
  readonly #staked: StakedToday;
  #nextBet: number;

  constructor(
    db: Database,
    private readonly entries: Entries,
    private readonly book: OpenBook,
    private readonly set: {
      readonly restrictions: Pick<Restrictions, 'of'>;
      readonly plan: MaintenancePlan;
      readonly betsPerCellMax: number;
    },
    archived: () => Pick<ArchiveEnd, 'betSeq' | 'intentId'>,
  ) {
    this.#statements = statements(db);
    this.#orders = new Orders(db, archived);
    this.#debits = new Debits(db);
    this.#staked = new StakedToday(db, () => archived().betSeq);
    this.#nextBet = 1 + Math.max(archived().betSeq, newestNumber(db, BETS));
  }

  /** The same order again gets its first answer; an order of which no tap is accepted leaves no row. */
  place(order: PlaceBets, batch: Batch): OperationResult {
    const inserted = this.#orders.insert(order);
    if (inserted === 'unknown owner') return { kind: 'refused', code: 'unauthenticated' };
    if (inserted === 'seen') return this.#orders.again(order);
    if (Math.abs(batch.at - order.at) > PLACING_MS_MAX) {
      this.#orders.drop();
      return { kind: 'refused', code: 'quote_expired' };
    }
    const results = order.taps.map((tap, idx): TapResult => {
      if (typeof tap === 'string') return { status: 'rejected', code: tap };
      const result = this.#tap(order, tap, idx, batch);
      return typeof result === 'string' ? this.#rejected(order, tap.stake, result) : result;
    });
    const taken = results.findLast((result) => result.status === 'accepted');
    if (taken === undefined) {
      this.#orders.drop();
      const { balance } = this.#debits.accountOf(order.accountId);
      return { kind: 'placed', replayed: false, results, balance };
    }
    this.#orders.keep(results);
    return { kind: 'placed', replayed: false, results, balance: taken.balance };
  }

  /** Money and exposure, in the order of the closed list. */
  #tap(order: PlaceBets, tap: BetOrder, idx: number, batch: Batch): TapResult | RejectionCode {
    const { accountId, currency, at } = order;
    const stake = micros(tap.stake);
    if (stake <= 0) throw new RangeError(`a stake of ${stake}`);
    const { blocked, stakeMax, dailyStake, openPayout } = this.set.restrictions.of(accountId);
    if (blocked) return 'account_blocked';
    if (tap.cell.startMs <= batch.at) return 'column_locked';
    if (this.set.plan.closes(tap.cell, at)) return 'maintenance';
    if (stakeMax !== null && stake > stakeMax) return 'account_stake_limit';
    if (this.#staked.exceeds(order, stake)) return 'daily_cap';
    if (dailyStake !== null && this.#debits.stakedOnDay(order) + stake > dailyStake)
      return 'account_daily_limit';
    const bet = newBet(order, tap, {
      seq: this.#nextBet,
      intentId: this.#orders.next,
      idx,
      batch: batch.seq,
      stakeEntry: this.entries.nextId,
    });
    const { id: betId, cell, startMs, windowMs, placedAt, lockedRevision } = bet;
    const risk = {
      betId,
      accountId,
      currency,
      cell,
      startMs,
      windowMs,
      stake,
      multiplier: multiplier(tap.filled?.multiplier ?? tap.multiplierMax),
    };
    const limit =
      this.#crowd(accountId, cell) ??
      this.book.check(risk, this.entries.bankroll(currency), openPayout) ??
      this.#uncountable(accountId, currency, stake);
    if (limit !== null && OF_COUNTS.has(limit)) return limit;
    if (limit !== null) return this.#debits.isOverDailyLoss(order, stake) ? 'daily_loss_limit' : limit;
    this.#statements.insertBet(bet);
    const before = this.entries.accountOf(accountId);
    if (!this.#debits.take(order, stake, before.version)) {
      this.#statements.dropBet.run(bet.seq);
      if (this.#debits.accountOf(accountId).version !== before.version) throw disagreement(accountId);
      return this.#debits.isOverDailyLoss(order, stake) ? 'daily_loss_limit' : 'insufficient_balance';
    }
    this.#nextBet++;
    const moved = movedBy(before, micros(-stake));
    this.entries.post(accountId, 'stake', micros(-stake), moved, betId, at);
    this.entries.counter('open', currency, stake);
    this.book.add({
      ...risk,
      seq: bet.seq,
      placedAt,
      locked: tap.filled?.multiplier ?? null,
      lockedRevision,
    });
    this.#staked.add(order, stake);
    batch.bets.push(placedLine(bet, order.nonce));
    return accepted(tap, moved.balance);
  }

  /**
   * A block, then a pause, come before everything about the bet; refusals by limits include their figures.
   */
  #rejected(order: PlaceBets, stake: Micros, code: RejectionCode): Rejected {
    if (code === 'account_blocked') return { status: 'rejected', code };
    const rejected = this.#debits.rejected(order, stake, code);
    const limit = SET_BY_OPERATOR[rejected.code];
    if (limit === undefined) return rejected;
    const { accountId } = order;
    const used = {
      stakeMax: () => micros(0),
      dailyStake: () => this.#debits.stakedOnDay(order),
      openPayout: () => this.book.openPayout(accountId),
    }[limit]();
    return { ...rejected, why: { limit, most: this.set.restrictions.of(accountId)[limit]!, used, stake } };
  }

  /**
   * Bets that were refunded leave their place; those that were decided keep it, whatever the clock says of
   * the cell.
   */
  #crowd(accountId: string, cell: string): RejectionCode | null {
    const { betsPerCellMax } = this.set;
    const { bets } = present(this.#statements.betsOnCell.get(cell, accountId), 'count of bets');
    if (bets < betsPerCellMax) return null;
    return betsPerCellMax === 1 ? 'duplicate_cell' : 'too_many_on_cell';
  }

  /** Where money would become more than is counted exactly, nothing more is sold. */
  #uncountable(accountId: string, currency: Currency, stake: Micros): RejectionCode | null {
    if (this.entries.accountOf(accountId).balance > BALANCE_MICROS_MAX) return 'exposure_account';
    return this.entries.hasRoomFor(currency, stake) ? null : 'exposure_total';
  }
}

const statements = (db: Database) => ({
  insertBet: insertInto(db, BETS),
  betsOnCell: prepare<{ bets: number }>(
    db,
    'SELECT COUNT(*) AS bets FROM bets WHERE cell = $1 AND account_id = $2 AND void_reason IS NULL',
  ),
  dropBet: prepare(db, 'DELETE FROM bets WHERE seq = $1'),
});
