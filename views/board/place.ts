import type { Board } from '../../server/ports/events.ts';
import { ROWS_IN_SIGHT, rowsFor, shareSold } from '../../static/board/rows.js';

/**
 * Where things stand on the board before any script runs. The first paint may carry no inline style, so
 * places are classes over a small ladder: a unit is one twentieth of the usual row, which every 1-2-2.5-5
 * band is a whole number of. With scripts the same properties are set exactly.
 */
export interface Place {
  readonly windowMs: number;
  /** Start of the column at index 0. */
  readonly origin: number;
  /** Price in the vertical middle, cents: the middle of a row. */
  readonly anchor: number;
  /** Usual band height, cents: one row on the screen. */
  readonly band: number;
}

export const UNITS_PER_ROW = 20;
const ROWS_EACH_WAY = 24;
export const PAST_COLUMNS = 6;
const COLUMNS_MAX = 40;
const COLUMNS_OF_A_PHONE = 5;
const BAND_UNITS = [4, 5, 8, 10, 16, 20, 25, 40, 50, 100] as const;

export function placeOf(board: Board): Place {
  const bands = board.columns.map((column) => column.band).sort((a, b) => a - b);
  const band = bands[bands.length >> 1]!;
  // The middle of the row that the price is in, so that rows meet the edges of the board.
  return {
    windowMs: board.windowMs,
    origin: board.columns[0]!.start,
    anchor: (Math.floor(board.tick.price / band) + 0.5) * band,
    band,
  };
}

/** Classes of a column whose top edge is at `top` cents. */
export const columnPlace = (place: Place, start: number, top: number, band: number): string =>
  `i${(start - place.origin) / place.windowMs + PAST_COLUMNS} ${topPlace(place, top)} ` +
  `b${Math.round((band / place.band) * UNITS_PER_ROW)}`;

/** Classes that put an edge at a price: whole rows from the middle, then units. */
export function topPlace(place: Place, top: number): string {
  const units =
    Math.round(((place.anchor - top) / place.band) * UNITS_PER_ROW) + ROWS_EACH_WAY * UNITS_PER_ROW;
  const clamped = Math.max(0, Math.min(units, 2 * ROWS_EACH_WAY * UNITS_PER_ROW));
  return `Y${Math.floor(clamped / UNITS_PER_ROW)} y${clamped % UNITS_PER_ROW}`;
}

/** Class for how much of the current window is over, in twentieths. */
export const elapsedPlace = (place: Place, at: number): string =>
  `e${Math.max(0, Math.min(20, Math.round(((at - place.origin) / place.windowMs) * 20)))}`;

/**
 * Class for the most rows that the window shows, an odd number: of those in sight at least three in four
 * cells shall be for sale, so that a house that sells little yet has taller rows instead of holes. None where
 * all rows may be seen, or nothing is for sale at all.
 */
export function rowsPlace({ columns }: Pick<Board, 'columns'>, { anchor, band }: Place): string {
  const near = columns.filter(({ locked }) => !locked).slice(0, COLUMNS_OF_A_PHONE);
  const sold = near.flatMap((column) =>
    column.multipliers.flatMap((multiplier, row) => {
      const middle = column.low + (row + 0.5) * column.band;
      return multiplier === null ? [] : [{ away: (middle - anchor) / band, height: column.band / band }];
    }),
  );
  if (sold.length === 0) return '';
  const most = rowsFor((rows) => shareSold(sold, near.length, rows));
  return most === ROWS_IN_SIGHT[0] ? '' : `most${most}`;
}

/** Percent that the size of the board may have, and its steps. */
const ZOOM = { min: 75, max: 210, step: 5 } as const;

/** The size that a trader chose last, in percent, as the page's module has kept it; else 100. */
export function zoomOf(kept: string | null): number {
  const zoom = Number(kept);
  return zoom >= ZOOM.min && zoom <= ZOOM.max && zoom % ZOOM.step === 0 ? zoom : 100;
}

/** Class of a board of that size. */
export const zoomClass = (zoom: number): string => (zoom === 100 ? '' : `z${zoom}`);

/** The style sheet of the classes above. */
export function placeCss(): string {
  const rules: string[] = [];
  for (let i = 0; i < COLUMNS_MAX; i++) rules.push(`.i${i}{--i:${i - PAST_COLUMNS}}`);
  for (let row = 0; row <= 2 * ROWS_EACH_WAY; row++)
    rules.push(`.Y${row}{--Y:${(row - ROWS_EACH_WAY) * UNITS_PER_ROW}}`);
  for (let unit = 0; unit < UNITS_PER_ROW; unit++) rules.push(`.y${unit}{--y:${unit}}`);
  for (const units of BAND_UNITS) rules.push(`.b${units}{--b:${units}}`);
  for (let zoom: number = ZOOM.min; zoom <= ZOOM.max; zoom += ZOOM.step)
    rules.push(`.z${zoom}{--zoom:${zoom / 100}}`);
  for (let part = 0; part <= 20; part++) rules.push(`.e${part}{--e:${part / 20}}`);
  return rules.join('');
}
