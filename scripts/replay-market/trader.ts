import { cellId, cellOfRow, isLocked, type Cell } from '../../server/game/grid.ts';
import type { Multiplier } from '../../server/game/money.ts';
import { quote } from '../../server/game/odds.ts';
import type { Cents } from '../../server/game/price.ts';
import type { Tap } from '../../server/game/tap.ts';
import { BURST_FAST_SLOW } from '../../server/game/learned/sale.ts';
import type { Board } from '../../server/ports/events.ts';
import type { Chance } from './chance.ts';

/** A trader as the command names him; `leadMs` is how far ahead of the oracle a sniper sees the price. */
export interface TraderSpec {
  readonly name: string;
  readonly kind: 'random' | 'momentum' | 'contrarian' | 'burst' | 'near' | 'far' | 'sniper';
  readonly leadMs: number;
}

export const TRADER_SHAPE =
  'random, momentum, contrarian, burst, near, far and sniper:<seconds ahead, 0.1 to 10>, separated by commas';

/** @returns null for a name that is none. */
export function readTraderSpec(name: string): TraderSpec | null {
  const match = /^(?:(random|momentum|contrarian|burst|near|far)|sniper:(\d{1,2}(?:\.\d{1,2})?))$/.exec(name);
  if (match === null) return null;
  if (match[1] !== undefined) return { name, kind: match[1] as TraderSpec['kind'], leadMs: 0 };
  const leadMs = Math.round(Number(match[2]) * 1000);
  return leadMs >= 100 && leadMs <= 10_000 ? { name, kind: 'sniper', leadMs } : null;
}

/** What a trader goes by at the moment of a look. */
export interface Sight {
  readonly at: number;
  readonly board: Board;
  /** Volatility of the last seconds over the estimate. */
  readonly fastSlow: number;
  /** The tape at any time; only a sniper asks for what is to come. Null inside a gap. */
  priceAt(at: number): Cents | null;
}

export type Choice = Pick<Tap, 'cell' | 'multiplier' | 'revision'>;

/** A cell that is for sale, at the multiplier that the board shows. */
interface Offer {
  readonly cell: Cell;
  readonly multiplier: Multiplier;
}

/** Time over which the two trend followers measure the move. */
const MOVE_MS = 2_000;
/** A sniper takes one of so many best cells, so that not all his bets are one cell. */
const SNIPER_CELLS = 8;

/** What pays so much, in hundredths, is far. */
export const FAR_HUNDREDTHS = 500;

/** What the trader taps now; null when nothing on the board is for him. */
export function choose(trader: TraderSpec, sight: Sight, chance: Chance): Choice | null {
  const offers = offersOf(sight);
  const wanted = wantedOf(trader, offers, sight);
  if (wanted.length === 0) return null;
  const { cell, multiplier } = chance.pick(wanted);
  return { cell: cellId(cell), multiplier, revision: sight.board.revision.revision };
}

function wantedOf(trader: TraderSpec, offers: readonly Offer[], sight: Sight): readonly Offer[] {
  const spot = sight.board.tick.price;
  switch (trader.kind) {
    case 'random':
      return offers;
    case 'burst':
      return sight.fastSlow > BURST_FAST_SLOW ? offers : [];
    case 'near':
      return offers.filter(({ cell }) => cell.low <= spot && cell.high >= spot);
    case 'far':
      return offers.filter(({ multiplier }) => multiplier >= FAR_HUNDREDTHS);
    case 'sniper':
      return mispriced(offers, sight, trader.leadMs);
    case 'momentum':
    case 'contrarian':
      return onOneSide(offers, sight, trader.kind === 'momentum' ? 1 : -1);
  }
}

function offersOf({ at, board }: Sight): Offer[] {
  const offers: Offer[] = [];
  for (const { start, band, low, multipliers } of board.columns) {
    if (isLocked(start, at, board.windowMs)) continue;
    multipliers.forEach((multiplier, row) => {
      if (multiplier !== null)
        offers.push({ cell: cellOfRow({ start, band, low }, row, board.windowMs), multiplier });
    });
  }
  return offers;
}

/**
 * Cells wholly beyond the price in the direction of its last move, or against it; none while it stood still.
 */
function onOneSide(
  offers: readonly Offer[],
  { at, board, priceAt }: Sight,
  follow: 1 | -1,
): readonly Offer[] {
  const spot = board.tick.price;
  const before = priceAt(at - MOVE_MS);
  if (before === null || before === spot) return [];
  const upwards = (spot > before ? 1 : -1) * follow > 0;
  return offers.filter(({ cell }) => (upwards ? cell.low > spot : cell.high < spot));
}

/**
 * The cells that pay most over what they will be worth at the price to come, by the house's own model; only
 * those worth more than the stake.
 */
function mispriced(
  offers: readonly Offer[],
  { at, board, priceAt }: Sight,
  leadMs: number,
): readonly Offer[] {
  const spot = priceAt(at + leadMs);
  if (spot === null) return [];
  const inputs = { ...board.revision.inputs, spot };
  const worth = offers.flatMap((offer) => {
    const untilOpening = offer.cell.startMs - at - leadMs;
    if (untilOpening < 0) return [];
    const { probability } = quote(inputs, offer.cell.low, offer.cell.high, untilOpening, offer.cell.windowMs);
    const share = (probability * offer.multiplier) / 100;
    return share > 1 ? [{ offer, share }] : [];
  });
  return worth
    .sort((a, b) => b.share - a.share)
    .slice(0, SNIPER_CELLS)
    .map(({ offer }) => offer);
}
