import { cellId, type CellId } from '../../game/grid.ts';
import type { Bet } from '../../game/bet.ts';
import type { Want, WantedCell } from '../../ports/crowd.ts';

/**
 * Accounts with an open bet on a cell from which on it counts as wanted, and as more so. Under the first
 * nothing is shown: one trader's position, or that of two who know their own, is nobody's business. It is
 * accounts that count, not bets or stakes, so that nobody makes a cell look wanted by tapping it often.
 */
const WANTED_FROM: readonly (readonly [accounts: number, want: Want])[] = [
  [12, 3],
  [6, 2],
  [3, 1],
];
/** Cells that are shown, the most wanted first. */
const CELLS_SHOWN = 32;

interface Taken {
  readonly startMs: number;
  /** Open bets by account. */
  readonly accounts: Map<string, number>;
}

/** How many accounts have open bets on each cell. */
export class WantedCells {
  readonly #taken = new Map<CellId, Taken>();

  placed({ cell, accountId }: Pick<Bet, 'cell' | 'accountId'>): void {
    const id = cellId(cell);
    let taken = this.#taken.get(id);
    if (taken === undefined) this.#taken.set(id, (taken = { startMs: cell.startMs, accounts: new Map() }));
    taken.accounts.set(accountId, (taken.accounts.get(accountId) ?? 0) + 1);
  }

  closed({ cell, accountId }: Pick<Bet, 'cell' | 'accountId'>): void {
    const id = cellId(cell);
    const taken = this.#taken.get(id);
    const bets = taken?.accounts.get(accountId);
    if (taken === undefined || bets === undefined) return;
    if (bets > 1) taken.accounts.set(accountId, bets - 1);
    else taken.accounts.delete(accountId);
    if (taken.accounts.size === 0) this.#taken.delete(id);
  }

  /** Of windows that have not opened yet at `now`. */
  wanted(now: number): readonly WantedCell[] {
    const wanted: (WantedCell & { readonly accounts: number })[] = [];
    for (const [cell, { startMs, accounts }] of this.#taken) {
      const want = startMs > now ? wantOf(accounts.size) : null;
      if (want !== null) wanted.push({ cell, want, accounts: accounts.size });
    }
    return wanted
      .sort((a, b) => b.accounts - a.accounts)
      .slice(0, CELLS_SHOWN)
      .map(({ cell, want }) => ({ cell, want }));
  }
}

const wantOf = (accounts: number): Want | null => WANTED_FROM.find(([from]) => accounts >= from)?.[1] ?? null;
