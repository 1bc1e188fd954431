import { Html } from '@elysiajs/html';
import { formatPrice, type Cents } from '../../server/game/price.ts';
import type { Operations, VenueState } from '../../server/ports/operations.ts';

/** Basis points at both ends of the picture: what is further away is not taken into the median. */
const RANGE_BP = 50;
const WIDTH = 200;

/**
 * The exchanges side by side: who is alive, what it says, how old that is, and how far it is from the price
 * in use.
 */
export function VenuesCard({
  operations: { venues, price, quorum },
}: {
  operations: Operations;
}): JSX.Element {
  const alive = venues.filter((venue) => venue.alive).length;
  return (
    <section class="card">
      <h2 safe>{`Prices · ${alive} of ${venues.length} alive, ${quorum} needed`}</h2>
      {venues.length === 0 && <p class="quiet">No exchange has been contacted yet.</p>}
      <ul class="venues">
        {venues.map((venue) => (
          <Venue venue={venue} price={price} />
        ))}
      </ul>
    </section>
  );
}

function Venue({ venue, price }: { venue: VenueState; price: number | null }): JSX.Element {
  const { venue: name, alive, state, quoteAgeMs, note, counters } = venue;
  const apart = venue.price !== null && price !== null ? ((venue.price - price) / price) * 10_000 : null;
  const faults = Object.entries(counters).filter(([counter, count]) => counter !== 'frames' && count > 0);
  return (
    <li class={alive ? 'alive' : 'dead'}>
      <span class="name">
        <i class="lamp-dot"></i> <b safe>{name}</b>{' '}
        <small safe>{alive ? `${((quoteAgeMs ?? 0) / 1000).toFixed(1)} s old` : state}</small>
      </span>
      <span class="right money" safe>
        {venue.price === null ? '–' : formatPrice(venue.price as Cents)}
      </span>
      <svg
        viewBox={`0 0 ${WIDTH} 16`}
        preserveAspectRatio="none"
        role="img"
        aria-label={apart === null ? 'no price' : `${apart.toFixed(2)} basis points from the median`}
      >
        <rect class="track" x="0" y="6" width={String(WIDTH)} height="4" />
        <rect class="middle" x={String(WIDTH / 2 - 0.5)} y="1" width="1" height="14" />
        {apart !== null && <rect class="apart" x={place(apart)} y="2" width="5" height="12" />}
      </svg>
      <small class="right" safe>
        {apart === null ? '' : `${apart >= 0 ? '+' : '−'}${Math.abs(apart).toFixed(2)} bp`}
      </small>
      <small class="note" safe>
        {[
          `${counters['frames'] ?? 0} frames`,
          ...faults.map(([counter, count]) => `${count} ${counter}`),
          ...(note === null ? [] : [`last: ${note}`]),
        ].join(' · ')}
      </small>
    </li>
  );
}

/** Small distances stay distinguishable, large ones stay in the picture. */
const place = (apart: number): string => {
  const part = Math.sign(apart) * Math.sqrt(Math.min(1, Math.abs(apart) / RANGE_BP));
  return (WIDTH / 2 - 2.5 + part * (WIDTH / 2 - 3)).toFixed(1);
};
