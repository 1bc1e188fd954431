import { expect, test } from 'bun:test';
import { dollars, type Multiplier } from '../../server/game/money.ts';
import type { Operation, PlaceBets } from '../../server/ports/ledger.ts';
import { cellAt, codesOf, limit, MIDNIGHT, NOON, opening, order, place, type Desk } from './scenario.ts';

/**
 * What happens to Ada's account one after the other: how each operation is answered, and what she has then.
 */
export interface Course {
  readonly title: string;
  readonly rows: readonly Row[];
}
type Row = readonly [event: string, operation: Operation, heard: readonly string[], balance: number];

export const BEFORE = MIDNIGHT - 1;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Taps of ten dollars each on cells of their own, filled at 2.00×. */
export const tap = (nonce: number, at: number, over: Partial<PlaceBets> = {}): Operation =>
  place(
    `n${nonce}`,
    [
      order(`b${nonce}`, cellAt(nonce + Math.ceil((at - NOON) / 5000)), 10, {
        filled: { multiplier: 200 as Multiplier, revision: 1 },
      }),
    ],
    { at, ...over },
  );
export const win = (bet: number, at: number): Operation => ({
  kind: 'close-bets',
  closings: [{ betId: `b${bet}`, outcome: 'won', tickSeq: 1, closedAt: at }],
  at,
});
export const lose = (bet: number, at: number): Operation => ({
  kind: 'close-bets',
  closings: [{ betId: `b${bet}`, outcome: 'lost', tickSeq: 1, closedAt: at }],
  at,
});
export const take = (amount: number): Operation => ({
  kind: 'post-transfer',
  accountId: 'ada',
  amount: dollars(amount),
  entry: 'withdrawal',
  at: NOON,
});
export const refill = (at: number, accountId = 'ada'): Operation => ({
  kind: 'refill',
  accountId,
  below: dollars(5),
  upTo: dollars(1000),
  at,
});
/** A daily loss limit of so many dollars, null for none. */
export const loss = (dailyLoss: number | null, at = NOON): Operation =>
  limit({ dailyLoss: dailyLoss === null ? null : dollars(dailyLoss) }, at);

export const OK = ['accepted'];

/** The rows once in one life, once with a restart before each: nothing in memory may be lost that decides. */
export function runCourses(desk: Desk, courses: readonly Course[]): void {
  for (const { title, rows } of courses)
    for (const restarts of [false, true]) {
      test(`${title}${restarts ? ' (with a restart before each event)' : ''}`, async () => {
        await desk.start();
        await desk.commit(...opening('ada'));
        for (const [event, operation, heard, balance] of rows) {
          if (restarts) await desk.reopen();
          const result = (await desk.commit(operation)).results[0]!;
          const codes =
            result.kind === 'limits'
              ? [result.refused].filter((code) => code !== null)
              : result.kind === 'placed' || result.kind === 'refused'
                ? codesOf(result)
                : [];
          expect([event, codes, desk.balance()]).toEqual([event, heard, balance]);
        }
      });
    }
}
