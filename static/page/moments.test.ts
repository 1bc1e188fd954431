import { expect, test } from 'bun:test';
import { Moment, type MomentForm } from '../../views/moment.tsx';
import { minutesText } from '../../views/clock.ts';
import { playedText } from '../session/played.js';
import { writeMoment } from './moments.js';

const AT = Date.UTC(2026, 6, 4, 23, 5, 9, 876);

/** What the module makes of a time as it came from the server. */
function rewritten(as: MomentForm, bare: boolean, zone: string): string {
  const before = process.env.TZ;
  process.env.TZ = zone;
  try {
    const datetime = /datetime="([^"]*)"/.exec(String(Moment({ at: AT, as, bare })))![1]!;
    const element = {
      dataset: { as, ...(bare && { bare: 'true' }) },
      getAttribute: () => datetime,
      textContent: '',
    };
    writeMoment(element as never);
    return element.textContent;
  } finally {
    process.env.TZ = before;
  }
}
const served = (as: MomentForm, bare: boolean): string =>
  String(Moment({ at: AT, as, bare })).replace(/<[^>]*>/g, '');

test.each(['tenth', 'second', 'day', 'minute', 'full'] as const)(
  'a time written as %s by the page in UTC is the one that came from the server',
  (as) => {
    expect([rewritten(as, false, 'UTC'), rewritten(as, true, 'UTC')]).toEqual([
      served(as, false),
      served(as, true),
    ]);
  },
);

test.each([
  ['tenth', 'Asia/Kolkata', '04:35:09.8 GMT+5:30'],
  ['day', 'Asia/Kolkata', '5 Jul, 04:35:09 GMT+5:30'],
  ['minute', 'America/New_York', '4 Jul 2026, 19:05 GMT−4'],
  ['full', 'Europe/Berlin', '5 Jul 2026, 01:05:09 CEST'],
] as const)('written as %s in %s it is %s', (as, zone, text) =>
  expect(rewritten(as, false, zone)).toBe(text),
);

test.each([0, 1, 59, 60, 61, 120, 1500])('%d minutes read the same from server and page', (minutes) =>
  expect(playedText(minutes * 60_000 + 59_999)).toBe(minutesText(minutes)),
);
