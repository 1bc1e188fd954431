import type { BucketReturn } from './returns.ts';

/** Bars of one group: what was quoted, and what came back with the lock on or off. */
export interface Series {
  readonly name: string;
  /** Names a colour of the page's style. */
  readonly tone: 'quoted' | 'on' | 'off';
  readonly buckets: readonly Pick<BucketReturn, 'label' | 'realised' | 'interval' | 'bets'>[];
}

const WIDTH = 720;
const HEIGHT = 260;
const LEFT = 44;
const BOTTOM = 34;
const TOP = 12;
/** A bar is never drawn higher than this return; its figure stands in the table. */
const RETURN_MAX = 2.5;

/**
 * Bars side by side per multiplier bucket, whiskers for the intervals, a line at 1 where the trader breaks
 * even. SVG text, styled by class.
 */
export function returnsChart(title: string, series: readonly Series[]): string {
  const labels = series[0]?.buckets.map(({ label }) => label) ?? [];
  const highest = Math.max(
    1.25,
    ...series.flatMap(({ buckets }) =>
      buckets.map(({ realised, interval }) => interval?.[1] ?? realised ?? 0),
    ),
  );
  const top = Math.min(RETURN_MAX, Math.ceil(highest * 4) / 4);
  const y = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - Math.min(value, top) / top);
  const group = (WIDTH - LEFT) / Math.max(1, labels.length);
  const bar = (group * 0.72) / Math.max(1, series.length);
  const parts: string[] = [];
  for (let tick = 0; tick <= top + 1e-9; tick += 0.25) {
    if (Math.round(tick * 4) % 2 === 0)
      parts.push(
        `<text class="axis" x="${LEFT - 8}" y="${round(y(tick) + 4)}" ` +
          `text-anchor="end">${tick.toFixed(1)}</text>`,
      );
    parts.push(
      `<line class="${tick === 1 ? 'even' : 'rule'}" x1="${LEFT}" x2="${WIDTH}" y1="${round(y(tick))}" ` +
        `y2="${round(y(tick))}"/>`,
    );
  }
  labels.forEach((label, bucket) => {
    const middle = LEFT + group * (bucket + 0.5);
    parts.push(
      `<text class="axis" x="${round(middle)}" y="${HEIGHT - 12}" ` +
        `text-anchor="middle">${escaped(label)}×</text>`,
    );
    series.forEach((one, index) =>
      parts.push(barOf(one, bucket, middle + bar * (index - series.length / 2), bar, y)),
    );
  });
  return (
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" ` +
    `aria-label="${escaped(title)}">${parts.join('')}</svg>`
  );
}

function barOf(
  { name, tone, buckets }: Series,
  bucket: number,
  x: number,
  width: number,
  y: (value: number) => number,
): string {
  const { label, realised, interval, bets } = buckets[bucket]!;
  if (realised === null) return '';
  const centre = round(x + width / 2);
  const words =
    `${name}, ${label}×: ` +
    `${realised.toFixed(3)}${interval ? ` (${interval[0].toFixed(3)}–${interval[1].toFixed(3)})` : ''}, ` +
    `${bets} bets`;
  const whisker =
    interval === null
      ? ''
      : `<path class="whisker" d="M${centre} ` +
        `${round(y(interval[0]))}V${round(y(interval[1]))}M${round(x + width * 0.3)} ` +
        `${round(y(interval[0]))}h${round(width * 0.4)}M${round(x + width * 0.3)} ` +
        `${round(y(interval[1]))}h${round(width * 0.4)}"/>`;
  return (
    `<g><title>${escaped(words)}</title><rect class="${tone}" x="${round(x + 1)}" ` +
    `y="${round(y(realised))}" width="${round(width - 2)}" ` +
    `height="${round(y(0) - y(realised))}"/>${whisker}</g>`
  );
}

const round = (value: number): number => Math.round(value * 10) / 10;

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
