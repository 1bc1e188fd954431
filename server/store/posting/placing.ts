import type { Database } from 'bun:sqlite';
import { PLACING_MS_MAX } from '../../game/acceptance.ts';
import { cellId, type CellId } from '../../game/grid.ts';
import {
  BALANCE_MICROS_MAX,
  micros,
  multiplier,
  type Currency,
  type Micros,
  type Multiplier,
} from '../../game/money.ts';
import { limitsAt, type OwnLimits } from '../../game/own-limits.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import type { Anchor } from '../../ports/archive.ts';
import type { BetOrder, OperationResult, PlaceBets, Rejected, TapResult } from '../../ports/ledger.ts';
import { accepted } from '../crossing.ts';
import { prepare } from '../database.ts';
import { LIMIT_COLUMNS, limitsOf, type LimitsRow } from '../limits-row.ts';
import type { Batch } from './batch.ts';
import { placedLine, plainId } from './chain.ts';
import { disagreement, movedBy, type Entries } from './entries.ts';
import type { OpenBook } from './open-book.ts';
import { dayOf, StakedToday } from './staked-today.ts';

/** Signed orders become bets: each tap is a debit, a bet and a ledger row, or a code and no trace. */
export class Placing {
  readonly #statements: ReturnType<typeof statements>;
  readonly #staked: StakedToday;
  #nextIntent: number;
  #nextBet: number;

  constructor(
    db: Database,
    private readonly entries: Entries,
    private readonly book: OpenBook,
    private readonly archived: () => Pick<Anchor, 'betSeq' | 'intentId'>,
  ) {
    this.#statements = statements(db);
    this.#staked = new StakedToday(db, () => archived().betSeq);
    const { betSeq, intentId } = archived();
    this.#nextIntent =
      1 +
      Math.max(
        intentId,
        prepare<{ id: number }>(db, 'SELECT COALESCE(MAX(id), 0) AS id FROM intents').get()!.id,
      );
    this.#nextBet =
      1 +
      Math.max(
        betSeq,
        prepare<{ seq: number }>(db, 'SELECT COALESCE(MAX(seq), 0) AS seq FROM bets').get()!.seq,
      );
  }

  /** The same order again gets its first answer; an order of which no tap is accepted leaves no row. */
  place(order: PlaceBets, batch: Batch): OperationResult {
    const intent = this.#nextIntent;
    const inserted = this.#insertIntent(intent, order);
    if (inserted === 'unknown owner') return { kind: 'refused', code: 'unauthenticated' };
    if (inserted === 'seen') return this.#again(order);
    if (Math.abs(batch.at - order.at) > PLACING_MS_MAX) {
      this.#statements.dropIntent.run(intent);
      return { kind: 'refused', code: 'quote_expired' };
    }
    const results = order.taps.map((tap, idx): TapResult => {
      if (typeof tap === 'string') return { status: 'rejected', code: tap };
      const result = this.#tap(order, tap, intent, idx, batch);
      return typeof result === 'string' ? this.#rejected(order, tap.stake, result) : result;
    });
    const taken = results.filter(({ status }) => status === 'accepted') as ReturnType<typeof accepted>[];
    if (taken.length === 0) {
      this.#statements.dropIntent.run(intent);
      return { kind: 'placed', replayed: false, results, balance: this.#owner(order.accountId).balance };
    }
    this.#nextIntent++;
    if (taken.length < results.length)
      this.#statements.setOutcomes.run(
        JSON.stringify(results.map((result) => (result.status === 'rejected' ? result.code : null))),
        intent,
      );
    return { kind: 'placed', replayed: false, results, balance: taken.at(-1)!.balance };
  }

