import { expect, test } from 'bun:test';
import {
  AFTER_MS,
  BEFORE_MS,
  calendarAt,
  calendarChangeText,
  calendarText,
  changedCalendar,
  headlineAt,
  HEADLINES_MAX,
  readCalendar,
  readCalendarChange,
  readCalendarChangeText,
  type Headline,
} from './headline.ts';

const NOON = Date.UTC(2026, 5, 15, 12);
const news = (at: number, name = 'Fed', over: Partial<Headline> = {}): Headline => ({
  at,
  name,
  beforeMs: BEFORE_MS,
  afterMs: AFTER_MS,
  ...over,
});

test('its terms apply from its beginning on and no longer than to its end', () => {
  const calendar = [news(NOON), news(NOON + 60_000, 'Jobs')];
  const names = [
    NOON - BEFORE_MS - 1,
    NOON - BEFORE_MS,
    NOON + AFTER_MS - 1,
    NOON + AFTER_MS,
    NOON + AFTER_MS + 60_000,
  ];
  expect(names.map((at) => headlineAt(calendar, at)?.name)).toEqual([
    undefined,
    'Fed',
    'Fed',
    'Jobs',
    undefined,
  ]);
});

test('pages announce it an hour before, and forget it when it is over', () => {
  const said = (now: number) => calendarAt([news(NOON)], now);
  const from = NOON - BEFORE_MS;
  expect(said(from - 3_600_001).notice).toBeNull();
  expect(said(from - 3_600_000).notice).toMatchObject({ from, running: false });
  expect(said(from).notice?.running).toBe(true);
  expect(said(NOON + AFTER_MS)).toEqual({ headlines: [], notice: null });
});

test('a change is one text, which reads as the same change whatever the names are', () => {
  const change = { add: [news(NOON, 'A | b/c +1 -2 %'), news(NOON)], remove: [{ at: NOON, name: 'é 🚀' }] };
  expect(readCalendarChangeText(calendarChangeText(change))).toEqual(change);
  expect(calendarChangeText(change)).not.toContain('|');
  expect(readCalendar(calendarText(change.add))).toEqual(change.add);
  expect([readCalendar('none'), readCalendar('1/2/x'), readCalendarChangeText('?1/2')]).toEqual([
    [],
    null,
    null,
  ]);
});

test('what is over goes, what is there gets other times, and neither a stranger nor too many get in', () => {
  const held = [news(NOON - 86_400_000, 'old'), news(NOON), news(NOON, 'Jobs')];
  const longer = news(NOON, 'Jobs', { afterMs: 3_600_000 });
  expect(changedCalendar(held, { add: [longer], remove: [{ at: NOON, name: 'Fed' }] }, NOON)).toEqual([
    longer,
  ]);
  expect(changedCalendar(held, { add: [], remove: [{ at: NOON, name: 'x' }] }, NOON)).toBe('no_headline');
  const many = Array.from({ length: HEADLINES_MAX + 1 }, (_, index) => news(NOON, `${index}`));
  expect(changedCalendar([], { add: many, remove: [] }, NOON)).toBe('calendar_full');
});

test.each([
  [{}, /does not say what to change/],
  [{ add: [{ at: NOON, name: ' ' }] }, /a name of 1 to 60 characters/],
  [{ add: [{ at: NOON, name: 'a\nb' }] }, /on one line/],
  [{ add: [{ at: NOON, name: 'Fed', beforeMs: 60_000 }] }, /at least 4 minutes before/],
  [{ add: [{ at: NOON, name: 'Fed', afterMs: 5 * 3_600_000 }] }, /At most 4 hours/],
  [{ remove: [{ at: 0, name: 'Fed' }] }, /needs a time/],
  [{ add: Array(51).fill(news(NOON)) }, /at most 50 entries/],
])('an order with %# is none', (value, why) => {
  expect(readCalendarChange(value)).toMatch(why);
});
