/** A bar of a chart: what it is of, its length, and whether it is a reference. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly reference: boolean;
}

/** A line over the minutes of a run; a dashed one is a reference. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [minute: number, value: number])[];
  readonly dashed?: boolean;
}

export const pair = (name: string, ours: number, reference: number, nameOfReference = 'reference'): Bar[] => [
  { name, value: ours, reference: false },
  { name: `${name}, ${nameOfReference}`, value: reference, reference: true },
];

const [BAR_HEIGHT, WIDTH, VALUE_WIDTH] = [24, 900, 70] as const;
/** Of a character of a name, on average. */
const CHARACTER_WIDTH = 7;
const NAME_WIDTH_MAX = 400;
/** Values that lie further apart than this are drawn by their logarithms. */
const LINEAR_SPAN_MAX = 200;

/**
 * Bars from one scale; where the values are of different orders the scale is logarithmic, and the chart says
 * so.
 */
export function barChart(title: string, bars: readonly Bar[]): string {
  const shown = bars.filter(({ value }) => Number.isFinite(value));
  if (shown.length === 0) return '';
  const values = shown.map(({ value }) => value).filter((value) => value > 0);
  const [least, most] = [Math.min(...values, Infinity), Math.max(...values, Number.MIN_VALUE)];
  const nameWidth = Math.min(
    NAME_WIDTH_MAX,
    20 + CHARACTER_WIDTH * Math.max(...shown.map(({ name }) => name.length)),
  );
  const lengthMax = WIDTH - nameWidth - VALUE_WIDTH;
  const logarithmic = most / least > LINEAR_SPAN_MAX;
  const lengthOf = (value: number): number =>
    (value <= 0
      ? 0
      : logarithmic
        ? (Math.log(value / least) + 1) / (Math.log(most / least) + 1)
        : value / most) * lengthMax;
  const drawn = shown.map(({ name, value, reference }, row) => {
    const [y, length] = [row * BAR_HEIGHT, Math.max(1, lengthOf(value))];
    return (
      `<text x="0" y="${y + 16}">${escaped(name)}</text><rect ` +
      `class="${reference ? 'reference' : 'ours'}" x="${nameWidth}" y="${y + 3}" ` +
      `width="${length.toFixed(1)}" height="${BAR_HEIGHT - 8}" rx="2"/>` +
      `<text x="${(nameWidth + length + 8).toFixed(1)}" y="${y + 16}">${numeral(value)}</text>`
    );
  });
  return figure(
    `${title}${logarithmic ? ' (logarithmic scale)' : ''}`,
    shown.length * BAR_HEIGHT,
    drawn.join(''),
  );
}

const [LINES_HEIGHT, LEFT, RIGHT, BOTTOM, TOP] = [280, 56, 24, 28, 10] as const;
const GRID_LINES = 4;
const TICKS_MAX = 8;

/** Lines over time from zero up; what came before `settledFrom` minutes is shaded. */
export function lineChart(title: string, unit: string, lines: readonly Line[], settledFrom: number): string {
  const all = lines.flatMap(({ points }) => points).filter(([, value]) => Number.isFinite(value));
  if (all.length < 2) return '';
  const [last, most] = [
    Math.max(...all.map(([minute]) => minute)),
    niceAbove(Math.max(...all.map(([, value]) => value))),
  ];
  const x = (minute: number): number => LEFT + (minute / last) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number => TOP + (1 - value / most) * (LINES_HEIGHT - BOTTOM - TOP);
  const grid = Array.from({ length: GRID_LINES + 1 }, (_, step) => {
    const value = (most * step) / GRID_LINES;
    return (
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value).toFixed(1)}" ` +
      `y2="${y(value).toFixed(1)}"/><text class="tick" text-anchor="end" x="${LEFT - 8}" ` +
      `y="${(y(value) + 4).toFixed(1)}">${numeral(value)}</text>`
    );
  });
  const apart = niceAbove(last / TICKS_MAX);
  const minutes = Array.from({ length: Math.floor(last / apart) + 1 }, (_, step) => step * apart).map(
    (minute) =>
      `<text class="tick" text-anchor="middle" x="${x(minute).toFixed(1)}" ` +
      `y="${LINES_HEIGHT - 8}">${numeral(minute)} min</text>`,
  );
  const pointOf = ([minute, value]: readonly [number, number]): string =>
    `${x(minute).toFixed(1)},${y(value).toFixed(1)}`;
  const drawn = lines.map(
    ({ points, dashed }, index) =>
      `<polyline class="line line${index}${dashed ? ' dashed' : ''}" ` +
      `points="${points.map(pointOf).join(' ')}"/>`,
  );
  const shade =
    `<rect class="shade" x="${LEFT}" y="${TOP}" ` +
    `width="${(x(Math.min(settledFrom, last)) - LEFT).toFixed(1)}" ` +
    `height="${LINES_HEIGHT - BOTTOM - TOP}"/>`;
  const legend = lines
    .map(({ name }, index) => `<span class="key key${index}">${escaped(name)}</span>`)
    .join(' ');
  const shaded = settledFrom > 0 ? ' <span>shaded: warm-up, left out of the slope</span>' : '';
  return (
    `${figure(`${title}, ${unit}`, LINES_HEIGHT, [shade, ...grid, ...minutes, ...drawn].join(''))}\n<p ` +
    `class="legend">${legend}${shaded}</p>`
  );
}

const figure = (title: string, height: number, drawing: string): string =>
  `<h2>${escaped(title)}</h2>\n<svg viewBox="0 0 ${WIDTH} ${height}" role="img" ` +
  `aria-label="${escaped(title)}">${drawing}</svg>`;

/** The next round number. */
function niceAbove(value: number): number {
  const scale = 10 ** Math.floor(Math.log10(Math.max(value, Number.MIN_VALUE)));
  return ([1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10].find((step) => step * scale >= value) ?? 10) * scale;
}

const numeral = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(3)));

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
