import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReplayFeed, REPLAY_SEAM_MS } from '../../server/feed/replay.ts';
import { WalkFeed } from '../../server/feed/walk.ts';
import { HandClock } from '../exchange-replica/hand-clock.ts';
import { MAX_GAP_MS, TICK_MS, WINDOW_MS } from './house.ts';
import { Stage, VENUES, type VenueName } from './stage.ts';

/**
 * What becomes of quotes, taps and bets when prices are late, missing, repeated or wrong: one row a trouble.
 * Each begins in window 3 and lasts 12 s, into window 5; before and after it the exchanges say a calm price.
 * Two bets are open on each of four windows: `in` on the row of that price, which it keeps touched, and `out`
 * on the row above, which it never meets.
 */

const dir = mkdtempSync(join(tmpdir(), 'tapgrid-feed-loss-'));
const stages: Stage[] = [];
afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const PRICE = 76_010;
/** Moves all the time, by less than a row. */
const calm = (at: number): number => PRICE + ((at / TICK_MS) % 3) * 0.5;
const UUID = /^[0-9a-f-]{36}$/;
const TROUBLE_MS = 12_000;
/** Until the board shows the window that has begun. */
const QUOTED_MS = 2 * TICK_MS;
const [IN_TROUBLE_MS, AFTER_MS] = [3 * WINDOW_MS + QUOTED_MS, 55_000];
/** Windows after the one in which the bets were placed. */
const WINDOWS = { before: 2, begins: 3, ends: 5, after: 9 } as const;

async function live(): Promise<Stage> {
  const stage = await Stage.live(mkdtempSync(join(dir, 'live-')));
  stages.push(stage);
  await stage.play(2 * WINDOW_MS + QUOTED_MS - (stage.now % WINDOW_MS), calm);
  return stage;
}

interface Expected {
  /** A tap at the end of the trouble. */
  readonly tap: 'accepted' | 'quote_expired' | 'not_for_sale' | 'halted';
  readonly state: 'closed' | 'degraded' | 'open';
  readonly causes: readonly string[];
  /** Venues behind the newest tick, and ticks that were made during the trouble. */
  readonly sources: number;
  readonly ticks: 'all' | 'none' | 'of 2 s';
  /**
   * How the bets ended: window in which it begins, in which it ends, and long after. The one before is always
   * won and lost.
   */
  readonly begins: readonly [inside: string, outside: string];
  readonly ends: readonly [inside: string, outside: string];
  readonly after: readonly [inside: string, outside: string];
  /** Whether a tap is taken once it is over, and at the end of all. */
  readonly soonAfter: 'accepted' | 'halted';
  readonly counted?: Readonly<Partial<Record<'gaps' | 'dropped' | 'skewed', number>>>;
}

interface Trouble {
  readonly name: string;
  readonly trouble: (stage: Stage) => Promise<void>;
  readonly expected: Expected;
  /** Whose counters are looked at. */
  readonly of?: VenueName;
}

const WELL = {
  tap: 'accepted',
  state: 'closed',
  causes: [],
  sources: 3,
  ticks: 'all',
  begins: ['won', 'lost'],
  ends: ['won', 'lost'],
  after: ['won', 'lost'],
  soonAfter: 'accepted',
} as const satisfies Expected;
/** Ten seconds without a tick, the first two carried by the venues' last words. */
const SILENT = {
  ...WELL,
  tap: 'halted',
  state: 'open',
  causes: ['price_stale', 'no_quorum'],
  ticks: 'of 2 s',
  begins: ['won', 'void gap'],
  ends: ['won', 'void gap'],
  soonAfter: 'halted',
} as const satisfies Expected;

const silence =
  (...venues: VenueName[]) =>
  async (stage: Stage): Promise<void> => {
    await stage.mute(venues);
    await stage.play(
      TROUBLE_MS,
      calm,
      VENUES.filter((venue) => !venues.includes(venue)),
    );
  };
const wrong =
  (shares: Readonly<Partial<Record<VenueName, number>>>) =>
  async (stage: Stage): Promise<void> => {
    const end = stage.now + TROUBLE_MS;
    while (stage.now < end)
      await stage.step(
        Object.fromEntries(VENUES.map((venue) => [venue, calm(stage.now) * (1 + (shares[venue] ?? 0))])),
      );
  };
/** Between ordinary quotes the venue says something else, too. */
const besides =
  (say: (stage: Stage) => Promise<void>) =>
  async (stage: Stage): Promise<void> => {
    const end = stage.now + TROUBLE_MS;
    while (stage.now < end) {
      await stage.play(1_000, calm);
      await say(stage);
    }
  };

