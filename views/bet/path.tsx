import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { formatDistance } from '../../server/game/price.ts';
import { bandEnd } from '../amount.ts';
import { clockSecond } from '../clock.ts';
import { PICTURE, type PathPlan, type PlannedPoint } from './path-plan.ts';

const { width: WIDTH, height: HEIGHT, left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM } = PICTURE;
/** Two labels of prices closer than that would lie on each other. */
const LABEL_HEIGHT = 20;

/**
 * The recorded price through the window and the band: the whole reason why a bet ended as it did, in one
 * picture. A line is drawn where the rules draw one, and what was missed is measured out.
 * @param words what it shows, for those who do not see it
 */
export function PathPicture({ bet, plan, words }: { bet: Bet; plan: PathPlan; words: string }): JSX.Element {
  const { startMs, windowMs, low, high } = bet.cell;
  const { points, touch, xOf, yOf } = plan;
  const [opens, ends] = [xOf(startMs), xOf(startMs + windowMs)];
  const seen = `seen-${bet.id}`;
  return (
    <svg class={['path', bet.status]} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words}>
      <clipPath id={seen}>
        <rect x={String(LEFT)} y="0" width={String(WIDTH - LEFT - RIGHT)} height={String(HEIGHT)} />
      </clipPath>
      <rect
        class="window"
        x={fixed(opens)}
        y={String(TOP)}
        width={fixed(ends - opens)}
        height={String(HEIGHT - TOP - BOTTOM)}
      />
      <rect
        class="band"
        x={fixed(opens)}
        y={fixed(yOf(high))}
        width={fixed(ends - opens)}
        height={fixed(Math.max(1, yOf(low) - yOf(high)))}
        rx="3"
      />
      <path class="ground" d={ground(points)} clip-path={`url(#${seen})`} />
      <path class="price-path" d={lines(points)} clip-path={`url(#${seen})`} />
      <Miss bet={bet} plan={plan} />
      {touch && <circle class="halo" cx={fixed(touch.x)} cy={fixed(touch.y)} r="10" />}
      {touch && <circle class="touch" cx={fixed(touch.x)} cy={fixed(touch.y)} r="4" />}
      <circle class="head" r="4.5" cx="0" cy="0" />
      <text x={fixed(ends + 10)} y={fixed(yOf(high) + 4)} safe>
        {bandEnd(high)}
      </text>
      <text x={fixed(ends + 10)} y={fixed(Math.max(yOf(high) + LABEL_HEIGHT, yOf(low) + 4))} safe>
        {bandEnd(low)}
      </text>
      <Time at={startMs} x={opens} anchor="start" />
      <Time at={startMs + windowMs} x={ends} anchor="end" />
    </svg>
  );
}

function Time({ at, x, anchor }: { at: number; x: number; anchor: 'start' | 'end' }): JSX.Element {
  return (
    <text
      x={fixed(x)}
      y={String(HEIGHT - 8)}
      text-anchor={anchor}
      data-as="second"
      data-at={new Date(at).toISOString()}
      data-bare="true"
      safe
    >
      {clockSecond(at)}
    </text>
  );
}

/** A line from the price to the band, and how long it is. */
function Miss({ bet, plan }: { bet: Bet; plan: PathPlan }): JSX.Element {
  if (plan.miss === null) return <></>;
  const { x, y, endY, end, missedBy } = plan.miss;
  const { low, high } = bet.cell;
  const isLeft = x < WIDTH / 2;
  // Nothing of the path lies between the price and the band; where that is no room, beyond the band.
  const beyond = end === low ? plan.yOf(high) - 6 : plan.yOf(low) + LABEL_HEIGHT - 4;
  const middle = (y + endY) / 2 + 5;
  return (
    <g class="miss">
      <path d={`M${fixed(x)} ${fixed(y)}V${fixed(endY)}`} />
      <circle cx={fixed(x)} cy={fixed(y)} r="3.5" />
      <text
        x={fixed(isLeft ? x + 8 : x - 8)}
        y={fixed(Math.abs(y - endY) < LABEL_HEIGHT ? beyond : middle)}
        text-anchor={isLeft ? 'start' : 'end'}
        safe
      >
        {`missed by $${formatDistance(missedBy)}`}
      </text>
    </g>
  );
}

const lines = (points: readonly PlannedPoint[]): string =>
  points.map(({ x, y, joined }) => `${joined ? 'L' : 'M'}${fixed(x)} ${fixed(y)}`).join('');

/** What lies under the line, down to the ground of the picture. */
const ground = (points: readonly PlannedPoint[]): string =>
  points
    .map(({ x, y, joined }, i) => {
      const before = points[i - 1];
      const closed = before && !joined ? `V${HEIGHT - BOTTOM}Z` : '';
      return joined ? `L${fixed(x)} ${fixed(y)}` : `${closed}M${fixed(x)} ${HEIGHT - BOTTOM}V${fixed(y)}`;
    })
    .join('') + (points.length > 0 ? `V${HEIGHT - BOTTOM}Z` : '');

const fixed = (value: number): string => value.toFixed(1);
