/** Bounds of the buckets by locked multiplier, hundredths; the last is above every multiplier. */
export const BUCKET_EDGES = [105, 200, 500, 1000, 2501] as const;

/** The bucket that a multiplier falls into, `2-5`; null below and above all. */
export function bucketOf(multiplier: number): string | null {
  const above = BUCKET_EDGES.findIndex((edge) => multiplier < edge);
  return above < 1 ? null : bucketName(BUCKET_EDGES[above - 1]!, BUCKET_EDGES[above]!);
}

export const bucketName = (from: number, to: number): string => `${from / 100}-${to / 100}`;

export interface QuotedTerms {
  readonly edge: number;
  readonly margin: number;
}

/**
 * Multiplier × probability of a cell sold at `multiplier` (hundredths) without haircut: from M = 1 / ((1 +
 * edge)·P + margin), M·P = (1 − margin·M) / (1 + edge). Before rounding.
 */
export const quotedReturn = (multiplier: number, { edge, margin }: QuotedTerms): number =>
  (1 - (margin * multiplier) / 100) / (1 + edge);

/**
 * How far a sum of fair chances may have strayed upwards: over all the time that it is looked at, as often as
 * one likes, it passes this bound with a probability of about `alpha` at most. `variance` is that of its
 * steps so far, `tightest` (of the same unit) is the variance at which the bound is sharpest.
 *
 *     √( 2·(V + ρ)·ln( √((V + ρ) / ρ) / (2α) + 1 ) )
 *
 * The one-sided normal mixture of Robbins in the closed form of Howard, Ramdas, McAuliffe and Sekhon,
 * "Time-uniform, nonparametric, nonasymptotic confidence sequences", Annals of Statistics 49 (2021), equation
 * (14). Where the variance is estimated by the steps themselves it holds in the limit of many steps
 * (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic
 * confidence sequences", Annals of Statistics 52 (2024)).
 */
export const strayBound = (variance: number, alpha: number, tightest: number): number =>
  Math.sqrt(
    2 * (variance + tightest) * Math.log(Math.sqrt((variance + tightest) / tightest) / (2 * alpha) + 1),
  );