  #insertIntent(id: number, order: PlaceBets): 'new' | 'seen' | 'unknown owner' {
    try {
      const { changes } = this.#statements.insertIntent.run(
        id,
        order.accountId,
        order.sessionId,
        plainId(order.nonce),
        order.at,
        order.text,
        order.signature,
      );
      return changes === 1 ? 'new' : 'seen';
    } catch (error) {
      if ((error as { code?: string }).code === 'SQLITE_CONSTRAINT_FOREIGNKEY') return 'unknown owner';
      throw error;
    }
  }

  /** Money and exposure, in the order of the closed list. */
  #tap(
    order: PlaceBets,
    tap: BetOrder,
    intent: number,
    idx: number,
    batch: Batch,
  ): TapResult | RejectionCode {
    const { accountId, currency, at } = order;
    const stake = micros(tap.stake);
    if (stake <= 0) throw new RangeError(`a stake of ${stake}`);
    if (tap.cell.startMs <= batch.at) return 'column_locked';
    if (this.#staked.exceeds(order, stake)) return 'daily_cap';
    const cell = cellId(tap.cell);
    const risk = {
      betId: plainId(tap.betId),
      accountId,
      currency,
      cell,
      startMs: tap.cell.startMs,
      stake,
      multiplier: multiplier(tap.filled?.multiplier ?? tap.multiplierMax),
    };
    const limit =
      this.book.check(risk, this.entries.bankroll(currency)) ?? this.#uncountable(accountId, currency, stake);
    if (limit === 'duplicate_cell' || limit === 'too_many_open_bets') return limit;
    if (limit !== null) return this.#isOverDailyLoss(order, stake) ? 'daily_loss_limit' : limit;
    if (!this.#insertBet(order, tap, intent, idx, cell, batch)) return 'duplicate_cell';
    const before = this.entries.accountOf(accountId);
    if (this.#statements.debit.run(stake, dayOf(at), accountId, before.version, currency, at).changes !== 1) {
      this.#statements.dropBet.run(this.#nextBet);
      if (this.#owner(accountId).version !== before.version) throw disagreement(accountId);
      return this.#isOverDailyLoss(order, stake) ? 'daily_loss_limit' : 'insufficient_balance';
    }
    const seq = this.#nextBet++;
    const moved = movedBy(before, micros(-stake));
    this.entries.post(accountId, 'stake', micros(-stake), moved, tap.betId, at);
    this.entries.counter('open', currency, stake);
    this.book.add({
      ...risk,
      seq,
      placedAt: at,
      locked: tap.filled?.multiplier ?? null,
      lockedRevision: tap.filled?.revision ?? null,
    });
    this.#staked.add(order, stake);
    batch.bets.push(
      placedLine({
        seq,
        id: tap.betId,
        accountId,
        nonce: order.nonce,
        idx,
        currency,
        simulated: Number(order.simulated),
        cell,
        stake,
        shown: tap.shown,
        shownRevision: tap.shownRevision,
        guardPercent: tap.guardPercent,
        multiplierMax: tap.multiplierMax,
        placedAt: at,
        lockAt: tap.lockAt,
        filledMultiplier: tap.filled?.multiplier ?? null,
        filledRevision: tap.filled?.revision ?? null,
        rule: order.rule,
      }),
    );
    return accepted(tap, moved.balance);
  }

  /** Where money would become more than is counted exactly, nothing more is sold. */
  #uncountable(accountId: string, currency: Currency, stake: Micros): RejectionCode | null {
    if (this.entries.accountOf(accountId).balance > BALANCE_MICROS_MAX) return 'exposure_account';
    return this.entries.hasRoomFor(currency, stake) ? null : 'exposure_total';
  }

  #insertBet(
    order: PlaceBets,
    tap: BetOrder,
    intent: number,
    idx: number,
    id: CellId,
    batch: Batch,
  ): boolean {
    const { cell, filled } = tap;
    const { changes } = this.#statements.insertBet.run(
      this.#nextBet,
      tap.betId,
      intent,
      idx,
      batch.seq,
      order.accountId,
      order.currency,
      Number(order.simulated),
      id,
      cell.startMs,
      cell.windowMs,
      cell.low,
      cell.high,
      tap.stake,
      multiplier(tap.shown),
      tap.shownRevision,
      tap.guardPercent,
      multiplier(tap.multiplierMax),
      order.at,
      tap.lockAt,
      Number(filled !== null),
      filled?.multiplier ?? null,
      filled?.revision ?? null,
      filled === null ? 'placed' : 'locked',
      this.entries.nextId,
      order.rule,
    );
    return changes === 1;
  }

  /** A pause comes before everything about the bet; own limits are told with their figures. */
  #rejected({ accountId, at }: PlaceBets, stake: Micros, code: RejectionCode): Rejected {
    const { pausedUntil, dailyLoss, loosening, lost } = this.#ownLimits(accountId, at);
    if (pausedUntil !== null) return { status: 'rejected', code: 'account_paused', why: { pausedUntil } };
    if (code !== 'daily_loss_limit' || dailyLoss === null) return { status: 'rejected', code };
    return { status: 'rejected', code, why: { dailyLoss, lost, stake, loosening } };
  }

  #isOverDailyLoss({ accountId, at }: PlaceBets, stake: Micros): boolean {
    const { dailyLoss, lost } = this.#ownLimits(accountId, at);
    return dailyLoss !== null && lost + stake > dailyLoss;
  }

  #ownLimits(accountId: string, at: number): OwnLimits & { readonly lost: Micros } {
    const { day, staked, returned, ...row } = this.#owner(accountId);
    return { ...limitsAt(limitsOf(row), at), lost: micros(day === dayOf(at) ? staked - returned : 0) };
  }

  #owner(accountId: string): OwnerRow {
    return this.#statements.owner.get(accountId)!;
  }

  #again(order: PlaceBets): OperationResult {
    const { id, text, outcomes } = this.#statements.intent.get(order.accountId, order.nonce)!;
    if (text !== order.text) return { kind: 'refused', code: 'nonce_reused' };
    // Its bets are closed and in the archive, so its deadline is long past and what became of it is in the
    // history.
    if (id <= this.archived().intentId) return { kind: 'refused', code: 'deadline_passed' };
    const bets = new Map(this.#statements.betsOf.all(id).map((bet) => [bet.idx, bet]));
    const codes: (RejectionCode | null)[] =
      outcomes === null ? new Array(bets.size).fill(null) : JSON.parse(outcomes);
    const results = codes.map((code, idx): TapResult => {
      if (code !== null) return { status: 'rejected', code };
      const { betId, multiplier: offered, lockAt, balance } = bets.get(idx)!;
      return { status: 'accepted', betId, multiplier: offered, lockAt, balance };
    });
    return { kind: 'placed', replayed: true, results, balance: [...bets.values()].at(-1)!.balance };
  }
}

