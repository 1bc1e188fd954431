/** What several rounds of one figure gave. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError for no values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted.at(0), sorted.at(-1)];
  const [below, above] = [sorted.at((sorted.length - 1) >> 1), sorted.at(sorted.length >> 1)];
  if (min === undefined || max === undefined || below === undefined || above === undefined)
    throw new RangeError('no rounds');
  return { median: (below + above) / 2, min, max };
}

/** The value below which `share` of the sorted values lie (nearest rank); 0 for none. */
export function quantile(sorted: Float64Array | readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
}

/** To so many significant digits, as a number: tables and JSON hold no digits that mean nothing. */
export const rounded = (value: number, digits = 4): number =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;

export const roundedSpread = ({ median, min, max }: Spread): Spread => ({
  median: rounded(median),
  min: rounded(min),
  max: rounded(max),
});

/**
 * What a value grows by per unit: the median of the slopes between all pairs of points (Theil and Sen), which
 * the collector's saw-teeth do not move as they do a line of least squares. 0 for fewer than two points.
 */
export function slopeOf(points: readonly (readonly [at: number, value: number])[]): number {
  const slopes = points.flatMap(([at, value], index) =>
    points
      .slice(index + 1)
      .flatMap(([later, other]) => (later === at ? [] : [(other - value) / (later - at)])),
  );
  return slopes.length === 0 ? 0 : spreadOf(slopes).median;
}
