import { Html } from '@elysiajs/html';
import type { Currency } from '../../server/game/money.ts';
import type { BucketReturn } from '../../server/ports/books.ts';
import type { HouseCounters } from '../../server/ports/house.ts';
import { publicRefusal, publicVoidReason } from '../bet/public-words.ts';
import type { HeadStartFigures } from '../../server/ports/head-start.ts';
import { betsText } from '../amount.ts';
import { AllCells, type AllCellsProps } from './all-cells.tsx';
import { HeadStarts } from './head-starts.tsx';

export interface FairnessProps {
  readonly currency: Currency;
  readonly buckets: readonly BucketReturn[];
  readonly cells: AllCellsProps;
  readonly headStarts: HeadStartFigures;
  readonly voids: Readonly<Record<string, number>>;
  readonly counters: HouseCounters;
  /** What a multiplier in hundredths promises: its mean return. */
  readonly promised: (hundredths: number) => number;
}

export function FairnessPage({
  currency,
  buckets,
  cells,
  headStarts,
  voids,
  counters,
  promised,
}: FairnessProps): JSX.Element {
  const bets = buckets.reduce((sum, bucket) => sum + bucket.bets, 0);
  return (
    <main id="main" class="page">
      <header class="title">
        <h1>Fairness</h1>
        <nav class="segments" aria-label="Which money">
          <a href="/fairness" aria-current={currency === 'PLAY' ? 'page' : undefined}>
            Play money
          </a>
          <a href="/fairness?currency=USD" aria-current={currency === 'USD' ? 'page' : undefined}>
            Real money
          </a>
        </nav>
      </header>
      <p class="lead">What traders got back, compared with what the odds promise.</p>
      <section class="card">
        <h2>Return to traders by multiplier</h2>
        {bets === 0 ? (
          <p class="quiet">No closed bets yet. The bars appear with the first results.</p>
        ) : (
          <BucketBars buckets={buckets} promised={promised} />
        )}
      </section>
      <AllCells {...cells} />
      <HeadStarts figures={headStarts} />
      <div class="columns">
        <section class="card">
          <h2>Taps since the server started</h2>
          <dl class="facts">
            <dt>Accepted</dt>
            <dd safe>{String(counters.accepted)}</dd>
            <dt>Median response time</dt>
            <dd safe>{ms(counters.latency.p50)}</dd>
            <dt>95 % within</dt>
            <dd safe>{ms(counters.latency.p95)}</dd>
            <dt>99 % within</dt>
            <dd safe>{ms(counters.latency.p99)}</dd>
          </dl>
        </section>
        <section class="card">
          <h2>Refused, by reason</h2>
          <Counts
            counts={counters.refusals as Record<string, number>}
            name={publicRefusal}
            empty="No taps were refused."
          />
        </section>
        <section class="card">
          <h2>Stakes refunded, by reason</h2>
          <Counts counts={voids} name={publicVoidReason} empty="No stakes were refunded." />
        </section>
      </div>
      <p class="quiet">
        Each bet’s receipt shows how to recompute its multiplier; the figures here add up all bets.{' '}
        <a href="/api/v1/fairness">As JSON</a>
      </p>
    </main>
  );
}

/** A bar for each range of multipliers: what came back, how sure that is, and what the odds promise. */
export function BucketBars({
  buckets,
  promised,
}: {
  buckets: readonly BucketReturn[];
  promised: FairnessProps['promised'];
}): JSX.Element {
  return (
    <div class="bars">
      {buckets.map((bucket) => (
        <BucketBar bucket={bucket} promised={promised(middleOf(bucket))} />
      ))}
      <p class="quiet legend">
        <i class="key realised"></i> returned <i class="key spread"></i> 95 % confidence{' '}
        <i class="key quoted"></i> promised
      </p>
      <p class="quiet">
        Promised is what such multipliers return on average at the margins of now, in ordinary times. A burst
        or news widens the edge, so bets placed then promised less.
      </p>
    </div>
  );
}

/** 100 % of the stake is at two thirds of the picture's width. */
const SCALE_MAX = 1.5;
const WIDTH = 600;

function BucketBar({ bucket, promised }: { bucket: BucketReturn; promised: number }): JSX.Element {
  const { mean, halfWidth } = realised(bucket);
  const x = (share: number): string =>
    ((Math.max(0, Math.min(share, SCALE_MAX)) / SCALE_MAX) * WIDTH).toFixed(1);
  const percent = (share: number): string => `${(share * 100).toFixed(1)}\u00a0%`;
  const said = `${percent(mean)} returned, ${percent(promised)} promised in ordinary times`;
  return (
    <div class="bar-row">
      <span safe>{rangeText(bucket)}</span>
      <svg
        viewBox={`0 0 ${WIDTH} 20`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${rangeText(bucket)}: ${said}`}
      >
        <rect class="track" x="0" y="0" width={String(WIDTH)} height="20" />
        {bucket.bets > 0 && <rect class="realised" x="0" y="4" width={x(mean)} height="12" />}
        {bucket.bets > 1 && (
          <rect
            class="spread"
            x={x(mean - halfWidth)}
            y="8.5"
            width={(Number(x(mean + halfWidth)) - Number(x(mean - halfWidth))).toFixed(1)}
            height="3"
          />
        )}
        <rect class="quoted" x={x(promised)} y="0" width="3" height="20" />
      </svg>
      <span class="right money" safe>
        {bucket.bets > 0 ? percent(mean) : '–'}
      </span>
      <small class="right" safe>
        {bucket.bets === 0 ? 'none' : betsText(bucket.bets)}
      </small>
    </div>
  );
}

/** Mean return per bet and 1.96 standard errors of it. */
export function realised({
  bets,
  returns,
  returnSquares,
}: Pick<BucketReturn, 'bets' | 'returns' | 'returnSquares'>): { mean: number; halfWidth: number } {
  if (bets === 0) return { mean: 0, halfWidth: 0 };
  const mean = returns / bets;
  const variance = bets > 1 ? Math.max(0, (returnSquares - bets * mean * mean) / (bets - 1)) : 0;
  return { mean, halfWidth: 1.96 * Math.sqrt(variance / bets) };
}

function Counts({
  counts,
  name,
  empty,
}: {
  counts: Readonly<Record<string, number>>;
  name: (key: string) => string;
  empty: string;
}): JSX.Element {
  const entries = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a);
  if (entries.length === 0)
    return (
      <p class="quiet" safe>
        {empty}
      </p>
    );
  return (
    <dl class="facts">
      {entries.map(([key, count]) => (
        <>
          <dt safe>{name(key)}</dt>
          <dd safe>{String(count)}</dd>
        </>
      ))}
    </dl>
  );
}

const middleOf = ({ from, to }: BucketReturn): number => Math.sqrt(from * Math.min(to, 2500));
const rangeText = ({ from, to }: BucketReturn): string =>
  to >= 100_000 ? `${from / 100}× and more` : `${from / 100}–${Math.floor(to / 10) / 10}×`;
const ms = (value: number): string =>
  value > 0 ? `${value < 10 ? value.toFixed(1) : Math.round(value)} ms` : '–';