interface OwnerRow extends LimitsRow {
  readonly balance: Micros;
  readonly version: number;
  readonly day: number;
  readonly staked: number;
  readonly returned: number;
}

interface PlacedRow {
  readonly idx: number;
  readonly betId: string;
  readonly multiplier: Multiplier;
  readonly lockAt: number;
  readonly balance: Micros;
}

const statements = (db: Database) => ({
  insertIntent: prepare(
    db,
    `INSERT INTO intents (id, account_id, session_id, nonce, at, signed_text, signature) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (account_id, nonce) DO NOTHING`,
  ),
  setOutcomes: prepare(db, 'UPDATE intents SET outcomes = $1 WHERE id = $2'),
  dropIntent: prepare(db, 'DELETE FROM intents WHERE id = $1'),
  intent: prepare<{ id: number; text: string; outcomes: string | null }>(
    db,
    'SELECT id, signed_text AS text, outcomes FROM intents WHERE account_id = $1 AND nonce = $2',
  ),
  insertBet: prepare(
    db,
    `INSERT INTO bets (seq, id, intent_id, idx, batch, account_id, currency, simulated, cell, start_ms, window_ms, low, high, stake, shown, shown_revision,
    guard_percent, multiplier_max, placed_at, lock_at, filled, locked, locked_revision, status, stake_entry, rule, payout)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, 0)
    ON CONFLICT (cell, account_id) WHERE void_reason IS NULL DO NOTHING`,
  ),
  dropBet: prepare(db, 'DELETE FROM bets WHERE seq = $1'),
  // Without `returning`, for which SQLite makes a table of its own at each row: from the version follows the
  // balance.
  debit: prepare(
    db,
    `UPDATE accounts SET balance = balance - $1, version = version + 1, day = $2,
    day_staked = CASE WHEN day = $2 THEN day_staked ELSE 0 END + $1, day_returned = CASE WHEN day = $2 THEN day_returned ELSE 0 END
    WHERE id = $3 AND version = $4 AND kind = 'player' AND currency = $5 AND balance >= $1
    AND (paused_until IS NULL OR paused_until <= $6)
    AND (daily_loss_max IS NULL OR CASE WHEN day = $2 THEN day_staked - day_returned ELSE 0 END + $1 <= daily_loss_max OR loosens_at <= $6
      AND (loosens_to IS NULL OR CASE WHEN day = $2 THEN day_staked - day_returned ELSE 0 END + $1 <= loosens_to))`,
  ),
  owner: prepare<OwnerRow>(
    db,
    `SELECT balance, version, day, day_staked AS staked, day_returned AS returned, ${LIMIT_COLUMNS} FROM accounts WHERE id = $1`,
  ),
  betsOf: prepare<PlacedRow>(
    db,
    `SELECT b.idx AS idx, b.id AS "betId", CASE WHEN b.filled = 1 THEN b.locked ELSE b.shown END AS multiplier, b.lock_at AS "lockAt",
    l.balance_after AS balance FROM bets b JOIN ledger l ON l.id = b.stake_entry WHERE b.intent_id = $1 ORDER BY b.idx`,
  ),
});
