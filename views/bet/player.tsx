import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import type { PathPoint } from '../../server/game/path.ts';
import { formatDistance, formatPrice } from '../../server/game/price.ts';
import { VOID_REASONS } from '../../server/game/rejection.ts';
import { bandRange } from '../amount.ts';
import { clockSecond, clockTime } from '../clock.ts';
import { Moment } from '../moment.tsx';
import { PathPicture } from './path.tsx';
import { PICTURE, planPath, type PathPlan } from './path-plan.ts';
import { publicVoidReason } from './public-words.ts';
import { outcomeText } from './result.tsx';

export interface PlayerProps {
  readonly bet: Bet;
  readonly ticks: readonly PathPoint[];
  /** The longest time without a tick that is no gap for the bet. */
  readonly maxGapMs: number;
  /** Whether it is watched by the trader whose bet it is. */
  readonly own: boolean;
}

/**
 * The path of a bet through its window, as a picture that can be played again: without a script it is the
 * whole picture. `static/bet/player.js` moves it, by what stands in its attributes: times from the beginning
 * of the picture, ms, and of each tick time, price, height in the picture, and 1 where a line leads to it.
 */
export function Player({ bet, ticks, maxGapMs, own }: PlayerProps): JSX.Element {
  const plan = planPath(bet, ticks, maxGapMs);
  const { from, to, until, points, touch, miss } = plan;
  const { startMs, windowMs, low, high } = bet.cell;
  const last = points.at(-1);
  if (points.length < 2 || last === undefined)
    return <p class="quiet">No prices were recorded in this window, so there is no path to show.</p>;
  return (
    <figure
      class={['player', bet.status]}
      data-player="true"
      data-from={String(from)}
      data-span={String(until - from)}
      data-reach={String(to - from)}
      data-opens={String(startMs - from)}
      data-closes={String(startMs + windowMs - from)}
      data-turn={String((touch?.at ?? miss?.tick.at ?? until) - from)}
      data-low={String(low)}
      data-high={String(high)}
      data-left={String(PICTURE.left)}
      data-points={points
        .map(
          ({ tick, y, joined }) =>
            `${Math.max(0, tick.at - from)} ${tick.price} ${y.toFixed(1)} ${joined ? 1 : 0}`,
        )
        .join(' ')}
    >
      <div class="reading">
        <b data-price="true" safe>
          {formatPrice((touch?.tick ?? miss?.tick ?? last.tick).price)}
        </b>
        <small data-away="true" safe>
          {awayText(plan)}
        </small>
        <span data-clock="true">
          <Moment at={touch?.at ?? miss?.tick.at ?? last.tick.at} as="tenth" bare />
        </span>
      </div>
      <PathPicture bet={bet} plan={plan} words={wordsOf(bet, plan)} />
      <div class="controls">
        <button type="button" class="button small" data-play="true">
          Watch it again
        </button>
        <input
          type="range"
          min="0"
          max={String(until - from)}
          step="1"
          value={String(until - from)}
          aria-label="Time in the window"
        />
        <button type="button" class="button plain small" data-speed="1" aria-label="Speed: 1×">
          1×
        </button>
      </div>
      <p class="end" role="status" data-end={endText(bet, plan, own)}></p>
    </figure>
  );
}

/** What the price was from the band at the moment that counts. */
function awayText({ touch, miss }: PathPlan): string {
  if (touch) return 'touched';
  return miss
    ? `$${formatDistance(miss.missedBy)} ${miss.tick.price < miss.end ? 'below' : 'above'} the band`
    : '';
}

/** What is said when it has been played to its end. */
function endText(bet: Bet, plan: PathPlan, own: boolean): string {
  const result = bet.status === 'won' || bet.status === 'lost' ? ` ${outcomeText(bet)}` : '';
  switch (bet.status) {
    case 'won':
      return `Won: the price touched the band.${result}`;
    case 'lost':
      return plan.miss ? `Missed by $${formatDistance(plan.miss.missedBy)}.${result}` : `Lost.${result}`;
    case 'void':
      return own
        ? `${VOID_REASONS[bet.voidReason ?? 'gap']} Your stake came back.`
        : `${publicVoidReason(bet.voidReason ?? 'gap')} The stake came back.`;
    default:
      return 'Not decided yet.';
  }
}

/** The picture in words, in UTC as no script writes an attribute. */
function wordsOf(bet: Bet, { touch, miss, points }: PathPlan): string {
  const { startMs, windowMs } = bet.cell;
  const inside = points.filter(({ tick }) => tick.at >= startMs && tick.at < startMs + windowMs);
  const prices = inside.map(({ tick }) => tick.price);
  const range =
    prices.length === 0
      ? 'No price was recorded'
      : `The price moved between ${formatPrice(min(prices))} and ${formatPrice(max(prices))}`;
  const outcome = touch
    ? ` It touched the band at ${clockTime(touch.at)} UTC.`
    : miss
      ? ` It came nearest at ${clockTime(miss.tick.at)} UTC and missed by $${formatDistance(miss.missedBy)}.`
      : '';
  return (
    `Price path from ${clockSecond(startMs)} to ${clockSecond(startMs + windowMs)} UTC, band ` +
    `${bandRange(bet.cell)}. ${range} in the window.${outcome}`
  );
}

const min = <T extends number>(values: readonly T[]): T =>
  values.reduce((one, other) => (other < one ? other : one));
const max = <T extends number>(values: readonly T[]): T =>
  values.reduce((one, other) => (other > one ? other : one));
