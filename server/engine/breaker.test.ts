import { describe, expect, test } from 'bun:test';
import { Breaker, type Vitals } from './breaker.ts';

const LIMITS = { staleDegradedMs: 3_000, staleOpenMs: 10_000, hysteresisMs: 30_000 };
const well = (now: number, more: Partial<Vitals> = {}): Vitals => ({
  now,
  lastTickAt: now,
  aliveVenues: 3,
  quorum: 2,
  apart: null,
  clockOffMs: null,
  recordingOver: false,
  pause: null,
  commitMs: 2,
  queueShare: 0,
  walBytes: 0,
  diskUsedShare: 0.2,
  clockStepMs: 0,
  clockBehindMs: 0,
  booksGone: null,
  writerFailed: false,
  operatorHalt: null,
  maintenance: null,
  redisAway: null,
  ...more,
});

describe('Breaker', () => {
  test('starting is open, and closes at the first tick without waiting', () => {
    const breaker = new Breaker(LIMITS);
    expect(breaker.judge(well(0, { lastTickAt: null })).state).toBe('open');
    expect(breaker.health.causes.map(({ cause }) => cause)).toEqual(['starting']);
    expect(breaker.judge(well(100)).state).toBe('closed');
  });

  test('while nothing is wrong any more it says since when, and from when on taps are taken', () => {
    const breaker = new Breaker(LIMITS);
    breaker.judge(well(0));
    expect(breaker.judge(well(50_000, { operatorHalt: 'a look' }))).toMatchObject({
      state: 'open',
      causes: [{ cause: 'operator' }],
    });
    expect(breaker.health.settling).toBeUndefined();
    expect(breaker.judge(well(51_000))).toEqual({
      state: 'open',
      causes: [],
      settling: { since: 50_000, until: 80_000 },
    });
    expect(breaker.judge(well(60_000, { lastTickAt: 40_000 }))).toMatchObject({
      state: 'open',
      causes: [{ cause: 'price_stale' }],
    });
    expect(breaker.health.settling).toBeUndefined();
    expect(breaker.judge(well(61_000)).settling).toEqual({ since: 60_000, until: 90_000 });
    expect(breaker.judge(well(90_000))).toEqual({ state: 'closed', causes: [] });
  });

  test('too few venues are said before the first tick too, and as they come', () => {
    const breaker = new Breaker(LIMITS);
    const said = (aliveVenues: number | null) =>
      breaker
        .judge(well(0, { lastTickAt: null, aliveVenues }))
        .causes.map(({ cause, detail }) => `${cause} ${detail}`);
    expect([null, 0, 1, 2].map(said)).toEqual([
      ['starting no price yet'],
      ['starting no price yet', 'no_quorum 0 of 2 venues'],
      ['starting no price yet', 'no_quorum 1 of 2 venues'],
      ['starting no price yet'],
    ]);
    expect(breaker.judge(well(100)).state).toBe('closed');
  });

  const rows: readonly [name: string, vitals: Partial<Vitals>, state: string, cause: string][] = [
    ['price 2.9 s old', { lastTickAt: 97_100 }, 'closed', ''],
    ['price 3 s old', { lastTickAt: 97_000 }, 'degraded', 'price_stale'],
    ['price 9.9 s old', { lastTickAt: 90_100 }, 'degraded', 'price_stale'],
    ['price 10 s old', { lastTickAt: 90_000 }, 'open', 'price_stale'],
    ['one venue of two', { aliveVenues: 1 }, 'degraded', 'no_quorum'],
    ['no venue of two', { aliveVenues: 0 }, 'degraded', 'no_quorum'],
    [
      'no tick because venues are apart',
      { apart: 'the exchanges are $9.00 apart' },
      'degraded',
      'venues_apart',
    ],
    ['a clock that all exchanges contradict', { clockOffMs: 7_200 }, 'degraded', 'clock_off'],
    ['venues apart', { pause: 'venues_apart' }, 'degraded', 'venues_apart'],
    ['a recording that was played to its end', { recordingOver: true }, 'open', 'recording_over'],
    ['frozen price', { pause: 'frozen' }, 'degraded', 'price_frozen'],
    ['slow commit', { commitMs: 300 }, 'degraded', 'commit_slow'],
    ['hanging commit', { commitMs: 2_000 }, 'open', 'commit_slow'],
    ['half a queue', { queueShare: 0.5 }, 'degraded', 'queue_full'],
    ['full queue, which refuses by itself what is one too many', { queueShare: 1 }, 'degraded', 'queue_full'],
    ['slow commit, almost', { commitMs: 249 }, 'closed', ''],
    ['queue just below its half', { queueShare: 0.499 }, 'closed', ''],
    ['WAL just below 256 MiB', { walBytes: 256 * 1024 ** 2 - 1 }, 'closed', ''],
    ['large WAL', { walBytes: 256 * 1024 ** 2 }, 'degraded', 'wal_large'],
    ['WAL just below 2 GiB', { walBytes: 2 * 1024 ** 3 - 1 }, 'degraded', 'wal_large'],
    ['WAL that does not end', { walBytes: 2 * 1024 ** 3 }, 'open', 'wal_large'],
    ['disk just below 70 %', { diskUsedShare: 0.699 }, 'closed', ''],
    ['disk at 70 %', { diskUsedShare: 0.7 }, 'degraded', 'disk_full'],
    ['disk at 85 %', { diskUsedShare: 0.85 }, 'open', 'disk_full'],
    ['clock step of less than a second', { clockStepMs: 999 }, 'closed', ''],
    ['clock step forwards', { clockStepMs: 1_000 }, 'open', 'clock_step'],
    ['clock step', { clockStepMs: -5_000 }, 'open', 'clock_step'],
    [
      'clock behind the last price',
      { lastTickAt: 3_700_000, clockBehindMs: 3_600_000 },
      'open',
      'clock_step',
    ],
    ['clock a moment behind the last price', { lastTickAt: 100_900, clockBehindMs: 900 }, 'closed', ''],
    ['books gone', { booksGone: 'the file is gone' }, 'open', 'books_gone'],
    ['failed writer', { writerFailed: true }, 'open', 'writer_failed'],
    ['Redis away', { redisAway: 'not connected' }, 'degraded', 'redis_away'],
    ['operator', { operatorHalt: 'maintenance' }, 'open', 'operator'],
  ];
  for (const [name, vitals, state, cause] of rows) {
    test(`${name} is ${state}`, () => {
      const breaker = new Breaker(LIMITS);
      breaker.judge(well(0));
      const health = breaker.judge(well(100_000, vitals));
      expect(health.state).toBe(state as typeof health.state);
      expect(health.causes.map((one) => one.cause).join()).toBe(cause);
    });
  }

  test('after open it takes the whole time of health, counted anew when it fails in between', () => {
    const breaker = new Breaker(LIMITS);
    breaker.judge(well(0));
    expect(breaker.judge(well(20_000, { lastTickAt: 5_000 })).state).toBe('open');
    expect(breaker.judge(well(49_999)).state).toBe('open');
    expect(breaker.health.causes).toEqual([]);
    expect(breaker.judge(well(49_999, { writerFailed: true })).state).toBe('open');
    expect(breaker.judge(well(79_998)).state).toBe('open');
    expect(breaker.judge(well(79_999)).state).toBe('closed');
  });

  const flapping: readonly (readonly [what: string, vitals: Partial<Vitals>])[] = [
    ['disk', { diskUsedShare: 0.9 }],
    ['WAL', { walBytes: 3 * 1024 ** 3 }],
    ['clock', { clockStepMs: 2_000 }],
    ['commit', { commitMs: 2_500 }],
    ['price', { lastTickAt: -10_000 }],
    ['operator', { operatorHalt: 'maintenance' }],
  ];
  for (const [what, vitals] of flapping) {
    test(`${what}: a cause that flaps keeps it open until there was a whole time of health`, () => {
      const breaker = new Breaker(LIMITS);
      const states: string[] = [];
      for (let now = 0; now <= 200_000; now += 1_000)
        states.push(breaker.judge(well(now, now < 100_000 && now % 10_000 === 0 ? vitals : {})).state);
      expect(states.lastIndexOf('open')).toBe(119);
      expect(new Set(states.slice(0, 120))).toEqual(new Set(['open']));
      expect(new Set(states.slice(120))).toEqual(new Set(['closed']));
    });
  }

  test(
    'a cause that flaps between degraded and open is open throughout, and degraded only when it was ' +
      'not open for that time',
    () => {
      const breaker = new Breaker(LIMITS);
      const states = Array.from(
        { length: 100 },
        (_, second) =>
          breaker.judge(
            well(second * 1_000, { diskUsedShare: second < 40 && second % 20 === 0 ? 0.86 : 0.84 }),
          ).state,
      );
      expect([states.indexOf('degraded'), new Set(states.slice(50)), states.includes('closed')]).toEqual([
        50,
        new Set(['degraded']),
        false,
      ]);
    },
  );

  test('causes that take turns keep it open as one would', () => {
    const breaker = new Breaker(LIMITS);
    const states = Array.from(
      { length: 200 },
      (_, second) =>
        breaker.judge(
          well(
            second * 1_000,
            second <= 100 && second % 20 === 0 ? flapping[(second / 20) % flapping.length]![1] : {},
          ),
        ).state,
    );
    expect([states.lastIndexOf('open'), states.slice(0, 130).every((state) => state === 'open')]).toEqual([
      129,
      true,
    ]);
  });

  test('a clock that jumped forwards and was set right again does not keep it open for the jump', () => {
    const breaker = new Breaker(LIMITS);
    breaker.judge(well(0));
    expect(breaker.judge(well(3_600_000, { clockStepMs: 3_600_000 })).state).toBe('open');
    expect(breaker.judge(well(1_000, { lastTickAt: 1_000 })).state).toBe('open');
    expect(breaker.judge(well(30_999, { lastTickAt: 30_999 })).state).toBe('open');
    expect(breaker.judge(well(31_000, { lastTickAt: 31_000 })).state).toBe('closed');
  });

  test('a cause keeps the time when it began', () => {
    const breaker = new Breaker(LIMITS);
    breaker.judge(well(0));
    breaker.judge(well(1_000, { aliveVenues: 1 }));
    breaker.judge(well(5_000, { aliveVenues: 1, commitMs: 300 }));
    expect(breaker.health.causes.map(({ cause, since }) => [cause, since])).toEqual([
      ['no_quorum', 1_000],
      ['commit_slow', 5_000],
    ]);
  });

  test('who looks sees the figures of now, though nothing new is told', () => {
    const breaker = new Breaker(LIMITS);
    breaker.judge(well(0));
    const heard = breaker.judge(well(10_000, { lastTickAt: 0 }));
    const seen = [breaker.health];
    expect(breaker.judge(well(70_000, { lastTickAt: 0 }))).toBe(heard);
    seen.push(breaker.health);
    expect(seen.map(({ causes: [cause] }) => [cause?.detail, cause?.since])).toEqual([
      ['last price 10.0 s ago', 10_000],
      ['last price 70.0 s ago', 10_000],
    ]);
  });

  test('the health is the same object while nothing changed', () => {
    const breaker = new Breaker(LIMITS);
    const first = breaker.judge(well(0));
    expect(breaker.judge(well(100))).toBe(first);
  });
});