const TROUBLES: readonly Trouble[] = [
  { name: 'none', trouble: (stage) => stage.play(TROUBLE_MS, calm), expected: WELL },
  { name: 'stale: all venues fall silent', trouble: silence(...VENUES), expected: { ...SILENT, sources: 3 } },
  {
    name: 'stale: two of three fall silent',
    trouble: silence('kraken', 'bitstamp'),
    expected: { ...SILENT, sources: 3 },
  },
  { name: 'stale: one of three falls silent', trouble: silence('kraken'), expected: { ...WELL, sources: 2 } },
  {
    name: 'gap: a venue loses messages once, and is believed on',
    of: 'coinbase',
    trouble: async (stage) => {
      stage.replica!.skip('coinbase', 3);
      await stage.says('coinbase', calm(stage.now));
      await stage.play(TROUBLE_MS, calm);
    },
    expected: { ...WELL, counted: { gaps: 1, dropped: 0 } },
  },
  {
    name: 'duplicate: a venue says everything twice',
    of: 'coinbase',
    trouble: besides(async (stage) => {
      for (const line of stage.replica!.subscribed('coinbase')) line.sequence--;
      await stage.says('coinbase', calm(stage.now) + 400);
    }),
    expected: { ...WELL, counted: { gaps: 0, dropped: 12 } },
  },
  {
    name: 'out of order: a venue says old prices between new ones',
    of: 'kraken',
    trouble: besides((stage) => stage.says('kraken', PRICE + 400, 300)),
    expected: { ...WELL, counted: { dropped: 12, skewed: 0 } },
  },
  {
    name: 'old ticks on reconnect: a venue comes back with a price from before',
    of: 'kraken',
    trouble: async (stage) => {
      stage.replica!.kill('kraken');
      await stage.play(3_000, calm, ['coinbase', 'bitstamp']);
      await stage.subscribed();
      for (const ageMs of [60_000, 5_000, 2_500]) await stage.says('kraken', PRICE + 400, ageMs);
      await stage.play(TROUBLE_MS - 3_000, calm, ['coinbase', 'bitstamp']);
    },
    expected: { ...WELL, sources: 2, counted: { dropped: 2, skewed: 1 } },
  },
  {
    name: 'a venue whose clock runs ahead',
    of: 'kraken',
    trouble: besides((stage) => stage.says('kraken', PRICE + 400, -3_000)),
    expected: { ...WELL, sources: 3, counted: { skewed: 12 } },
  },
  { name: 'one venue wrong by 2 %', trouble: wrong({ kraken: 0.02 }), expected: { ...WELL, sources: 2 } },
  {
    name: 'one venue wrong by 0.3 %',
    trouble: wrong({ kraken: 0.003 }),
    expected: { ...WELL, tap: 'not_for_sale', state: 'degraded', causes: ['venues_apart'] },
  },
  {
    name: 'two venues wrong by 2 % each its own way',
    trouble: wrong({ kraken: 0.02, bitstamp: -0.02 }),
    expected: { ...SILENT, causes: ['price_stale', 'venues_apart'], ticks: 'none' },
  },
];

const ended = (stage: Stage, ids: readonly string[]) =>
  ids.map((id) => (UUID.test(id) ? stage.fate(id) : id));
const tapped = ([answer]: readonly string[]) => (UUID.test(answer!) ? 'accepted' : answer);

