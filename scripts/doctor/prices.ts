import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../server/config.ts';
import { inspectStore } from '../../server/store/inspection.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { safely, warn, well, wrong, type Check } from './check.ts';
import type { Server } from './server.ts';
import type { Asks } from './units.ts';

const FUTURE_MS_MAX = 5_000;

/** This machine's clock, by which every quote is judged. */
export function clock({ dataDir }: Config, server: Server | null, ask: Asks): Check {
  const off = server?.health.causes.find(({ cause }) => cause === 'clock_off' || cause === 'clock_step');
  if (off !== undefined)
    return wrong(
      'clock',
      off.detail,
      'chronyc tracking; systemctl restart chrony, or timedatectl set-ntp true.',
    );
  const file = join(dataDir, DATABASE_FILE);
  const newest = existsSync(file) ? safely(() => inspectStore(file)) : null;
  const ahead = newest === null ? 0 : Math.max(newest.tickAt, newest.batchAt) - Date.now();
  if (ahead > FUTURE_MS_MAX)
    return wrong(
      'clock',
      `the books are ${(ahead / 1000).toFixed(0)} s ahead of the clock: it was set back`,
      'Set the clock; there are no ticks until it passes that time.',
    );
  const synced = ask(['timedatectl', 'show', '-p', 'NTPSynchronized', '--value'])?.trim();
  if (synced === 'yes' || existsSync('/run/systemd/timesync/synchronized'))
    return well('clock', 'synchronized');
  return synced === 'no'
    ? (server === null ? warn : wrong)('clock', 'not synchronized', 'timedatectl set-ntp true')
    : warn('clock', 'unknown whether it is synchronized', 'Run systemd-timesyncd or chrony.');
}

export function feed(config: Config, server: Server | null): Check {
  if (server === null) return warn('feed', `FEED=${config.feed}, not watched`, 'Start the server.');
  const alive = server.venues.filter((venue) => venue.alive).length;
  const dead = server.venues
    .filter((venue) => !venue.alive)
    .map(({ venue, note }) => `${venue}${note === null ? '' : ` (${note})`}`)
    .join(', ');
  const says =
    `${server.feed}: ${alive} of ${server.venues.length} alive, ` +
    `${server.quorum} needed${dead && `; not: ${dead}`}`;
  const has = (wanted: string) => server.health.causes.some(({ cause }) => cause === wanted);
  if (has('recording_over'))
    return wrong(
      'feed',
      says,
      'Restart with another recording, or add ?loop to FEED to begin again at its end.',
    );
  if (has('clock_off'))
    return wrong('feed', says, 'Quotes do not count while the clock is wrong: set it, see clock.');
  if (alive < server.quorum)
    return wrong('feed', says, 'Check whether this machine reaches the exchanges: outgoing TLS on port 443.');
  if (server.simulated)
    return warn(
      'feed',
      `${says}; prices are simulated, play money only`,
      config.feed === 'auto'
        ? 'Check whether this machine reaches the exchanges; a restart tries them again.'
        : 'For prices of the exchanges set FEED=live, then restart.',
    );
  return dead === ''
    ? well('feed', says)
    : warn('feed', says, 'It reconnects by itself; below the quorum there are no prices.');
}
