import { Html } from '@elysiajs/html';
import { UNITS_PER_ROW, type Place } from './place.ts';

export type PricePoint = readonly [at: number, price: number];

const ROWS_SHOWN = 24;
/** The picture spans this many windows to the left of now. */
export const LINE_WINDOWS = 5;

/**
 * The price line of the first paint; a canvas takes over when scripts run. It crosses no gap in the ticks.
 * One unit of its box is 1 ms across and one place unit down.
 */
export function PriceLine({
  points,
  at,
  gapMs,
  place,
}: {
  points: readonly PricePoint[];
  at: number;
  gapMs: number;
  place: Place;
}): JSX.Element {
  const span = LINE_WINDOWS * place.windowMs;
  const height = ROWS_SHOWN * UNITS_PER_ROW;
  const unit = place.band / UNITS_PER_ROW;
  const path = points
    .filter(([when]) => when >= at - span)
    .map(
      ([when, price], i, shown) =>
        `${i && when - shown[i - 1]![0] <= gapMs ? 'L' : 'M'}${when - at + span} ` +
        `${((place.anchor - price) / unit + height / 2).toFixed(1)}`,
    )
    .join('');
  return (
    <svg class="line" viewBox={`0 0 ${span} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
