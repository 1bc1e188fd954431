import { Html } from '@elysiajs/html';
import type { Health, HealthCause } from '../../server/ports/events.ts';
import { FOR_GOOD } from '../../server/game/own-limits.ts';
import type { HeadlineNotice } from '../../server/game/headline.ts';
import type { Announced } from '../../server/game/maintenance.ts';
import type { Restriction } from '../../server/game/restriction.ts';
import { IDS } from '../ids.ts';
import { Moment } from '../moment.tsx';
import { HeadlineBanner } from './headline.tsx';
import { MaintenanceBanner } from './maintenance.tsx';
import { RestrictionBanner } from '../session/restriction.tsx';

/**
 * The strip of notices under the bar: on the board one line that is always there, so that no notice moves
 * what a finger aims at.
 */
export function Banners({
  feed,
  health,
  maintenance,
  headline,
  restriction,
  pausedUntil,
  playAt,
  elsewhere,
}: {
  feed: FeedNotice;
  health: Health;
  maintenance: Announced | null;
  headline: HeadlineNotice | null;
  restriction: Restriction;
  pausedUntil: number | null;
  playAt: string;
  elsewhere: boolean;
}): JSX.Element {
  return (
    <div id={IDS.banners} class="banners" role="status">
      <div id={IDS.feed} class="feed">
        <FeedBanner feed={feed} />
      </div>
      <div id={IDS.restriction} class="restriction">
        <RestrictionBanner restriction={restriction} />
      </div>
      {pausedUntil !== null && (
        <p class="banner warn own-pause">
          <a href="/account">Paused by you</a>{' '}
          {pausedUntil === FOR_GOOD ? (
            'for good'
          ) : (
            <>
              until <Moment at={pausedUntil} as="minute" />
            </>
          )}
        </p>
      )}
      <div id={IDS.maintenance} class="maintenance">
        <MaintenanceBanner maintenance={maintenance} />
      </div>
      <div id={IDS.headline} class="headline">
        <HeadlineBanner notice={headline} />
      </div>
      <div id={IDS.health} class="health">
        <HealthBanner health={health} maintenance={maintenance} />
      </div>
      <ElsewhereBanner playAt={playAt} hidden={!elsewhere} />
    </div>
  );
}

export interface FeedNotice {
  readonly simulated: boolean;
  readonly label: string;
}

/** Every page says it when the prices are not those of a live market. */
export function FeedBanner({ feed }: { feed: FeedNotice }): JSX.Element {
  if (!feed.simulated) return '';
  const [kind = '', detail = ''] = feed.label.split(/(?=: )/);
  const [first = '', ...rest] = kind.split(' ');
  return (
    <p class="banner warn">
      <b>
        <i safe>{first.charAt(0).toUpperCase() + first.slice(1)}</i>
        <span safe>{rest.map((word) => ` ${word}`).join('')}</span>
        <span class="more" safe>
          {detail}
        </span>
      </b>
      <span> — play money only</span>
    </p>
  );
}

/**
 * At another address. The page's own module shows it too, where only the browser knows: when the scheme is
 * another, or a port that a proxy left out.
 */
function ElsewhereBanner({ playAt, hidden }: { playAt: string; hidden: boolean }): JSX.Element {
  return (
    <p id={IDS.elsewhere} class="banner warn elsewhere" hidden={hidden}>
      <b>Prices only</b> — play at{' '}
      <a href={playAt} safe>
        {playAt}
      </a>
    </p>
  );
}

export interface HealthNotice {
  readonly health: Health;
  readonly maintenance: Announced | null;
}

/** Empty while all is well. */
export function HealthBanner({ health, maintenance }: HealthNotice): JSX.Element {
  if (health.state === 'closed') return '';
  if (health.causes[0]?.cause === 'maintenance' && maintenance !== null) return <Running {...maintenance} />;
  const [cause, more] = health.causes[0] ? CAUSES[health.causes[0].cause] : ['settling down', ''];
  return (
    <p class={['banner', health.state === 'open' ? 'halt' : 'warn']} data-cause={health.causes[0]?.cause}>
      <b>{health.state === 'open' ? 'Taps are paused' : 'Please note'}</b> — <span safe>{cause}</span>
      <span class="more" safe>
        {more}
      </span>
    </p>
  );
}

function Running({ until, reason }: Announced): JSX.Element {
  return (
    <p class="banner halt" data-cause="maintenance">
      <b>Maintenance</b> —{' '}
      <span>
        until <Moment at={until} as="near" />
      </span>
      <span class="more" safe>{`: ${reason}; open bets continue`}</span>
    </p>
  );
}

/** The cause in as few words as a phone has room for, and what else there is to say. */
const CAUSES: Readonly<Record<HealthCause, readonly [string, string]>> = {
  starting: ['the market is opening', ''],
  books_gone: ['the ledger does not answer', '; accepted bets are kept'],
  writer_failed: ['the ledger stopped', '; open bets are safe'],
  operator: ['by the operator', '; open bets continue'],
  maintenance: ['maintenance', '; open bets continue'],
  recording_over: ['the recording is over', '; open bets are paid or refunded'],
  price_stale: ['prices have stopped', '; open bets are paid or refunded'],
  no_quorum: ['too few exchanges', ' answer'],
  venues_apart: ['exchanges disagree', ' on the price'],
  price_frozen: ['the price has not moved', ' for 30 s'],
  commit_slow: ['the ledger is slow', ''],
  queue_full: ['too many taps at once', ''],
  wal_large: ['the ledger is catching up', ''],
  disk_full: ['storage is nearly full', '; open bets continue'],
  clock_step: ['the clock jumped', ' on the server'],
  clock_off: ['the clock is wrong', ' on the server'],
  redis_away: ['a service is down', '; bets continue'],
  engine_away: ['the house restarts', '; open bets are safe'],
};