describe('feed loss', () => {
  test.each(TROUBLES)(
    '$name',
    async ({ trouble, expected, of = 'coinbase' }) => {
      const stage = await live();
      const beganAt = stage.now - (stage.now % WINDOW_MS);
      const bets: Record<string, readonly string[]> = {};
      for (const [name, ahead] of Object.entries(WINDOWS)) {
        const row = stage.rowAt(ahead, PRICE);
        bets[name] = await stage.bet(ahead, [row, row + 1]);
      }
      expect(
        Object.values(bets)
          .flat()
          .filter((answer) => !UUID.test(answer)),
      ).toEqual([]);
      await stage.play(beganAt + IN_TROUBLE_MS - stage.now, calm);
      const countersBefore = { ...stage.status(of).counters };
      const seqBefore = stage.books.lastTick()!.seq;
      const boardBefore = stage.engine.board()!.revision.revision;

      await trouble(stage);

      const made = stage.books.lastTick()!.seq - seqBefore;
      const { state, causes } = stage.engine.health();
      const counted: object = Object.fromEntries(
        Object.keys(expected.counted ?? {}).map((name) => [
          name,
          stage.status(of).counters[name as 'gaps'] - countersBefore[name as 'gaps'],
        ]),
      );
      const during: unknown = {
        tap: tapped(await stage.bet(7, [stage.rowAt(7, PRICE)])),
        state,
        causes: causes.map(({ cause }) => cause),
        sources: stage.books.lastTick()!.sources.length,
        ticks: made === 0 ? 'none' : made >= TROUBLE_MS / TICK_MS ? 'all' : made <= 21 ? 'of 2 s' : `${made}`,
        counted,
      };
      expect(during).toEqual({
        tap: expected.tap,
        state: expected.state,
        causes: [...expected.causes],
        sources: expected.sources,
        ticks: expected.ticks,
        counted: expected.counted ?? {},
      });
      // Nothing is quoted from prices that are not there.
      if (expected.ticks !== 'all')
        expect(stage.engine.board()!.revision.revision - boardBefore).toBeLessThanOrEqual(11);
      expect(Math.abs(stage.books.lastTick()!.price / 100 - PRICE)).toBeLessThan(2);

      await stage.recover(calm, expected.ticks === 'all');
      await stage.play(2_500, calm);
      const soonAfter = tapped(await stage.bet(8, [stage.rowAt(8, PRICE)]));
      await stage.play(beganAt + AFTER_MS - stage.now, calm);
      const lateAfter = tapped(await stage.bet(6, [stage.rowAt(6, PRICE)]));
      await stage.play(20_000, calm);
      const atLast = tapped(await stage.bet(6, [stage.rowAt(6, PRICE)]));
      expect({
        before: ended(stage, bets['before']!),
        begins: ended(stage, bets['begins']!),
        ends: ended(stage, bets['ends']!),
        after: ended(stage, bets['after']!),
        soonAfter,
        atLast,
        faults: stage.faults(),
      }).toEqual({
        before: ['won', 'lost'],
        begins: [...expected.begins],
        ends: [...expected.ends],
        after: [...expected.after],
        soonAfter: expected.soonAfter,
        atLast: 'accepted',
        faults: [],
      });
      expect(['accepted', 'halted']).toContain(lateAfter!);
      expect(stage.replica!.violations).toEqual([]);
    },
    120_000,
  );
});

describe('silence that is no gap yet', () => {
  test('old quotes are refused from 1.5 s on, nothing is void, and sales go on with the first tick', async () => {
    const stage = await live();
    const beganAt = stage.now - (stage.now % WINDOW_MS);
    const bets = await stage.bet(2, [stage.rowAt(2, PRICE), stage.rowAt(2, PRICE) + 1]);
    await stage.play(beganAt + 2 * WINDOW_MS + 1_000 - stage.now, calm);
    await stage.mute(VENUES);
    const lastAt = stage.now + 2_000;
    const answers: (string | undefined)[] = [];
    while (stage.now < lastAt + MAX_GAP_MS - TICK_MS) {
      await stage.step();
      answers.push(tapped(await stage.bet(6, [stage.rowAt(6, PRICE)])));
    }
    const refusedFrom = answers.indexOf('quote_expired');
    expect([
      stage.books.lastTick()!.at,
      new Set(answers.slice(refusedFrom)),
      (refusedFrom + 1) * TICK_MS,
    ]).toEqual([lastAt, new Set(['quote_expired']), 2_000 + 1_600]);
    // Coinbase counts its messages, so its line is made anew first.
    for (const venue of VENUES) stage.replica!.mute(venue, false);
    await stage.play(2 * TICK_MS, calm, ['kraken', 'bitstamp']);
    expect(tapped(await stage.bet(7, [stage.rowAt(7, PRICE)]))).toBe('accepted');
    await stage.play(2 * WINDOW_MS, calm, ['kraken', 'bitstamp']);
    expect([ended(stage, bets), stage.faults()]).toEqual([['won', 'lost'], []]);
  }, 120_000);
});

test('frozen price: after half a minute nothing is for sale, ticks go on, bets end by them, and a move ' +
  'brings sales back', async () => {
  const stage = await live();
  const still = () => PRICE;
  const [near, far] = [stage.rowAt(5, PRICE), stage.rowAt(9, PRICE)];
  const bets = [...(await stage.bet(5, [near, near + 1])), ...(await stage.bet(9, [far, far + 1]))];
  await stage.play(30_000, still);
  expect(tapped(await stage.bet(2, [stage.rowAt(2, PRICE)]))).toBe('accepted');
  const seq = stage.books.lastTick()!.seq;
  await stage.play(1_000, still);
  const { state, causes } = stage.engine.health();
  expect([
    tapped(await stage.bet(3, [stage.rowAt(3, PRICE)])),
    state,
    causes.map(({ cause }) => cause),
    stage.books.lastTick()!.seq - seq,
  ]).toEqual(['not_for_sale', 'degraded', ['price_frozen'], 10]);
  await stage.play(22_000, still);
  expect([ended(stage, bets), stage.faults()]).toEqual([['won', 'lost', 'won', 'lost'], []]);
  await stage.play(15_000, calm);
  expect([tapped(await stage.bet(3, [stage.rowAt(3, PRICE)])), stage.engine.health().state]).toEqual([
    'accepted',
    'closed',
  ]);
}, 120_000);

