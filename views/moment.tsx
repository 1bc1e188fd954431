import { Html } from '@elysiajs/html';
import { clockMinute, clockSecond, clockTime, day, dayMinute, dayTime } from './clock.ts';

/** How a time is written; `static/page/moments.js` writes the same in the reader's own zone. */
const FORMS = {
  /** `12:04:31.4` */
  tenth: clockTime,
  /** `12:04:31` */
  second: clockSecond,
  /** `23 Nov, 12:04:31` */
  day: (at: number): string => `${day(at)}, ${clockSecond(at)}`,
  /** `12:04` */
  hour: clockMinute,
  /** `23 Nov, 12:04` */
  near: (at: number): string => `${day(at)}, ${clockMinute(at)}`,
  /** `23 Nov 2026, 12:04` */
  minute: dayMinute,
  /** `23 Nov 2026, 12:04:31` */
  full: dayTime,
} as const;
export type MomentForm = keyof typeof FORMS;

/**
 * A time on a page: in UTC as it comes, in the reader's own zone as soon as a script has seen it. `bare`
 * where the zone is named beside it.
 */
export function Moment({ at, as, bare }: { at: number; as: MomentForm; bare?: boolean }): JSX.Element {
  return (
    <time datetime={new Date(at).toISOString()} data-as={as} data-bare={bare ? 'true' : undefined} safe>
      {FORMS[as](at) + (bare ? '' : ' UTC')}
    </time>
  );
}

/** The zone in which the times beside it are written. */
export function Zone(): JSX.Element {
  return <span data-zone="true">UTC</span>;
}
