import { cellId } from '../game/grid.ts';
import type { BetUpdate } from '../ports/events.ts';
import type { AnsweredOrder } from '../ports/house.ts';
import type { Log } from '../ports/log.ts';

/** Takes lines as they are: only the fields that are named below ever reach it. */
export interface LineWriter extends Pick<Log, 'info'> {
  /** False where such lines are not written: then none is put together. */
  isLevelEnabled?(level: 'info'): boolean;
}

/** Orders or bets of one line at most. */
export const ROWS_PER_LINE_MAX = 100;

/**
 * What a dispute needs: every order with what became of each of its taps, and every change of a bet. What
 * happens in one turn of the event loop shares a line, so that a flood of taps is no flood of lines.
 */
export class OrderLog {
  #orders: object[] = [];
  #bets: object[] = [];
  #planned = false;
  readonly #written: boolean;

  constructor(
    private readonly lines: LineWriter,
    private readonly soon: (work: () => void) => void = (work) => void setImmediate(work),
  ) {
    this.#written = lines.isLevelEnabled?.('info') ?? true;
  }

  answered({ requestId, accountId, sessionId, order, answer, ms }: AnsweredOrder): void {
    if (!this.#written) return;
    const { nonce, deadline, taps } = order;
    const outcome = 'code' in answer ? { code: answer.code } : { replayed: answer.replayed };
    const results = taps.map(({ cell, stake, multiplier, revision }, index) => {
      const result = 'code' in answer ? undefined : answer.results[index];
      return {
        cell,
        stake,
        multiplier,
        revision,
        ...(result?.status === 'accepted'
          ? { betId: result.betId, balance: result.balance }
          : { refused: result?.code }),
      };
    });
    this.#orders.push({
      requestId,
      accountId,
      sessionId,
      nonce,
      deadline,
      ms: Math.round(ms * 10) / 10,
      ...outcome,
      taps: results,
    });
    this.#plan();
  }

  /** Placed bets stand in the line of their order. */
  changed(updates: readonly BetUpdate[]): void {
    if (!this.#written) return;
    for (const { bet, balance } of updates) {
      if (bet.status === 'placed') continue;
      const { id: betId, accountId, status, locked, lockedRevision, payout, closedTick, voidReason } = bet;
      this.#bets.push({
        betId,
        accountId,
        cell: cellId(bet.cell),
        status,
        locked,
        lockedRevision,
        payout,
        closedTick,
        voidReason,
        balance,
      });
    }
    this.#plan();
  }

  /** Writes what waits; call it at the end, too. */
  flush(): void {
    this.#planned = false;
    const [orders, bets] = [this.#orders, this.#bets];
    [this.#orders, this.#bets] = [[], []];
    for (let from = 0; from < orders.length; from += ROWS_PER_LINE_MAX)
      this.lines.info({ orders: orders.slice(from, from + ROWS_PER_LINE_MAX) }, 'orders were answered');
    for (let from = 0; from < bets.length; from += ROWS_PER_LINE_MAX)
      this.lines.info({ bets: bets.slice(from, from + ROWS_PER_LINE_MAX) }, 'bets were settled');
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    this.soon(() => this.flush());
  }
}
