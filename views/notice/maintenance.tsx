import { Html } from '@elysiajs/html';
import type { Announced } from '../../server/game/maintenance.ts';
import { Moment } from '../moment.tsx';

const DAY_MS = 86_400_000;

/** A maintenance that is announced, before it begins; once it has, the health says so. */
export function MaintenanceBanner({ maintenance }: { maintenance: Announced | null }): JSX.Element {
  if (maintenance === null || maintenance.running) return '';
  const { from, until, reason } = maintenance;
  return (
    <p class="banner warn maintenance">
      <b>Maintenance</b> <Moment at={from} as="near" bare /> –{' '}
      <Moment at={until} as={until - from < DAY_MS ? 'hour' : 'near'} />
      <span class="more" safe>
        {` — ${reason}. Taps close shortly before; every open bet is decided first.`}
      </span>
    </p>
  );
}
