import { firstNotBefore } from '../../server/game/halving.ts';
import { present } from '../../server/game/present.ts';
import type { Bet } from '../../server/game/bet.ts';
import { PRIOR_BOARDS } from '../../server/game/learned/learned-boards.ts';
import type { LearnedBoards } from '../../server/game/learned/learned-quote.ts';
import { cellId, type Cell } from '../../server/game/grid.ts';
import { micros, type Micros, payoutOf } from '../../server/game/money.ts';
import type { VoidReason } from '../../server/game/rejection.ts';
import type { GridRevision } from '../../server/game/revision.ts';
import type { Account } from '../../server/game/session.ts';
import type { Tick } from '../../server/game/tick.ts';
import type { ChainedTick, ChainHeads } from '../../server/ports/books.ts';
import type {
  BetClosing,
  BetLock,
  BetOrder,
  Commit,
  LedgerPort,
  Operation,
  OperationResult,
  PlaceBets,
  Settlement,
  TapResult,
} from '../../server/ports/ledger.ts';

/**
 * Bets, ticks and revisions in memory, for replays that ask about odds and not about money: no balance moves,
 * one bet per account and cell is the only limit. It answers what the engine asks of books, too.
 */
export class MemoryLedger implements LedgerPort {
  readonly #ticks: Tick[] = [];
  readonly #revisions: GridRevision[] = [];
  readonly #bets = new Map<string, Bet>();
  readonly #taken = new Set<string>();
  #batch = 0;

  constructor(private readonly bank: Micros) {}

  async commitBatch(operations: readonly Operation[]): Promise<Commit> {
    return { batch: ++this.#batch, hash: '', results: operations.map((operation) => this.#apply(operation)) };
  }

  async close(): Promise<void> {}

  bankroll = (): Micros => this.bank;
  account = (): Account | null => null;
  chain = (): ChainHeads => ({
    ledger: { batch: this.#batch, hash: '', at: 0 },
    ticks: { seq: 0, hash: '', at: 0 },
  });
  lastTick = (): ChainedTick | null => null;
  learned = (): LearnedBoards => PRIOR_BOARDS;
  lastShadow = (): null => null;
  shadowReturns = (): readonly never[] => [];
  shadowAfter = (): readonly never[] => [];
  openBets = (): readonly Bet[] =>
    [...this.#bets.values()].filter(({ status }) => status === 'placed' || status === 'locked');
  bet = (id: string): Bet | null => this.#bets.get(id) ?? null;
  lastRevision = (): GridRevision | null => this.#revisions.at(-1) ?? null;
  revision = (number: number): GridRevision | null => this.#revisions[number - 1] ?? null;
  revisionFrom = (at: number): GridRevision | null => this.#revisions[firstFrom(this.#revisions, at)] ?? null;

  /** Simulated traders have no names, and are shown to nobody. */
  names(): readonly [] {
    return [];
  }

  ticksOf({ startMs, windowMs }: Cell): readonly ChainedTick[] {
    const [first, last] = [firstFrom(this.#ticks, startMs), firstFrom(this.#ticks, startMs + windowMs)];
    return this.#ticks.slice(Math.max(0, first - 1), last + 1).map((tick) => ({ ...tick, hash: null }));
  }

  #apply(operation: Operation): OperationResult {
    switch (operation.kind) {
      case 'record-ticks':
        this.#ticks.push(...operation.ticks);
        return { kind: 'done' };
      case 'record-revision':
        this.#revisions.push(operation.revision);
        return { kind: 'done' };
      case 'record-shadow':
        return { kind: 'done' };
      case 'place-bets':
        return {
          kind: 'placed',
          replayed: false,
          results: operation.taps.map((tap) => this.#place(operation, tap)),
          balance: micros(0),
        };
      case 'lock-bets':
        return { kind: 'settled', bets: operation.locks.map((lock) => this.#lock(lock, operation.at)) };
      case 'close-bets':
        return { kind: 'settled', bets: operation.closings.map((closing) => this.#close(closing)) };
      default:
        return { kind: 'done' };
    }
  }

  #place(
    { accountId, currency, simulated, rule, at }: PlaceBets,
    tap: BetOrder | Extract<TapResult, { status: 'rejected' }>['code'],
  ): TapResult {
    if (typeof tap === 'string') return { status: 'rejected', code: tap };
    const { betId: id, cell, stake, shown, shownRevision, guardPercent, lockAt, filled } = tap;
    if (this.#taken.has(`${accountId} ${cellId(cell)}`))
      return { status: 'rejected', code: 'duplicate_cell' };
    this.#taken.add(`${accountId} ${cellId(cell)}`);
    this.#bets.set(id, {
      id,
      accountId,
      currency,
      simulated,
      rule,
      cell,
      stake,
      shown,
      shownRevision,
      guardPercent,
      placedAt: at,
      lockAt,
      locked: filled?.multiplier ?? null,
      lockedRevision: filled?.revision ?? null,
      status: filled === null ? 'placed' : 'locked',
      payout: micros(0),
      closedAt: null,
      closedTick: null,
      voidReason: null,
    });
    return { status: 'accepted', betId: id, multiplier: shown, lockAt, balance: micros(0) };
  }

  #lock(lock: BetLock, at: number): Settlement {
    if ('voidReason' in lock) return this.#refund(lock.betId, lock.voidReason, at);
    return this.#put({
      ...present(this.#bets.get(lock.betId), 'bet'),
      status: 'locked',
      locked: lock.multiplier,
      lockedRevision: lock.revision,
    });
  }

  #close(closing: BetClosing): Settlement {
    if (closing.outcome === 'void') return this.#refund(closing.betId, closing.voidReason, closing.closedAt);
    const bet = present(this.#bets.get(closing.betId), 'bet');
    this.#taken.delete(`${bet.accountId} ${cellId(bet.cell)}`);
    const payout =
      closing.outcome === 'won' && bet.locked !== null ? payoutOf(bet.stake, bet.locked) : micros(0);
    return this.#put({
      ...bet,
      status: closing.outcome,
      payout,
      closedAt: closing.closedAt,
      closedTick: closing.tickSeq,
    });
  }

  #refund(betId: string, voidReason: VoidReason, closedAt: number): Settlement {
    const bet = present(this.#bets.get(betId), 'bet');
    this.#taken.delete(`${bet.accountId} ${cellId(bet.cell)}`);
    return this.#put({ ...bet, status: 'void', payout: bet.stake, voidReason, closedAt });
  }

  #put(bet: Bet): Settlement {
    this.#bets.set(bet.id, bet);
    return {
      betId: bet.id,
      status: bet.status as Settlement['status'],
      multiplier: bet.locked,
      payout: bet.payout,
      voidReason: bet.voidReason,
      balance: micros(0),
    };
  }
}

/** Index of the first item at or after `at`; items are in order of time. */
const firstFrom = (items: readonly { readonly at: number }[], at: number): number =>
  firstNotBefore(items, (item) => item.at < at);
