import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { isJoined, type PathPoint } from '../../server/game/path.ts';
import { bandEnd } from '../amount.ts';
import { clockSecond } from '../clock.ts';

const WIDTH = 640;
const HEIGHT = 240;
/** What is shown of the path before and after the window, in windows. */
const MARGIN_SHARE = 0.12;
const LEFT = 8;
const RIGHT = 76;
const TOP = 16;
const BOTTOM = 28;

/**
 * The recorded price through the window and the band: the whole reason why a bet ended as it did, in one
 * picture. A line is drawn where the rules draw one.
 * @param maxGapMs the longest time without a tick that is no gap for the bet
 */
export function PathPicture({
  bet,
  ticks,
  maxGapMs,
}: {
  bet: Bet;
  ticks: readonly PathPoint[];
  maxGapMs: number;
}): JSX.Element {
  const { startMs, windowMs, low, high } = bet.cell;
  const end = startMs + windowMs;
  const from = startMs - windowMs * MARGIN_SHARE;
  const to = end + windowMs * MARGIN_SHARE;
  const shown = ticks.filter((tick) => tick.at >= from && tick.at <= to);
  const prices = [low, high, ...shown.map((tick) => tick.price)];
  const pad = (Math.max(...prices) - Math.min(...prices)) * 0.08 + 1;
  const floor = Math.min(...prices) - pad;
  const ceiling = Math.max(...prices) + pad;
  const x = (at: number): number => LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (price: number): number =>
    TOP + ((ceiling - price) / (ceiling - floor)) * (HEIGHT - TOP - BOTTOM);
  const fixed = (value: number): string => value.toFixed(1);
  const decisive = bet.status === 'won' ? shown.find((tick) => tick.seq === bet.closedTick) : undefined;
  return (
    <svg
      class={['path', bet.status]}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label="Price path through the band"
    >
      <rect
        class="window"
        x={fixed(x(startMs))}
        y={String(TOP)}
        width={fixed(x(end) - x(startMs))}
        height={String(HEIGHT - TOP - BOTTOM)}
      />
      <rect
        class="band"
        x={fixed(x(startMs))}
        y={fixed(y(high))}
        width={fixed(x(end) - x(startMs))}
        height={fixed(Math.max(1, y(low) - y(high)))}
        rx="3"
      />
      <path
        class="price-path"
        d={stretches(shown, bet, maxGapMs)
          .map((part) =>
            part.map((tick, i) => `${i ? 'L' : 'M'}${fixed(x(tick.at))} ${fixed(y(tick.price))}`).join(''),
          )
          .join('')}
      />
      {decisive && (
        <circle
          class="halo"
          cx={fixed(x(Math.max(decisive.at, startMs)))}
          cy={fixed(y(decisive.price))}
          r="10"
        />
      )}
      {decisive && (
        <circle
          class="mark"
          cx={fixed(x(Math.max(decisive.at, startMs)))}
          cy={fixed(y(decisive.price))}
          r="4"
        />
      )}
      <text x={fixed(x(end) + 10)} y={fixed(y(high) + 4)} safe>
        {bandEnd(high)}
      </text>
      <text x={fixed(x(end) + 10)} y={fixed(Math.max(y(high) + 20, y(low) + 4))} safe>
        {bandEnd(low)}
      </text>
      <text
        x={fixed(x(startMs))}
        y={String(HEIGHT - 8)}
        data-as="second"
        data-at={new Date(startMs).toISOString()}
        safe
      >{`${clockSecond(startMs)} UTC`}</text>
      <text
        x={fixed(x(end))}
        y={String(HEIGHT - 8)}
        text-anchor="end"
        data-as="second"
        data-at={new Date(end).toISOString()}
        data-bare="true"
        safe
      >
        {clockSecond(end)}
      </text>
    </svg>
  );
}

/** Parts of the path that are drawn in one line. */
function stretches(
  ticks: readonly PathPoint[],
  { rule: version, cell }: Bet,
  maxGapMs: number,
): PathPoint[][] {
  const parts: PathPoint[][] = [];
  for (const tick of ticks) {
    const part = parts.at(-1);
    if (part && isJoined(part.at(-1)!, tick, { version, maxGapMs }, cell)) part.push(tick);
    else parts.push([tick]);
  }
  return parts;
}
