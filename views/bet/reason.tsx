import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { formatMultiplier } from '../../server/game/money.ts';
import type { PathPoint } from '../../server/game/path.ts';
import { cents, formatDistance, formatPrice } from '../../server/game/price.ts';
import { VOID_REASONS } from '../../server/game/rejection.ts';
import { bandText } from '../amount.ts';
import { Moment } from '../moment.tsx';
import { publicVoidReason } from './public-words.ts';

/**
 * Why the bet ended so, in one or two sentences for its owner, or for others, from the ticks of its window.
 */
export function ReasonSentence({
  bet,
  ticks,
  own,
}: {
  bet: Bet;
  ticks: readonly PathPoint[];
  own: boolean;
}): JSX.Element {
  switch (bet.status) {
    case 'won':
      return wonSentence(bet, ticks);
    case 'lost':
      return lostSentence(bet, ticks);
    case 'void':
      return (
        <span safe>
          {own
            ? `${VOID_REASONS[bet.voidReason ?? 'gap']} Your stake came back.`
            : `${publicVoidReason(bet.voidReason ?? 'gap')} The stake came back.`}
        </span>
      );
    case 'placed':
      return <span safe>{`Placed at about ${formatMultiplier(bet.shown)}×. It locks in a moment.`}</span>;
    case 'locked':
      return (
        <>
          <span safe>{`Locked at ${formatMultiplier(bet.locked ?? bet.shown)}×. `}</span>
          The window opens at <Moment at={bet.cell.startMs} as="second" />.
        </>
      );
  }
}

function wonSentence(bet: Bet, ticks: readonly PathPoint[]): JSX.Element {
  const index = ticks.findIndex((tick) => tick.seq === bet.closedTick);
  const tick = ticks[index];
  if (!tick) return <span safe>{`The price touched ${bandText(bet.cell)} in its window.`}</span>;
  if (tick.at < bet.cell.startMs || (bet.rule >= 2 && tick.at === bet.cell.startMs))
    return (
      <span safe>
        {`When the window opened, the price of ${formatPrice(tick.price)} was already in the band ` +
          `${bandText(bet.cell)}.`}
      </span>
    );
  const before = ticks[index - 1];
  const move = before
    ? `went from ${formatPrice(before.price)} to ${formatPrice(tick.price)}`
    : `was ${formatPrice(tick.price)}`;
  return (
    <>
      At <Moment at={tick.at} as="tenth" />{' '}
      <span safe>{`the price ${move} and touched the band ${bandText(bet.cell)}.`}</span>
    </>
  );
}

function lostSentence(bet: Bet, ticks: readonly PathPoint[]): JSX.Element {
  const { startMs, windowMs, low, high } = bet.cell;
  const inside = ticks
    .filter((tick) => tick.at >= startMs && tick.at < startMs + windowMs)
    .map((tick) => tick.price);
  if (inside.length === 0)
    return <span safe>{`The price did not touch ${bandText(bet.cell)} in its window.`}</span>;
  const highest = cents(Math.max(...inside));
  const lowest = cents(Math.min(...inside));
  const near =
    highest < low
      ? `its highest was ${formatPrice(highest)}, ${formatDistance(low - highest)} below the band`
      : `its lowest was ${formatPrice(lowest)}, ${formatDistance(lowest - high)} above the band`;
  return (
    <>
      <span safe>{`The price did not touch ${bandText(bet.cell)} between`}</span>{' '}
      <Moment at={startMs} as="second" bare /> and <Moment at={startMs + windowMs} as="second" />
      <span safe>{`: ${near}.`}</span>
    </>
  );
}
