import { describe, expect, test } from 'bun:test';
import { cents } from '../../game/price.ts';
import type { VenuePrice } from '../../game/venue-price.ts';
import { HOLD_SPARE_MS, HEAD_STARTS_NEEDED } from '../../ports/head-start.ts';
import { HEAD_STARTS_KEPT_MAX } from './head-start-counts.ts';
import { FOLLOW_MS_MAX, HEAD_START_BP_MIN, HEAD_START_SIGMAS_MIN } from './head-start-watch.ts';
import { HeadStarts } from './head-starts.ts';

const VENUES = ['ahead', 'middle', 'last'] as const;
type Name = (typeof VENUES)[number];
const NOON = Date.UTC(2026, 5, 15, 12);
const TICK_MS = 100;

/** Three venues whose median is the tick; a test moves them and the clock. */
function market({ sigmaBp = 1, quorum = 2, simulated = false } = {}) {
  let hear: (price: VenuePrice) => void = () => {};
  const venues = { names: VENUES, onPrice: (heard: typeof hear) => void (hear = heard) };
  const headStarts = new HeadStarts({ holdMs: 400, tickMs: TICK_MS }, { simulated, quorum, venues });
  const prices: Record<Name, number> = { ahead: 7_600_100, middle: 7_600_000, last: 7_599_900 };
  let [at, seq] = [NOON, 0];
  const tick = () => {
    const price = cents(Object.values(prices).sort((a, b) => a - b)[1]!);
    const sources = VENUES.map((venue) => ({ venue, price: cents(prices[venue]) }));
    headStarts.onTick({ seq: ++seq, at, price, sources }, sigmaBp);
  };
  const speak = (venue: Name, exchangeAt: number | null = null) =>
    hear({ venue, price: cents(prices[venue]), at, exchangeAt });
  const go = (ms: number) => {
    for (const until = at + ms; at < until; ) {
      const next = Math.min(until, at - (at % TICK_MS) + TICK_MS);
      at = next;
      if (at % TICK_MS === 0) tick();
    }
  };
  const move = (venue: Name, bp: number, delayMs: number | null = null) => {
    prices[venue] = Math.round(prices[venue] * (1 + bp / 10_000));
    speak(venue, delayMs === null ? null : at - delayMs);
  };
  /** One venue moves, the others follow after so long; ticks come 100, 200 … ms after the move. */
  const moveAll = (middleMs: number, lastMs: number, bp = 5, delayMs: number | null = null) => {
    move('ahead', bp, delayMs);
    go(middleMs);
    move('middle', bp);
    go(lastMs - middleMs);
    move('last', bp);
    go(3_000 - lastMs);
  };
  for (const venue of VENUES) speak(venue);
  go(3_000);
  return { headStarts, go, move, moveAll, figures: () => headStarts.figures() };
}

test('who moves first, and how much later tick and venues follow, is found to the bucket', () => {
  const { figures, moveAll } = market();
  for (let i = 0; i < 5; i++) moveAll(130, 330, i % 2 === 0 ? 5 : -5);
  const { headStarts, tick, venues, takenBack, alone } = figures();
  expect([headStarts, takenBack, alone]).toEqual([5, 0, 0]);
  // Buckets grow by a tenth: what was recorded is right to within that.
  expect(tick.p50).toBeWithin(200, 221);
  expect(venues.map(({ venue, first }) => [venue, first])).toEqual([
    ['ahead', 5],
    ['middle', 0],
    ['last', 0],
  ]);
  expect(venues.map(({ behind }) => behind.count)).toEqual([0, 5, 5]);
  expect(venues[1]?.behind.p50).toBeWithin(130, 144);
  expect(venues[2]?.behind.p50).toBeWithin(330, 364);
});

describe('what is no head start', () => {
  test.each<[string, (at: ReturnType<typeof market>) => void, ended: readonly [number, number, number]]>([
    ['a move below a basis point', ({ moveAll }) => moveAll(200, 400, HEAD_START_BP_MIN * 0.9), [0, 0, 0]],
    ['a move of all in one tick', ({ moveAll }) => moveAll(0, 0), [1, 0, 0]],
    [
      'a drift that the tick follows as it goes',
      ({ move, go }) => {
        for (let i = 0; i < 100; i++) {
          for (const venue of VENUES) move(venue, 0.3);
          go(TICK_MS);
        }
      },
      [0, 0, 0],
    ],
    [
      'a move that its venue takes back',
      ({ move, go }) => {
        move('ahead', 5);
        go(300);
        move('ahead', -5);
        go(3_000);
      },
      [0, 1, 0],
    ],
    [
      'a move that nobody follows',
      ({ move, go }) => {
        move('ahead', 5);
        go(FOLLOW_MS_MAX + TICK_MS);
      },
      [0, 0, 1],
    ],
  ])('%s', (_, play, [headStarts, takenBack, alone]) => {
    const at = market();
    play(at);
    expect(at.figures()).toMatchObject({ headStarts, takenBack, alone });
  });

  test('a move that is usual for the volatility of now', () => {
    const at = market({ sigmaBp: 4 });
    at.moveAll(200, 400, 4 * HEAD_START_SIGMAS_MIN - 0.1);
    expect(at.figures().headStarts).toBe(0);
    at.moveAll(200, 400, 4 * HEAD_START_SIGMAS_MIN + 0.1);
    expect(at.figures().headStarts).toBe(1);
  });
});

