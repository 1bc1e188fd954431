import type { Micros } from '../../server/game/money.ts';
import { cellId, cellOfRow } from '../../server/game/grid.ts';
import { isOpen } from '../../server/game/bet.ts';
import type { Books } from '../../server/ports/books.ts';
import { accepted, type ApiTrader, type Grid } from './api-trader.ts';

const TAP_EVERY_MS = 250;
/** So many columns that can still be tapped: bets on them are decided soon. */
const NEAR_COLUMNS = 3;

/** What traders did until it was over. */
export interface Played {
  /** How long each look at the board and tap took, ms, in order of length. */
  readonly took: readonly number[];
  /** Acknowledged bets. */
  readonly bets: readonly string[];
  /** Taps without any answer. */
  readonly unanswered: number;
}

/** Each taps near cells, four times a second as long as it takes no longer, until it is over. */
export async function play(traders: readonly ApiTrader[], isOver: () => boolean): Promise<Played> {
  const [took, bets]: [number[], string[]] = [[], []];
  let unanswered = 0;
  await Promise.all(
    traders.map(async (trader, index) => {
      // Not all of them at the same moment.
      await Bun.sleep((index * TAP_EVERY_MS) / traders.length);
      while (!isOver()) {
        const at = performance.now();
        try {
          bets.push(...(await tapNear(trader)));
          took.push(performance.now() - at);
        } catch {
          unanswered += 1;
        }
        await Bun.sleep(Math.max(10, TAP_EVERY_MS - (performance.now() - at)));
      }
    }),
  );
  return { took: took.sort((a, b) => a - b), bets, unanswered };
}

async function tapNear(trader: ApiTrader): Promise<string[]> {
  const grid = await trader.grid();
  const offers = offersOf(grid);
  if (offers.length === 0) return [];
  const { cell, multiplier } = offers[Math.floor(Math.random() * offers.length)]!;
  const tap = { cell, multiplier, stake: grid.stakes[0] as Micros, revision: grid.revision };
  return accepted((await trader.order([tap])).answer);
}

const offersOf = (grid: Grid) =>
  grid.columns
    .filter(({ locked, multipliers }) => !locked && multipliers.some((multiplier) => multiplier !== null))
    .slice(0, NEAR_COLUMNS)
    .flatMap((column) =>
      column.multipliers.flatMap((multiplier, row) =>
        multiplier === null ? [] : [{ cell: cellId(cellOfRow(column, row, grid.windowMs)), multiplier }],
      ),
    );

/** What the ledger has of acknowledged bets. */
export interface Fate {
  readonly lost: number;
  readonly open: number;
  /** Refunded because ticks were missing. */
  readonly gaps: number;
}

export function fateOf(books: Books, ids: readonly string[]): Fate {
  const bets = ids.map((id) => books.bet(id));
  const count = (holds: (bet: (typeof bets)[number]) => boolean): number => bets.filter(holds).length;
  return {
    lost: count((bet) => bet === null),
    open: count((bet) => bet !== null && isOpen(bet)),
    gaps: count((bet) => bet?.voidReason === 'gap'),
  };
}
