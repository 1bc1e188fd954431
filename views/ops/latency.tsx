import { Html } from '@elysiajs/html';
import type { LatencyPoint } from '../../server/ports/operations.ts';

const WIDTH = 400;
const HEIGHT = 150;
const SCALE = 52;
const MS_MIN = 0.5;
const MS_MAX = 2_000;
const MARKS = [1, 10, 100, 1000] as const;
const LINES = ['p50', 'p95', 'p99'] as const;
const POINTS = 61;

/** Time from receipt of a tap to its acknowledgement over the last hour, minute by minute, on a scale of powers of ten; the bars are how many taps there were. */
export function LatencyCard({ points }: { points: readonly LatencyPoint[] }): JSX.Element {
  const busy = points.filter(({ taps }) => taps > 0);
  const last = busy.at(-1);
  const most = Math.max(1, ...points.map(({ taps }) => taps));
  return (
    <section class="card latency">
      <h2>Tap latency · last hour</h2>
      <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT + 4}`} role="img" aria-label={last === undefined ? 'no taps yet' : `newest minute: half within ${ms(last.p50)}, 95 of 100 within ${ms(last.p95)}, 99 within ${ms(last.p99)}`}>
        {MARKS.map((mark) => <line class="grid-line" x1={String(SCALE)} x2={String(WIDTH)} y1={y(mark)} y2={y(mark)} />)}
        {MARKS.map((mark) => <text class="axis" x={String(SCALE - 6)} y={y(mark)} dy="3.5" text-anchor="end" safe>{ms(mark)}</text>)}
        {points.map((point, index) => <rect class="taps" x={x(index, points.length)} y={(HEIGHT - (point.taps / most) * 36).toFixed(1)} width={((WIDTH - SCALE) / POINTS - 1).toFixed(1)} height={((point.taps / most) * 36).toFixed(1)} />)}
        {LINES.map((line) => <polyline class={line} points={points.map((point, index) => (point.taps > 0 ? `${x(index, points.length)},${y(point[line])}` : '')).join(' ').trim()} />)}
        {LINES.map((line) => (last === undefined ? <></> : <circle class={line} cx={x(points.lastIndexOf(last), points.length)} cy={y(last[line])} r="3" />))}
      </svg>
      <p class="quiet legend">
        <i class="key p50"></i> <span safe>{`half ${last ? ms(last.p50) : '–'}`}</span> <i class="key p95"></i> <span safe>{`95 % ${last ? ms(last.p95) : '–'}`}</span> <i class="key p99"></i>{' '}
        <span safe>{`99 % ${last ? ms(last.p99) : '–'}`}</span> <i class="key taps"></i> <span safe>{`${points.reduce((sum, { taps }) => sum + taps, 0)} orders`}</span>
      </p>
    </section>
  );
}

/** The newest minute is at the right edge. */
const x = (index: number, count: number): string => (SCALE + ((POINTS - count + index) / POINTS) * (WIDTH - SCALE)).toFixed(1);
const y = (value: number): string => (HEIGHT - (Math.log(Math.min(MS_MAX, Math.max(MS_MIN, value)) / MS_MIN) / Math.log(MS_MAX / MS_MIN)) * (HEIGHT - 6)).toFixed(1);
const ms = (value: number): string => (value >= 1000 ? `${value / 1000} s` : `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} ms`);