test('a hold is proposed from the 300th head start on, and nothing is known before: no percentile is 0', () => {
  const { figures, moveAll, headStarts } = market();
  expect(figures()).toMatchObject({
    state: 'measuring',
    proposedHoldMs: null,
    remainingMs: null,
    tick: { count: 0, p50: null, p90: null, p99: null },
  });
  for (let i = 0; i < HEAD_STARTS_NEEDED - 1; i++)
    moveAll(i % 100 < 2 ? 850 : 150, 950, i % 2 === 0 ? 5 : -5);
  expect(figures()).toMatchObject({
    state: 'measuring',
    proposedHoldMs: null,
    headStarts: HEAD_STARTS_NEEDED - 1,
  });
  expect(figures().remainingMs).toBeWithin(3_000, 3_020);
  expect(headStarts.isMeasured).toBe(false);
  moveAll(150, 950);
  const { state, proposedHoldMs, remainingMs, ahead } = figures();
  expect([state, remainingMs, headStarts.isMeasured]).toEqual(['measured', null, true]);
  // Two moves in a hundred take 0.9 s: those decide.
  expect(ahead.p99).toBeWithin(900, 991);
  expect(proposedHoldMs).toBeWithin(900 + HOLD_SPARE_MS, 991 + HOLD_SPARE_MS + 10);
});

test('what a price was on its way, by the time of its venue, is part of the head start', () => {
  const { figures, moveAll } = market();
  for (let i = 0; i < 5; i++) moveAll(150, 250, 5, 250);
  expect(figures().tick.p50).toBeWithin(200, 221);
  expect(figures().ahead.p50).toBeWithin(450, 496);
  // A clock that is behind the venue's makes nothing younger than now.
  const behind = market();
  for (let i = 0; i < 5; i++) behind.moveAll(150, 250, 5, -250);
  expect(behind.figures().ahead.p50).toBeWithin(200, 221);
});

test('the age of the price that a tick is made of is measured', () => {
  const { figures, go, move } = market();
  for (let i = 0; i < 300; i++) {
    move('ahead', 0.01);
    go(TICK_MS);
  }
  const [ahead, middle] = figures().venues;
  expect(ahead?.age.p50).toBeWithin(100, 111);
  expect(middle?.age.p50).toBeGreaterThan(10_000);
});

test('what was measured goes on after a restart, unless the oracle is another one', () => {
  const before = market();
  for (let i = 0; i < 7; i++) before.moveAll(200, 400);
  const kept = JSON.parse(JSON.stringify(before.headStarts.kept()));
  const after = market();
  after.headStarts.restore(kept);
  after.moveAll(200, 400);
  const { headStarts, tick, venues } = after.figures();
  expect([headStarts, venues[0]?.first, venues[1]?.behind.count]).toEqual([8, 8, 8]);
  expect(tick.p50).toBe(before.figures().tick.p50);
  const other = market({ quorum: 3 });
  other.headStarts.restore(kept);
  expect(other.figures().headStarts).toBe(0);
});

test('old head starts fade: there are never more than so many', () => {
  const { figures, headStarts, moveAll } = market();
  for (let i = 0; i < 3; i++) moveAll(200, 400);
  const kept = headStarts.kept();
  const often = ({ sumMs, counts }: typeof kept.tick) => ({
    sumMs: sumMs * 1_330,
    counts: counts.map(([bucket, count]) => [bucket, count * 1_330] as const),
  });
  headStarts.restore({ ...kept, tick: often(kept.tick), ahead: often(kept.ahead) });
  for (let i = 0; i < 8; i++) moveAll(200, 400);
  expect(figures().headStarts).toBeWithin(HEAD_STARTS_KEPT_MAX / 2, HEAD_STARTS_KEPT_MAX / 2 + 10);
  expect(figures().state).toBe('measured');
});

test('simulated prices have nobody who could be ahead', () => {
  const { headStarts } = market({ simulated: true });
  expect([headStarts.figures().state, headStarts.isMeasured]).toEqual(['not-needed', true]);
});
