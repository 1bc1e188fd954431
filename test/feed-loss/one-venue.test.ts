import { afterAll, afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../exchange-replica/hand-clock.ts';
import { TICK_MS, WINDOW_MS } from './house.ts';
import { Stage, VENUES, type VenueName } from './stage.ts';

/** No single venue decides a bet, whatever two of three do at the same time. */

const dir = mkdtempSync(join(tmpdir(), 'tapgrid-one-venue-'));
const stages: Stage[] = [];
afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const PRICE = 76_010;
/** Moves all the time, by less than a row. */
const calm = (at: number): number => PRICE + ((at / TICK_MS) % 3) * 0.5;
/** Within half a per cent, so that the venue is no outlier, and far beyond half a row. */
const NONSENSE = 0.003;
const UUID = /^[0-9a-f-]{36}$/;

async function live(): Promise<Stage> {
  const stage = await Stage.live(mkdtempSync(join(dir, 'live-')));
  stages.push(stage);
  await stage.play(2 * WINDOW_MS + 2 * TICK_MS - (stage.now % WINDOW_MS), calm);
  return stage;
}

/** A bet on the row of the price, and one on each row above it that is for sale. */
async function bets(stage: Stage, ahead: number): Promise<{ inside: string; above: readonly string[] }> {
  const row = stage.rowAt(ahead, PRICE);
  const [inside = '', ...above] = (
    await stage.bet(
      ahead,
      Array.from({ length: 16 - row }, (_, index) => row + index),
    )
  ).filter((id) => UUID.test(id));
  expect(stage.books.bet(inside)?.cell.low).toBe(7_600_000 as never);
  expect(above.length).toBeGreaterThanOrEqual(2);
  return { inside, above };
}

type Act = (stage: Stage, venue: VenueName, beginning: boolean) => Promise<void>;

async function dropped(stage: Stage, venue: VenueName, bid: string, ask: string): Promise<void> {
  const before = stage.status(venue).counters.dropped;
  stage.replica!.quote(venue, bid, ask, stage.now);
  await until(() => stage.status(venue).counters.dropped > before, 'the refusal of the book');
}

/** Ways in which a venue says nothing that counts. */
const GONE: Readonly<Record<string, Act>> = {
  away: async (stage, venue, beginning) => {
    if (!beginning) return;
    stage.replica!.refuse(venue, 503);
    stage.replica!.kill(venue);
    await until(() => stage.status(venue).state !== 'open', 'the loss');
  },
  crossed: (stage, venue) => dropped(stage, venue, '76020.00', '76010.00'),
  silent: async (stage, venue, beginning) => (beginning ? stage.mute([venue]) : undefined),
  'without quotes': async () => {},
  skewed: (stage, venue) => stage.says(venue, calm(stage.now), -3_000),
};
const fine: Act = (stage, venue) => stage.says(venue, calm(stage.now));
const nonsense =
  (share: number): Act =>
  (stage, venue) =>
    stage.says(venue, calm(stage.now) * (1 + share));

interface Row {
  readonly kraken: string;
  readonly bitstamp: string;
  readonly acts: readonly [Act, Act];
  readonly ticks: 'all' | 'none';
  readonly sources: number;
  readonly state: 'closed' | 'degraded' | 'open';
}
const gone = Object.entries(GONE);
const ROWS: readonly Row[] = [
  { kraken: 'fine', bitstamp: 'fine', acts: [fine, fine], ticks: 'all', sources: 3, state: 'closed' },
  ...gone.map(
    ([name, act]): Row => ({
      kraken: name,
      bitstamp: 'fine',
      acts: [act, fine],
      ticks: 'all',
      sources: 2,
      state: 'closed',
    }),
  ),
  {
    kraken: 'nonsense',
    bitstamp: 'fine',
    acts: [nonsense(NONSENSE), fine],
    ticks: 'all',
    sources: 3,
    state: 'degraded',
  },
  ...gone.flatMap(([name, act], index) =>
    gone.slice(index).map(
      ([other, too]): Row => ({
        kraken: name,
        bitstamp: other,
        acts: [act, too],
        ticks: 'none',
        sources: 1,
        state: 'open',
      }),
    ),
  ),
  ...gone.map(
    ([name, act]): Row => ({
      kraken: name,
      bitstamp: 'nonsense',
      acts: [act, nonsense(NONSENSE)],
      ticks: 'none',
      sources: 2,
      state: 'open',
    }),
  ),
  {
    kraken: 'nonsense',
    bitstamp: 'nonsense the other way',
    acts: [nonsense(NONSENSE), nonsense(-NONSENSE)],
    ticks: 'none',
    sources: 3,
    state: 'open',
  },
];

describe('combinations, with coinbase right all the time', () => {
  test.each(ROWS)(
    'kraken $kraken, bitstamp $bitstamp: ticks $ticks',
    async ({ acts, ticks, sources, state }) => {
      const stage = await live();
      const began = stage.now - (stage.now % WINDOW_MS);
      // The trouble begins with window 1, and all its delays are over when window 3 opens.
      const { inside, above } = await bets(stage, 3);
      await stage.play(began + WINDOW_MS - stage.now, calm);
      let last = stage.books.lastTick()!;
      const pauses = new Set<string | null>();
      for (let beginning = true; stage.now < began + 4 * WINDOW_MS + 3_500; beginning = false) {
        stage.clock.advance(TICK_MS);
        await stage.says('coinbase', calm(stage.now));
        await acts[0](stage, 'kraken', beginning);
        await acts[1](stage, 'bitstamp', beginning);
        stage.engine.step(stage.now);
        await stage.engine.batcher.drained();
        if (stage.now === began + 3 * WINDOW_MS) last = stage.books.lastTick()!;
        if (stage.now > began + 3 * WINDOW_MS) pauses.add(stage.engine.board()!.revision.pause);
        expect(Math.abs(stage.books.lastTick()!.price / 100 - PRICE)).toBeLessThan(2);
      }
      const made = stage.books.lastTick()!.seq - last.seq;
      expect({
        ticks: made === 0 ? 'none' : made === (WINDOW_MS + 3_500) / TICK_MS ? 'all' : `${made}`,
        sources: stage.feed.sample(stage.now).length,
        state: stage.engine.health().state,
        inside: stage.fate(inside),
        above: [...new Set(above.map((id) => stage.fate(id)))],
        faults: stage.faults(),
      }).toEqual({
        ticks,
        sources,
        state,
        inside: ticks === 'all' ? 'won' : 'void gap',
        above: [ticks === 'all' ? 'lost' : 'void gap'],
        faults: [],
      });
      if (state === 'degraded') expect([...pauses]).toEqual(['venues_apart']);
    },
    60_000,
  );
});

describe('two venues are left', () => {
  const two: readonly VenueName[] = ['coinbase', 'kraken'];
  async function withTwo() {
    const stage = await live();
    stage.replica!.refuse('bitstamp', 503);
    stage.replica!.kill('bitstamp');
    await until(() => stage.status('bitstamp').state !== 'open', 'the loss');
    await stage.play(2_000, calm, two);
    await stage.play(WINDOW_MS + 2 * TICK_MS - (stage.now % WINDOW_MS), calm, two);
    return stage;
  }

  test('a tenth of a second of nonsense by one of them wins nothing and voids nothing', async () => {
    const stage = await withTwo();
    const { inside, above } = await bets(stage, 2);
    await stage.play(2 * WINDOW_MS + 2_000, calm, two);
    const { seq } = stage.books.lastTick()!;
    await stage.step({ coinbase: PRICE * 1.0045, kraken: PRICE });
    expect(stage.books.lastTick()!.seq).toBe(seq);
    await stage.play(WINDOW_MS, calm, two);
    expect([
      stage.fate(inside),
      [...new Set(above.map((id) => stage.fate(id)))],
      stage.faults(),
      stage.engine.health().state,
    ]).toEqual(['won', ['lost'], [], 'closed']);
  }, 60_000);

  test('who stands apart for long is named, and bets come back', async () => {
    const stage = await withTwo();
    const { inside, above } = await bets(stage, 3);
    await stage.play(WINDOW_MS, calm, two);
    const end = stage.now + 4 * WINDOW_MS;
    while (stage.now < end)
      await stage.step({ coinbase: calm(stage.now) * (1 + NONSENSE), kraken: calm(stage.now) });
    const { causes } = stage.engine.health();
    expect(causes.find(({ cause }) => cause === 'venues_apart')?.detail).toMatch(
      /^the exchanges differ by \$\d+\.\d\d, more than half a row of \$\d+\.\d\d$/,
    );
    expect(causes.map(({ cause }) => cause)).not.toContain('no_quorum');
    expect([stage.fate(inside), [...new Set(above.map((id) => stage.fate(id)))], stage.faults()]).toEqual([
      'void gap',
      ['void gap'],
      [],
    ]);
  }, 60_000);

  test('apart by less than half a row they decide', async () => {
    const stage = await withTwo();
    const half = stage.engine.board()!.columns[0]!.band / 200;
    const { inside } = await bets(stage, 2);
    const end = stage.now + 3 * WINDOW_MS;
    while (stage.now < end) await stage.step({ coinbase: PRICE + half - 0.01, kraken: PRICE });
    expect([stage.fate(inside), stage.engine.health().state]).toEqual(['won', 'closed']);
  }, 60_000);
});

test('a venue goes and takes the price along: nothing is drawn over the jump, and the new price counts as ' +
  'a point', async () => {
  const stage = await live();
  const JUMP = 45;
  const { above } = await bets(stage, 2);
  await stage.play(2 * WINDOW_MS + 500, calm);
  // Coinbase and Kraken stand where they stood, Bitstamp is gone ahead; then Coinbase goes, and Kraken
  // follows within two seconds.
  for (let i = 0; i < 5; i++)
    await stage.step({
      coinbase: calm(stage.now),
      kraken: calm(stage.now),
      bitstamp: calm(stage.now) + JUMP,
    });
  stage.replica!.refuse('coinbase', 503);
  stage.replica!.kill('coinbase');
  await until(() => stage.status('coinbase').state !== 'open', 'the loss');
  const { seq, price } = stage.books.lastTick()!;
  for (let i = 0; i < 10; i++)
    await stage.step({ kraken: calm(stage.now), bitstamp: calm(stage.now) + JUMP });
  expect(stage.books.lastTick()!.seq).toBe(seq);
  for (let i = 0; i < 2 * (WINDOW_MS / TICK_MS); i++)
    await stage.step({ kraken: calm(stage.now) + JUMP, bitstamp: calm(stage.now) + JUMP });
  expect(
    stage.books.ticks(0, Infinity, 10_000).find((tick) => tick.seq === seq + 1)!.price - price,
  ).toBeGreaterThan(4_000);
  const reached = (id: string) => {
    const { low, high } = stage.books.bet(id)!.cell;
    return low <= (PRICE + JUMP + 1) * 100 && high >= (PRICE + JUMP) * 100;
  };
  expect(
    [...new Set(above.map((id) => `${reached(id) ? 'reached' : 'not reached'} ${stage.fate(id)}`))].sort(),
  ).toEqual(['not reached lost', 'reached won']);
  expect(stage.faults()).toEqual([]);
}, 60_000);

test('all exchanges tell another time than this machine: no tick, and it is said whose clock is wrong', async () => {
  const stage = await live();
  const { seq } = stage.books.lastTick()!;
  for (let i = 0; i < 40; i++) {
    stage.clock.advance(TICK_MS);
    for (const venue of VENUES) await stage.says(venue, calm(stage.now), -3_000);
    stage.engine.step(stage.now);
  }
  const { causes } = stage.engine.health();
  expect(causes.find(({ cause }) => cause === 'clock_off')?.detail).toBe(
    "this machine's clock is 3.0 s behind the exchanges",
  );
  expect(stage.books.lastTick()!.seq).toBe(seq);
}, 60_000);
