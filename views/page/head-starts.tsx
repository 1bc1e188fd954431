import { Html } from '@elysiajs/html';
import type { HeadStartFigures, Spread, VenueHeadStart } from '../../server/ports/head-start.ts';
import { span } from '../clock.ts';

/** How far single exchanges run ahead of the price, and what follows from it for the hold. */
export function HeadStarts({ figures }: { readonly figures: HeadStartFigures }): JSX.Element {
  const { state, venues } = figures;
  return (
    <section class="card" id="head-starts">
      <h2>Exchanges ahead of our price</h2>
      <p class="quiet" safe>
        {state === 'not-needed'
          ? 'Prices are simulated or recorded now. They come from one source, so no exchange can be ahead ' +
            'of them.'
          : 'Our price is the median of several exchanges, so one of them can be ahead of it. Anyone who ' +
            'watches that exchange could bet on what has already happened. That is why a bet is locked ' +
            'only after a hold, at the multiplier of that moment. How long it must be is measured here.'}
      </p>
      {state !== 'not-needed' && (
        <>
          <p safe>{state === 'measuring' ? stillMeasuring(figures) : whatWasMeasured(figures)}</p>
          <table class="table">
            <thead>
              <tr>
                <th>Exchange</th>
                <th class="right">Moved first</th>
                <th class="right">Follows within</th>
                <th class="right">99 %</th>
                <th class="right wide">Age of its price</th>
              </tr>
            </thead>
            <tbody>
              {venues.map((venue) => (
                <VenueRow venue={venue} />
              ))}
            </tbody>
          </table>
          <p class="quiet">
            How often each exchange moved first, and within what time it follows the others otherwise: in half
            of the moves, and in 99 %. The age is that of its newest price when ours is made, half the time.
          </p>
        </>
      )}
    </section>
  );
}

function VenueRow({ venue: { venue, first, behind, age } }: { readonly venue: VenueHeadStart }): JSX.Element {
  return (
    <tr>
      <td safe>{venue}</td>
      <td class="right" safe>
        {String(first)}
      </td>
      <td class="right" safe>
        {known(behind, 'p50')}
      </td>
      <td class="right" safe>
        {known(behind, 'p99')}
      </td>
      <td class="right wide" safe>
        {known(age, 'p50')}
      </td>
    </tr>
  );
}

function stillMeasuring({ headStarts, needed, remainingMs }: HeadStartFigures): string {
  const wait = remainingMs === null ? '' : ` At the pace so far that takes about ${span(remainingMs)}.`;
  return (
    `Not measured yet: ${headStarts} of ${needed} moves. Real money is accepted once it has been measured; ` +
    `play money is accepted now.${wait}`
  );
}

function whatWasMeasured({ holdMs, proposedHoldMs, headStarts, ahead }: HeadStartFigures): string {
  const measured =
    `In 99 of 100 moves our price follows the fastest exchange within ${seconds(ahead.p99)}, in half of ` +
    `them within ${seconds(ahead.p50)} (${headStarts} moves). With a tenth of a second to spare, the hold ` +
    `should be at least ${seconds(proposedHoldMs)}. `;
  const isShort = proposedHoldMs !== null && holdMs < proposedHoldMs;
  return `${measured}It is ${isShort ? 'shorter, ' : ''}${seconds(holdMs)}.`;
}

const known = (spread: Spread, percentile: 'p50' | 'p99'): string =>
  spread[percentile] === null ? '–' : `${spread[percentile]}\u00a0ms`;

const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1000).toFixed(2)}\u00a0s`);
