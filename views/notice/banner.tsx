import { Html } from '@elysiajs/html';
import type { Health, HealthCause } from '../../server/ports/events.ts';
import { IDS } from '../ids.ts';

/** The strip of notices under the bar: on the board one line that is always there, so that no notice moves what a finger aims at. The one about the
 * connection is shown by the page's own module. */
export function Banners({ feed, health }: { feed: FeedNotice; health: Health }): JSX.Element {
  return (
    <div id={IDS.banners} class="banners" role="status">
      <FeedBanner feed={feed} />
      <div id={IDS.health} class="health">
        <HealthBanner health={health} />
      </div>
      <p id={IDS.link} class="banner warn link" hidden></p>
    </div>
  );
}

export interface FeedNotice {
  readonly simulated: boolean;
  readonly label: string;
}

/** Every page says it when the prices are not those of a live market. */
export function FeedBanner({ feed }: { feed: FeedNotice }): JSX.Element {
  if (!feed.simulated) return <></>;
  return (
    <p class="banner warn feed">
      <b safe>{feed.label.charAt(0).toUpperCase() + feed.label.slice(1)}</b><span> — play money only</span>
    </p>
  );
}

/** Empty while all is well. */
export function HealthBanner({ health }: { health: Health }): JSX.Element {
  const cause = health.causes[0];
  if (health.state === 'closed') return <></>;
  return (
    <p class={['banner', health.state === 'open' ? 'halt' : 'warn']}>
      <b>{health.state === 'open' ? 'Taps are paused' : 'Running with care'}</b> — <span safe>{cause ? CAUSES[cause.cause] : 'settling down'}</span>
    </p>
  );
}

const CAUSES: Readonly<Record<HealthCause, string>> = {
  starting: 'the market is opening',
  writer_failed: 'the ledger cannot be written; open bets are safe',
  operator: 'paused by the operator; open bets go on',
  price_stale: 'prices have stopped; open bets are paid or refunded',
  no_quorum: 'too few exchanges answer',
  venues_apart: 'the exchanges disagree on the price',
  price_frozen: 'the price has not moved for 30 s',
  commit_slow: 'the ledger is slow',
  queue_full: 'too many taps at once',
  wal_large: 'the ledger is tidying up',
  disk_full: 'storage is nearly full; open bets go on',
  clock_step: 'the clock of the server jumped',
  redis_away: 'a part beside the ledger does not answer; bets are taken and paid',
};
