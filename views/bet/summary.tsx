import { Html } from '@elysiajs/html';
import { nearestApproach } from '../../server/game/approach.ts';
import { isOpen, type Bet } from '../../server/game/bet.ts';
import { formatDollars, formatMultiplier, type Currency, type Micros } from '../../server/game/money.ts';
import type { PathPoint } from '../../server/game/path.ts';
import { formatDistance, formatPrice } from '../../server/game/price.ts';
import { VOID_REASONS } from '../../server/game/rejection.ts';
import { bandRange, stakeText } from '../amount.ts';
import { Moment } from '../moment.tsx';
import { publicVoidReason } from './public-words.ts';

export interface SummaryProps {
  readonly bet: Bet;
  /** Those of its window, and any before and after. */
  readonly ticks: readonly PathPoint[];
  /** Whether it is read by the trader whose bet it is. */
  readonly own: boolean;
}

/** The whole bet in one sentence or two: what was bet, what the price did, and what was paid. */
export function Summary(props: SummaryProps): JSX.Element {
  const { bet, own } = props;
  const { startMs, windowMs } = bet.cell;
  return (
    <>
      <span safe>
        {`${own ? 'You' : 'A trader'} bet ${moneyText(bet.stake, bet.currency)} that BTC would touch ` +
          `${bandRange(bet.cell)} between`}
      </span>{' '}
      <Moment at={startMs} as="second" bare /> and <Moment at={startMs + windowMs} as="second" bare />.{' '}
      <span class="ending">
        <Ending {...props} />
      </span>
    </>
  );
}

/** How it ended, or what it waits for. */
function Ending({ bet, ticks, own }: SummaryProps): JSX.Element {
  if (isOpen(bet)) return <Waiting bet={bet} />;
  if (bet.status === 'won') return <Won bet={bet} ticks={ticks} own={own} />;
  if (bet.status === 'lost') return <Lost bet={bet} ticks={ticks} own={own} />;
  const reason = bet.voidReason ?? 'gap';
  return (
    <span safe>
      {own
        ? `${VOID_REASONS[reason]} Your stake came back.`
        : `${publicVoidReason(reason)} The stake came back.`}
    </span>
  );
}

function Waiting({ bet }: { bet: Bet }): JSX.Element {
  const multiplier = formatMultiplier(bet.locked ?? bet.shown);
  return (
    <span safe>
      {bet.status === 'placed'
        ? `It was placed at about ${multiplier}× and locks in a moment.`
        : `It is locked at ${multiplier}× and not decided yet.`}
    </span>
  );
}

function Won({ bet, ticks, own }: SummaryProps): JSX.Element {
  const got = `so ${own ? 'you' : 'they'} got ${formatDollars(bet.payout)}.`;
  const tick = ticks.find(({ seq }) => seq === bet.closedTick);
  if (tick === undefined) return <span safe>{`It did, ${got}`}</span>;
  if (isAtOpening(bet, tick))
    return <span safe>{`It was there when the window opened, at ${formatPrice(tick.price)}, ${got}`}</span>;
  return (
    <>
      It did, at <Moment at={tick.at} as="tenth" bare />, <span safe>{got}</span>
    </>
  );
}

/**
 * Whether the price at the opening won it; before rule 2 a tick at the opening itself was one of the window.
 */
export const isAtOpening = ({ cell, rule }: Bet, tick: PathPoint): boolean =>
  tick.at < cell.startMs || (rule >= 2 && tick.at === cell.startMs);

function Lost({ bet, ticks, own }: SummaryProps): JSX.Element {
  const lost = `so ${own ? 'your' : 'the'} stake was lost.`;
  const nearest = nearestApproach(bet.cell, ticks);
  if (nearest === null) return <span safe>{`It did not, ${lost}`}</span>;
  const { missedBy, tick } = nearest;
  return (
    <>
      <span safe>
        {`It did not: it missed by $${formatDistance(missedBy)} (${formatPrice(tick.price)} at `}
      </span>
      <Moment at={tick.at} as="tenth" bare />
      <span safe>{`), ${lost}`}</span>
    </>
  );
}

/** `$10`, or `$10 of play money`. */
const moneyText = (amount: Micros, currency: Currency): string =>
  currency === 'PLAY' ? `${stakeText(amount)} of play money` : stakeText(amount);
