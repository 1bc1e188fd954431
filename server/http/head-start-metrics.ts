import type { HeadStartFigures, Spread, VenueHeadStart } from '../ports/head-start.ts';

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

const MS = 0.001;
const QUANTILES = [
  ['p50', '0.5'],
  ['p90', '0.9'],
  ['p99', '0.99'],
] as const;

/** Nothing without figures; of percentiles those that are known. */
export function samplesOfHeadStarts(figures: HeadStartFigures | undefined) {
  const venues = figures?.venues ?? [];
  const byVenue = (of: (venue: VenueHeadStart) => Spread): Sample[] =>
    venues.flatMap((one) => quantiles(of(one), { venue: one.venue }));
  const known = (ms: number | null | undefined): Sample[] =>
    ms === null || ms === undefined ? [] : [[{}, ms * MS]];
  return {
    tapgrid_hold_seconds: known(figures?.holdMs),
    tapgrid_hold_proposed_seconds: known(figures?.proposedHoldMs),
    tapgrid_head_starts: figures === undefined ? [] : ([[{}, figures.headStarts]] satisfies Sample[]),
    tapgrid_head_start_seconds: figures === undefined ? [] : quantiles(figures.ahead, {}),
    tapgrid_venue_head_starts: venues.map(({ venue, first }): Sample => [{ venue }, first]),
    tapgrid_venue_behind_seconds: byVenue(({ behind }) => behind),
    tapgrid_venue_tick_age_seconds: byVenue(({ age }) => age),
    tapgrid_venue_delay_seconds: byVenue(({ delay }) => delay),
  };
}

const quantiles = (spread: Spread, labels: Sample[0]): Sample[] =>
  QUANTILES.flatMap(([percentile, quantile]): Sample[] =>
    spread[percentile] === null ? [] : [[{ ...labels, quantile }, spread[percentile] * MS]],
  );
