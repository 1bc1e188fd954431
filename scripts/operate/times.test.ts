import { expect, test } from 'bun:test';
import { readLength, readTime } from './times.ts';

const NOW = Date.UTC(2026, 11, 1, 13, 30);

test.each([
  ['90s', 90_000],
  ['20m', 1_200_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
])('a length of %s', (text, ms) => expect(readLength('--for', text)).toBe(ms));

test.each(['', '20', 'm', '20 m', '20m!', '0m', '-5m', '1.5h', '20M'])('%p is no length', (text) =>
  expect(() => readLength('--for', text)).toThrow(`--for ${text} is not a duration; expected 90s`),
);

test.each([
  ['14:00', '2026-12-01T14:00:00.000Z'],
  ['13:30', '2026-12-02T13:30:00.000Z'],
  ['09:05', '2026-12-02T09:05:00.000Z'],
  ['+30m', '2026-12-01T14:00:00.000Z'],
  ['2026-12-01T14:00Z', '2026-12-01T14:00:00.000Z'],
  ['2026-12-01T15:00:30+01:00', '2026-12-01T14:00:30.000Z'],
])('%s is a time', (text, iso) => expect(new Date(readTime('--at', text, NOW)).toISOString()).toBe(iso));

test.each([
  '',
  '24:00',
  '9:05',
  'noon',
  '2026-12-01',
  '2026-12-01T14:00',
  '2026-13-01T14:00Z',
  '1764597600000',
])('%p is no time', (text) =>
  expect(() => readTime('--at', text, NOW)).toThrow('is not a time; expected 2026-12-01T14:00Z'),
);