test('server down across windows: what was recorded decides, what was not is refunded, what comes after ' +
  'goes on', async () => {
  const stage = await live();
  const beganAt = stage.now - (stage.now % WINDOW_MS);
  const bets: Record<string, readonly string[]> = {};
  for (const ahead of [2, 3, 4, 8])
    bets[ahead] = await stage.bet(ahead, [stage.rowAt(ahead, PRICE), stage.rowAt(ahead, PRICE) + 1]);
  await stage.play(beganAt + 3 * WINDOW_MS + 1_000 - stage.now, calm);
  // Its hold is not over when the server goes.
  const held = await stage.bet(3, [stage.rowAt(3, PRICE)]);
  expect([ended(stage, bets[2]!), ended(stage, bets[3]!), stage.fate(held[0]!)]).toEqual([
    ['won', 'lost'],
    ['won', 'locked'],
    'placed',
  ]);
  const [seq, balance] = [stage.books.lastTick()!.seq, stage.balance];
  await stage.downFor(15_000);
  expect(stage.books.lastTick()!.seq).toBe(seq);
  expect([
    ended(stage, bets[3]!),
    ended(stage, bets[4]!),
    stage.fate(held[0]!),
    ended(stage, bets[8]!),
  ]).toEqual([['won', 'void gap'], ['void gap', 'void gap'], 'void no_revision', ['locked', 'locked']]);
  expect(stage.balance - balance).toBe(4_000_000);
  await stage.recover(calm, false);
  await stage.play(3 * WINDOW_MS, calm);
  expect([
    ended(stage, bets[8]!),
    tapped(await stage.bet(6, [stage.rowAt(6, PRICE)])),
    stage.faults(),
  ]).toEqual([['won', 'lost'], 'accepted', []]);
}, 120_000);

test('server back by a clock that is ahead, and is set right then: what the start has decided is ' +
  'contradicted by no tick', async () => {
  const clock = new HandClock();
  const stage = await Stage.on(
    new WalkFeed({ seed: 'ahead', now: () => clock.now() }),
    clock,
    mkdtempSync(join(dir, 'ahead-')),
  );
  stages.push(stage);
  await stage.wait(2 * WINDOW_MS + QUOTED_MS);
  const rows = Array.from({ length: 16 }, (_, row) => row);
  const placed = [...(await stage.bet(2, rows)), ...(await stage.bet(3, rows))].filter((answer) =>
    UUID.test(answer),
  );
  await stage.wait(WINDOW_MS);
  const bets = placed.filter((id) => stage.fate(id) === 'locked');
  // Its hold is not over when the server goes.
  const [held] = (await stage.bet(3, [stage.rowAt(3, stage.books.lastTick()!.price / 100)])).filter(
    (answer) => UUID.test(answer),
  );
  const last = stage.books.lastTick()!;
  await stage.downFor(30_000);
  const startedAt = stage.now;
  expect([new Set(bets.map((id) => stage.fate(id))), stage.fate(held!)]).toEqual([
    new Set(['void gap']),
    'void no_revision',
  ]);
  clock.advance(-29_000);
  await stage.wait(20_000);
  expect(stage.engine.health().causes.map(({ cause }) => cause)).toContain('clock_step');
  await stage.wait(startedAt - stage.now);
  expect(stage.books.lastTick()).toEqual(last);
  await stage.wait(5_000);
  expect([stage.books.ticks(last.at + 1, Infinity, 1)[0]!.at, stage.faults()]).toEqual([
    startedAt + TICK_MS,
    [],
  ]);
}, 60_000);

