import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import type { PathPoint } from '../../server/game/path.ts';
import { bandEnd } from '../amount.ts';
import { CARD_COLOURS } from './share-colours.ts';

const { panel, line, edge, text, amber, win } = CARD_COLOURS;
const LEFT = 600;
const TOP = 64;
const WIDTH = 536;
const HEIGHT = 450;
/** The frame shows the window, so much of the time before it and so much after it, in windows. */
const BEFORE = 1;
const AFTER = 0.12;
/** Of the height, what the band takes at least and at most: one much smaller could not be seen. */
const BAND_SHARE_MIN = 0.14;
const BAND_SHARE_MAX = 0.34;
const RAYS = 18;
/** The path is drawn through so many points at most. */
const POINTS_MAX = 400;

/** The price on its way into the band, with everything that the board shows at a win. */
export function CardPicture({ bet, ticks }: { bet: Bet; ticks: readonly PathPoint[] }): JSX.Element {
  const { startMs, windowMs, low, high } = bet.cell;
  const hitAt = Math.max(bet.closedAt ?? startMs, startMs);
  const from = startMs - BEFORE * windowMs;
  const span = (BEFORE + 1 + AFTER) * windowMs;
  const path = thinned(ticks.filter(({ at }) => at >= from && at <= hitAt));
  const scale = scaleOf(bet, path);
  const x = (at: number): number => LEFT + ((at - from) / span) * WIDTH;
  const y = (price: number): number => TOP + HEIGHT / 2 - (price - scale.middle) * scale.pixels;
  const points = path.map(({ at, price }) => `${fixed(x(at))} ${fixed(y(price))}`);
  const last = path.at(-1);
  const hit = { x: x(hitAt), y: y(Math.min(high, Math.max(low, last?.price ?? low))) };
  const rows = rowsAround(low, high - low, scale.shown);
  return (
    <>
      <defs>
        <clipPath id="frame">
          <rect x={String(LEFT)} y={String(TOP)} width={String(WIDTH)} height={String(HEIGHT)} rx="20" />
        </clipPath>
        <radialGradient id="glow" gradientUnits="userSpaceOnUse" cx={fixed(hit.x)} cy={fixed(hit.y)} r="210">
          <stop offset="0" stop-color={win} stop-opacity="0.5" />
          <stop offset="1" stop-color={win} stop-opacity="0" />
        </radialGradient>
      </defs>
      <g clip-path="url(#frame)">
        <rect x={String(LEFT)} y={String(TOP)} width={String(WIDTH)} height={String(HEIGHT)} fill={panel} />
        <path
          d={rows.map((price) => `M${LEFT} ${fixed(y(price))}h${WIDTH}`).join('')}
          stroke={line}
          stroke-width="2"
        />
        <path
          d={[startMs - windowMs / 2, startMs, startMs + windowMs / 2, startMs + windowMs]
            .map((at) => `M${fixed(x(at))} ${TOP}v${HEIGHT}`)
            .join('')}
          stroke={line}
          stroke-width="2"
        />
        <rect
          x={String(LEFT)}
          y={String(TOP)}
          width={String(WIDTH)}
          height={String(HEIGHT)}
          fill="url(#glow)"
        />
        <rect
          x={fixed(x(startMs) + 4)}
          y={fixed(y(high) + 4)}
          width={fixed(x(startMs + windowMs) - x(startMs) - 8)}
          height={fixed(Math.max(8, y(low) - y(high) - 8))}
          rx="14"
          fill={win}
          fill-opacity="0.24"
          stroke={win}
          stroke-width="4"
        />
        <path d={raysAround(hit)} stroke={win} stroke-width="5" stroke-linecap="round" stroke-opacity="0.8" />
        {points.length > 1 && (
          <>
            <path
              d={`M${points.join('L')}L${fixed(hit.x)} ${fixed(hit.y)}`}
              {...strokeOf(amber, '18', '0.16')}
            />
            <path d={`M${points.join('L')}L${fixed(hit.x)} ${fixed(hit.y)}`} {...strokeOf(amber, '6', '1')} />
          </>
        )}
        <circle cx={fixed(hit.x)} cy={fixed(hit.y)} r="24" fill={win} fill-opacity="0.35" />
        <circle cx={fixed(hit.x)} cy={fixed(hit.y)} r="12" fill="#fff" />
        <Price at={high} x={x(startMs + windowMs) - 20} y={y(high) + 32} />
        <Price at={low} x={x(startMs + windowMs) - 20} y={y(low) - 16} />
      </g>
      <rect
        x={String(LEFT)}
        y={String(TOP)}
        width={String(WIDTH)}
        height={String(HEIGHT)}
        rx="20"
        fill="none"
        stroke={edge}
        stroke-width="2"
      />
    </>
  );
}

const strokeOf = (stroke: string, width: string, opacity: string) => ({
  fill: 'none',
  stroke,
  'stroke-width': width,
  'stroke-opacity': opacity,
  'stroke-linejoin': 'round',
  'stroke-linecap': 'round',
});

const Price = ({ at, x, y }: { at: number; x: number; y: number }): JSX.Element => (
  <text x={fixed(x)} y={fixed(y)} font-size="20" font-weight="600" fill={text} text-anchor="end" safe>
    {bandEnd(at)}
  </text>
);

/**
 * The band as near to the middle as the path allows, and never so small or so large that it tells nothing: a
 * path that goes further leaves the frame.
 */
function scaleOf({ cell: { low, high } }: Bet, path: readonly PathPoint[]) {
  const prices = [low, high, ...path.map(({ price }) => price)];
  const [least, most] = [Math.min(...prices), Math.max(...prices)];
  const share = Math.min(BAND_SHARE_MAX, Math.max(BAND_SHARE_MIN, (0.84 * (high - low)) / (most - least)));
  const shown = (high - low) / share;
  const band = (low + high) / 2;
  const room = shown * (0.5 - share / 2 - 0.08);
  const middle = Math.min(band + room, Math.max(band - room, (least + most) / 2));
  return { middle, shown, pixels: HEIGHT / shown };
}

/** The ends of the rows in sight. */
function rowsAround(low: number, row: number, shown: number): readonly number[] {
  const each = Math.ceil(shown / row) + 1;
  return Array.from({ length: 2 * each + 1 }, (_, i) => low + (i - each) * row);
}

function raysAround({ x, y }: { x: number; y: number }): string {
  return Array.from({ length: RAYS }, (_, i) => {
    const angle = (i / RAYS) * 2 * Math.PI;
    const [near, far] = [38, i % 2 === 0 ? 96 : 70];
    const at = (r: number): string => `${fixed(x + r * Math.cos(angle))} ${fixed(y + r * Math.sin(angle))}`;
    return `M${at(near)}L${at(far)}`;
  }).join('');
}

function thinned(path: readonly PathPoint[]): readonly PathPoint[] {
  const step = Math.ceil(path.length / POINTS_MAX);
  return step <= 1 ? path : path.filter((_, i) => i % step === 0 || i === path.length - 1);
}

const fixed = (value: number): string => value.toFixed(1);
