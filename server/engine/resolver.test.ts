import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Bet } from '../game/bet.ts';
import type { Cell } from '../game/grid.ts';
import { dollars, micros, multiplier } from '../game/money.ts';
import { RULE_VERSION, type RuleVersion } from '../game/path.ts';
import type { Cents } from '../game/price.ts';
import { resolve } from '../game/resolution.ts';
import { medianOf, type Tick } from '../game/tick.ts';
import type { BetClosing } from '../ports/ledger.ts';
import { closingOf, Resolver } from './resolver.ts';

const GAP = 3_000;
const WINDOW = 5_000;

const lockedBet = (id: string, cell: Cell, rule: RuleVersion = RULE_VERSION): Bet => ({
  id,
  rule,
  accountId: 'a',
  currency: 'PLAY',
  simulated: true,
  cell,
  stake: dollars(1),
  shown: multiplier(200),
  shownRevision: 1,
  guardPercent: 80,
  placedAt: 0,
  lockAt: 0,
  locked: multiplier(200),
  lockedRevision: 1,
  status: 'locked',
  payout: micros(0),
  closedAt: null,
  closedTick: null,
  voidReason: null,
});

const steps = fc.array(
  fc.record({
    by: fc.oneof(
      { weight: 8, arbitrary: fc.constant(100) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 9_000 }) },
    ),
    price: fc.integer({ min: 90, max: 160 }),
    apart: fc.integer({ min: 0, max: 30 }),
    venues: fc.constantFrom('abc', 'abc', 'abc', 'ab', 'ac', 'd'),
  }),
  { minLength: 5, maxLength: 120 },
);
const cells = fc.array(
  fc.record({
    column: fc.integer({ min: 1, max: 5 }),
    low: fc.integer({ min: 80, max: 165 }),
    height: fc.integer({ min: 1, max: 20 }),
    addedAfter: fc.integer({ min: 0, max: 60 }),
    rule: fc.constantFrom<RuleVersion>(1, 2),
  }),
  { minLength: 1, maxLength: 40 },
);

describe('Resolver', () => {
  test(
    'decides every bet as the pure function does from the whole log, whenever the bet was added and ' +
      'whether or not the clock was asked in between',
    () => {
      fc.assert(
        fc.property(steps, cells, fc.boolean(), (path, wanted, asksClock) => {
          let at = 1_000;
          const log: Tick[] = path.map(({ by, price, apart, venues }, index) => {
            const sources = [...venues].map((venue, place) => ({
              venue,
              price: (price + place * apart) as Cents,
            }));
            return {
              seq: index + 1,
              at: (at += by),
              price: medianOf(sources.map((source) => source.price)),
              sources,
            };
          });
          const bets = wanted.map(({ column, low, height, addedAfter, rule }, index) => ({
            addedAfter: Math.min(addedAfter, log.length - 1),
            bet: lockedBet(
              String(index),
              {
                startMs: column * WINDOW,
                windowMs: WINDOW,
                low: low as Cents,
                high: (low + height) as Cents,
              },
              rule,
            ),
          }));
          const resolver = new Resolver(() => GAP);
          const closed = new Map<string, BetClosing>();
          const close = (closings: readonly (BetClosing | null)[]) => {
            for (const closing of closings) {
              if (closing === null) continue;
              expect(closed.has(closing.betId)).toBe(false);
              closed.set(closing.betId, closing);
            }
          };
          log.forEach((tick, index) => {
            if (asksClock) close(resolver.onSilence(tick.at - 1));
            close(resolver.onTick(tick));
            for (const { bet, addedAfter } of bets)
              if (addedAfter === index) close([resolver.add(bet, tick.at, () => log.slice(0, index + 1))]);
          });
          const last = log.at(-1)!;
          for (const { bet } of bets)
            expect(closed.get(bet.id) ?? null).toEqual(
              closingOf(bet.id, resolve(bet.cell, log, { version: bet.rule, maxGapMs: GAP }, last.at)),
            );
          close(resolver.onSilence(last.at + 60_000));
          for (const { bet } of bets)
            expect(closed.get(bet.id)).toEqual(
              closingOf(
                bet.id,
                resolve(bet.cell, log, { version: bet.rule, maxGapMs: GAP }, last.at + 60_000),
              )!,
            );
        }),
        { numRuns: 300 },
      );
    },
  );

  test('a tick that touches nothing closes nothing, and bets in later columns are not checked', () => {
    const resolver = new Resolver(() => GAP);
    for (let index = 0; index < 1_000; index++)
      resolver.add(
        lockedBet(String(index), {
          startMs: 100 * WINDOW,
          windowMs: WINDOW,
          low: 100 as Cents,
          high: 110 as Cents,
        }),
        0,
        () => [],
      );
    expect(resolver.onTick({ seq: 1, at: 1_000, price: 105 as Cents, sources: [] })).toEqual([]);
  });
});