test('server back on simulated prices: they decide no bet that was taken on live ones, and begin when the ' +
  'last window of those is over', async () => {
  const stage = await live();
  const beganAt = stage.now - (stage.now % WINDOW_MS);
  const bets: Record<string, readonly string[]> = {};
  for (const ahead of [2, 4, 8])
    bets[ahead] = await stage.bet(ahead, [stage.rowAt(ahead, PRICE), stage.rowAt(ahead, PRICE) + 1]);
  await stage.play(beganAt + 3 * WINDOW_MS + 500 - stage.now, calm);
  const { seq, price } = stage.books.lastTick()!;
  // Back within the gap that a path may have, and near the price: nothing but the rule keeps these ticks
  // away.
  await stage.downFor(1_000, new WalkFeed({ seed: 'other', startPrice: price, now: () => stage.now }));
  await stage.wait(beganAt + 9 * WINDOW_MS - TICK_MS - stage.now);
  expect([stage.books.lastTick()!.seq, ended(stage, bets[2]!), ended(stage, bets[4]!)]).toEqual([
    seq,
    ['won', 'lost'],
    ['void gap', 'void gap'],
  ]);
  await stage.wait(1_000);
  expect([ended(stage, bets[8]!), stage.books.ticks(beganAt + 3 * WINDOW_MS + 600, Infinity, 1)[0]]).toEqual([
    ['void gap', 'void gap'],
    expect.objectContaining({ seq: seq + 1, at: beganAt + 9 * WINDOW_MS }),
  ]);
  await stage.wait(45_000);
  expect([
    tapped(await stage.bet(4, [stage.rowAt(4, stage.books.lastTick()!.price / 100)])),
    stage.faults(),
  ]).toEqual(['accepted', []]);
}, 120_000);

test('a recording that begins again: the jump at its seam sweeps no row, silence over a window voids it, ' +
  'and the first tick counts as a point', async () => {
  const LENGTH_MS = 61_000;
  const [first, last] = [PRICE - 100, PRICE];
  const times = Float64Array.from({ length: LENGTH_MS / 1_000 + 1 }, (_, index) => index * 1_000);
  const prices = times.map((time, index) =>
    Math.round(((time < 10_000 ? first : last) + (index % 3) * 0.5) * 100),
  );
  const clock = new HandClock();
  const stage = await Stage.on(
    new ReplayFeed({ file: 'seam.csv', times, prices }, { loop: true, now: () => clock.now() }),
    clock,
    mkdtempSync(join(dir, 'seam-')),
  );
  stages.push(stage);
  const beganAt = stage.now;
  await stage.wait(45_000 + QUOTED_MS);
  const bets: string[] = [];
  for (const ahead of [2, 3, 4, 5, 6])
    bets.push(
      ...(
        await stage.bet(
          ahead,
          Array.from({ length: 16 }, (_, row) => row),
        )
      ).filter((answer) => UUID.test(answer)),
    );
  await stage.wait(40_000);
  const gaps = stage.books
    .ticks(0, Infinity, 10_000)
    .filter(({ at }, index, all) => index > 0 && at - all[index - 1]!.at > MAX_GAP_MS);
  expect(gaps.map(({ at }) => at - beganAt)).toEqual([LENGTH_MS + REPLAY_SEAM_MS]);

  const meets = ({ low, high }: { low: number; high: number }, price: number) =>
    low <= (price + 1) * 100 && high >= price * 100;
  const placeOf = (cell: { low: number; high: number }) =>
    meets(cell, last)
      ? 'last'
      : meets(cell, first)
        ? 'first'
        : cell.low > first * 100 && cell.high < last * 100
          ? 'between'
          : 'beyond';
  const fates: Record<string, string[]> = {};
  for (const id of bets) {
    const { cell } = stage.books.bet(id)!;
    const of = (fates[`${(cell.startMs - beganAt) / 1_000} s ${placeOf(cell)}`] ??= []);
    if (!of.includes(stage.fate(id))) of.push(stage.fate(id));
  }
  // Rows at the last price, between the two, at the first price, and further out. 61 to 71 s is silence.
  const expected: Readonly<Record<number, readonly string[]>> = {
    55: ['won', 'lost', 'lost', 'lost'],
    60: ['won', 'void gap', 'void gap', 'void gap'],
    65: ['void gap', 'void gap', 'void gap', 'void gap'],
    70: ['void gap', 'void gap', 'won', 'void gap'],
    75: ['lost', 'lost', 'won', 'lost'],
  };
  const places = ['last', 'between', 'first', 'beyond'] as const;
  const wanted = Object.entries(expected).flatMap(([at, all]) =>
    places.map((place, index) => [`${at} s ${place}`, [all[index]!]] as [string, string[]]),
  );
  expect(fates).toEqual(Object.fromEntries(wanted.filter(([name]) => name in fates)));
  for (const name of ['60 s last', '65 s last', '70 s last', '70 s between', '70 s first', '75 s first'])
    expect(fates).toHaveProperty([name]);
  expect(stage.faults()).toEqual([]);
}, 120_000);
