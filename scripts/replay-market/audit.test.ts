import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { parseRecording, type Recording } from '../../server/feed/recording.ts';
import { Walk } from '../../server/feed/walk.ts';
import type { Bet, BetStatus } from '../../server/game/bet.ts';
import type { Cents } from '../../server/game/price.ts';
import { auditBets, type Audit } from './audit.ts';
import { betIdOf, engineOptions, openHouse, type BetLog, type ReplayHouse } from './house.ts';
import { readOptions, type Options } from './options.ts';
import { playTape } from './replay.ts';
import { Tape } from './tape.ts';

/** Walk of so many seconds with a hole of 70 s after the second minute. */
function recordingOf(seconds: number): Recording {
  const walk = new Walk({ seed: 'audit', volatilityBp: 2 });
  const rows = Array.from(
    { length: seconds * 10 },
    (_, index) =>
      `${1_700_000_000_300 + index * 100 + (index >= 1_200 ? 70_000 : 0)},${(walk.step() / 100).toFixed(2)}`,
  );
  const read = parseRecording('walk.csv', `ts_ms,price\n${rows.join('\n')}\n`);
  if ('error' in read) throw new Error(read.error.message);
  return read.ok;
}

const optionsWith = (ledger: Options['ledger']): Options =>
  readOptions('walk.csv', {
    traders: 'random,sniper:0.5',
    lock: 'both',
    hold: 400,
    'taps-per-second': '4',
    'tap-from': undefined,
    'watch-frozen': false,
    'scale-price': '1',
    'limit-minutes': undefined,
    ledger,
    seed: 1,
  });

async function played(
  holdMs: number,
  ledger: Options['ledger'],
): Promise<{ house: ReplayHouse; audit: (log?: BetLog) => Promise<Audit> }> {
  const replay = optionsWith(ledger);
  const engine = engineOptions(replay, holdMs);
  const tape = new Tape(recordingOf(240), engine.windows[0]!);
  const house = await openHouse(tape, engine, ledger);
  const { endedAt } = await playTape(house, tape, replay, { stopped: () => false, onStep() {} });
  return {
    house,
    audit: (log = house.log) =>
      auditBets(log, house.issued(), 2, { holdMs, maxGapMs: engine.maxGapMs, until: endedAt }),
  };
}

describe.each([
  [400, 'full'],
  [400, 'none'],
  [0, 'full'],
  [0, 'none'],
] as const)('audit with a hold of %d ms, ledger %s', (holdMs, ledger) => {
  let run: Awaited<ReturnType<typeof played>>;
  beforeAll(async () => {
    run = await played(holdMs, ledger);
  });
  afterAll(() => run.house.close());

  test('every bet of a replay with a gap comes out as its ticks and revisions say', async () => {
    const { checked, mismatches, examples, outcomes } = await run.audit();
    expect(examples).toEqual([]);
    expect([mismatches, checked]).toEqual([0, run.house.engine.counters().accepted]);
    const sum = (of: (outcome: (typeof outcomes)[number]) => number | undefined) =>
      outcomes.reduce((total, outcome) => total + (of(outcome) ?? 0), 0);
    expect(sum(({ won }) => won)).toBeGreaterThan(20);
    expect(sum(({ lost }) => lost)).toBeGreaterThan(20);
    expect(sum(({ voids }) => voids.gap)).toBeGreaterThan(5);
    expect(sum(({ voids }) => voids.moved) > 0).toBe(holdMs > 0);
    expect(sum(({ open }) => open)).toBe(0);
    expect(run.house.invariants()).toEqual(ledger === 'full' ? [] : null);
  });

  const TAMPERED: readonly (readonly [
    what: string,
    status: BetStatus,
    change: (bet: Bet) => Partial<Bet>,
  ])[] = [
    ['a better multiplier', 'won', (bet) => ({ locked: (bet.locked! + 1) as Bet['locked'] })],
    ['another revision', 'lost', (bet) => ({ lockedRevision: bet.lockedRevision! + 1 })],
    [
      'a shown multiplier that was never on offer',
      'lost',
      (bet) => ({ shown: (bet.shown + 1) as Bet['shown'] }),
    ],
    ['a payout that is too small', 'won', (bet) => ({ payout: (bet.payout - 1) as Bet['payout'] })],
    ['a win that is called lost', 'won', () => ({ status: 'lost', payout: 0 as Bet['payout'] })],
    [
      'a loss that is called won',
      'lost',
      (bet) => ({ status: 'won', payout: Math.floor((bet.stake * bet.locked!) / 100) as Bet['payout'] }),
    ],
    ['another deciding tick', 'won', (bet) => ({ closedTick: bet.closedTick! + 1 })],
    [
      'a refund that is called lost',
      'void',
      () => ({ status: 'lost', voidReason: null, payout: 0 as Bet['payout'] }),
    ],
    ['a refund that was not whole', 'void', (bet) => ({ payout: (bet.stake - 1) as Bet['payout'] })],
  ];
  test.each(TAMPERED)('finds %s', async (_, status, change) => {
    const { log } = run.house;
    const number = Array.from({ length: run.house.issued() }, (_, index) => index + 1).find(
      (one) => log.bet(betIdOf(one))?.status === status,
    )!;
    const id = betIdOf(number);
    const { mismatches, examples } = await run.audit({
      ...views(log),
      bet: (asked) => (asked === id ? { ...log.bet(id)!, ...change(log.bet(id)!) } : log.bet(asked)),
    });
    expect([mismatches, examples[0]?.betId]).toEqual([1, id]);
  });

  test('finds a tick that was changed', async () => {
    const { log } = run.house;
    const changed: BetLog = {
      ...views(log),
      ticksOf: (cell) => log.ticksOf(cell).map((tick) => ({ ...tick, price: (tick.price * 2) as Cents })),
    };
    expect((await run.audit(changed)).mismatches).toBeGreaterThan(20);
  });
});

/** The log as plain functions, so that one of them can be replaced. */
const views = (log: BetLog): BetLog => ({
  bet: (id) => log.bet(id),
  revision: (number) => log.revision(number),
  revisionFrom: (at) => log.revisionFrom(at),
  ticksOf: (cell) => log.ticksOf(cell),
});
