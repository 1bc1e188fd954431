import { Html } from '@elysiajs/html';
import type { LatencyPoint } from '../../server/ports/operations.ts';

const WIDTH = 400;
const HEIGHT = 130;
const SCALE = 52;
const MS_MIN = 0.5;
const MS_MAX = 2_000;
const MARKS = [1, 10, 100, 1000] as const;
const LINES = ['p50', 'p95', 'p99'] as const;
const POINTS = 61;
/** Minutes ago that are named below the picture. */
const TIMES = [60, 40, 20] as const;
const BAR_HEIGHT = 30;

export interface LatencyProps {
  readonly title: string;
  /** What is counted, such as `orders`. */
  readonly what: string;
  readonly empty: string;
  readonly points: readonly LatencyPoint[];
}

/**
 * How long something took over the last hour, minute by minute, on a scale of powers of ten; the bars are how
 * often it happened.
 */
export function LatencyCard({ title, what, empty, points }: LatencyProps): JSX.Element {
  const busy = points.filter(({ count }) => count > 0);
  const last = busy.at(-1);
  const most = Math.max(1, ...points.map(({ count }) => count));
  const total = points.reduce((sum, { count }) => sum + count, 0);
  return (
    <section class="card latency">
      <h2 safe>{title}</h2>
      <svg
        class="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT + 18}`}
        role="img"
        aria-label={
          last === undefined
            ? empty
            : `last minute: half within ${ms(last.p50)}, 95 % within ${ms(last.p95)}, 99 % within ` +
              `${ms(last.p99)}`
        }
      >
        {MARKS.map((mark) => (
          <line class="grid-line" x1={String(SCALE)} x2={String(WIDTH)} y1={y(mark)} y2={y(mark)} />
        ))}
        {MARKS.map((mark) => (
          <text class="axis" x={String(SCALE - 6)} y={y(mark)} dy="3.5" text-anchor="end" safe>
            {ms(mark)}
          </text>
        ))}
        {TIMES.map((minutes) => (
          <text
            class="axis"
            x={x(POINTS - 1 - minutes, POINTS)}
            y={String(HEIGHT + 14)}
            text-anchor={minutes === TIMES[0] ? 'start' : 'middle'}
            safe
          >
            {minutes === TIMES[0] ? `−${minutes} min` : `−${minutes}`}
          </text>
        ))}
        <text class="axis" x={String(WIDTH)} y={String(HEIGHT + 14)} text-anchor="end">
          now
        </text>
        {points.map((point, index) => (
          <rect
            class="taps"
            x={x(index, points.length)}
            y={(HEIGHT - (point.count / most) * BAR_HEIGHT).toFixed(1)}
            width={((WIDTH - SCALE) / POINTS - 1).toFixed(1)}
            height={((point.count / most) * BAR_HEIGHT).toFixed(1)}
          />
        ))}
        {LINES.map((line) => (
          <polyline
            class={line}
            points={points
              .map((point, index) =>
                point.count > 0 ? `${x(index, points.length, 0.5)},${y(point[line])}` : '',
              )
              .join(' ')
              .trim()}
          />
        ))}
        {LINES.map((line) =>
          last === undefined ? (
            ''
          ) : (
            <circle
              class={line}
              cx={x(points.lastIndexOf(last), points.length, 0.5)}
              cy={y(last[line])}
              r="3"
            />
          ),
        )}
        {last === undefined && (
          <text
            class="axis empty"
            x={String((WIDTH + SCALE) / 2)}
            y={String(HEIGHT / 2)}
            text-anchor="middle"
            safe
          >
            {empty}
          </text>
        )}
      </svg>
      <p class="quiet legend">
        <i class="key p50"></i> <span safe>{`half ${last ? ms(last.p50) : '–'}`}</span>{' '}
        <i class="key p95"></i> <span safe>{`95 % ${last ? ms(last.p95) : '–'}`}</span>{' '}
        <i class="key p99"></i> <span safe>{`99 % ${last ? ms(last.p99) : '–'}`}</span>{' '}
        <i class="key taps"></i> <span safe>{`${total} ${what}`}</span>
      </p>
    </section>
  );
}

/** The newest minute is at the right edge. @param part of the way through it */
const x = (index: number, count: number, part = 0): string =>
  (SCALE + ((POINTS - count + index + part) / POINTS) * (WIDTH - SCALE)).toFixed(1);
const y = (value: number): string =>
  (
    HEIGHT -
    (Math.log(Math.min(MS_MAX, Math.max(MS_MIN, value)) / MS_MIN) / Math.log(MS_MAX / MS_MIN)) * (HEIGHT - 6)
  ).toFixed(1);
const ms = (value: number): string =>
  value >= 1000
    ? `${Number((value / 1000).toFixed(1))} s`
    : `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ms`;
