import type { Bet } from '../../server/game/bet.ts';
import { formatMultiplier } from '../../server/game/money.ts';
import type { PathPoint } from '../../server/game/path.ts';
import { formatPrice, type Cents } from '../../server/game/price.ts';
import { VOID_REASONS } from '../../server/game/rejection.ts';
import { bandText } from '../amount.ts';
import { clockSecond, clockTime } from '../clock.ts';

/** Why the bet ended so, in one or two sentences for its owner, from the ticks of its window. */
export function reasonSentence(bet: Bet, ticks: readonly PathPoint[]): string {
  switch (bet.status) {
    case 'won':
      return wonSentence(bet, ticks);
    case 'lost':
      return lostSentence(bet, ticks);
    case 'void':
      return `${VOID_REASONS[bet.voidReason ?? 'gap']} Your stake came back.`;
    case 'placed':
      return `Placed at about ${formatMultiplier(bet.shown)}×; it is locked in a moment.`;
    case 'locked':
      return `Locked at ${formatMultiplier(bet.locked ?? bet.shown)}×. The window opens at ${clockSecond(bet.cell.startMs)} UTC.`;
  }
}

function wonSentence(bet: Bet, ticks: readonly PathPoint[]): string {
  const index = ticks.findIndex((tick) => tick.seq === bet.closedTick);
  const tick = ticks[index];
  if (!tick) return `The price touched ${bandText(bet.cell)} in its window.`;
  if (tick.at < bet.cell.startMs || (bet.rule >= 2 && tick.at === bet.cell.startMs)) return `When the window opened, the price of ${formatPrice(tick.price)} already lay in the band ${bandText(bet.cell)}.`;
  const before = ticks[index - 1];
  const move = before ? `went from ${formatPrice(before.price)} to ${formatPrice(tick.price)}` : `was ${formatPrice(tick.price)}`;
  return `At ${clockTime(tick.at)} the price ${move} and so touched the band ${bandText(bet.cell)}.`;
}

function lostSentence(bet: Bet, ticks: readonly PathPoint[]): string {
  const { startMs, windowMs, low, high } = bet.cell;
  const inside = ticks.filter((tick) => tick.at >= startMs && tick.at < startMs + windowMs).map((tick) => tick.price);
  if (inside.length === 0) return `The price did not touch ${bandText(bet.cell)} in its window.`;
  const highest = Math.max(...inside) as Cents;
  const lowest = Math.min(...inside) as Cents;
  const near = highest < low ? `its highest was ${formatPrice(highest)}, ${formatPrice((low - highest) as Cents)} below the band` : `its lowest was ${formatPrice(lowest)}, ${formatPrice((lowest - high) as Cents)} above the band`;
  return `The price did not touch ${bandText(bet.cell)} between ${clockSecond(startMs)} and ${clockSecond(startMs + windowMs)}: ${near}.`;
}
