import { describe, expect, test } from 'bun:test';
import { dollars } from '../../server/game/money.ts';
import { CHANGES_PER_DAY_MAX } from '../../server/game/own-limits.ts';
import type { Operation, OperationResult } from '../../server/ports/ledger.ts';
import { limit, NOON, opening, type Desk } from './scenario.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const loss = (dailyLoss: number | null): Operation =>
  limit({ dailyLoss: dailyLoss === null ? null : dollars(dailyLoss) });

/** How often traders may change what they set for themselves. */
export function ownLimitsContract(desk: Desk): void {
  describe('changes of own limits', () => {
    test('an account changes its limits so often in a day; what only protects more is taken whatever came before', async () => {
      await desk.start();
      await desk.commit(
        ...opening('ada'),
        ...Array.from({ length: CHANGES_PER_DAY_MAX }, (_, n) => limit({ guardPercent: 51 + (n % 2) })),
      );
      const told = async (operation: Operation) =>
        (await desk.commit(operation)).results[0] as Extract<OperationResult, { kind: 'limits' }>;
      const refused = async (operation: Operation) => (await told(operation)).refused;
      expect(await told(limit({ guardPercent: 60 }, NOON + HOUR))).toMatchObject({
        refused: 'rate_limited',
        freeAt: NOON + DAY,
      });
      expect(await refused(limit({ guardPercent: 52 }))).toBeNull();
      expect(await refused(loss(25))).toBeNull();
      expect(await refused(loss(20))).toBeNull();
      expect(await refused(loss(30))).toBe('rate_limited');
      expect(await refused(loss(null))).toBe('rate_limited');
      expect(await refused(limit({ dailyLoss: dollars(10), reminderMinutes: 30 }))).toBe('rate_limited');
      expect(await refused(limit({ pause: 'day' }))).toBeNull();
      expect(await refused(limit({ pause: 'week' }))).toBeNull();
      expect((await desk.reopen()).account('ada')!.limits).toMatchObject({
        dailyLoss: dollars(20),
        loosening: null,
        pausedUntil: NOON + 7 * DAY,
        guardPercent: 52,
      });
      expect(await refused(limit({ guardPercent: 60 }, NOON + DAY - 1))).toBe('rate_limited');
      expect(await refused(limit({ guardPercent: 60 }, NOON + DAY))).toBeNull();
    });

    test('a loosening is called off whatever came before', async () => {
      await desk.start();
      await desk.commit(
        ...opening('ada'),
        loss(10),
        loss(20),
        ...Array.from({ length: CHANGES_PER_DAY_MAX }, (_, n) => limit({ guardPercent: 51 + (n % 2) })),
      );
      expect((await desk.commit(loss(10))).results).toMatchObject([
        { refused: null, limits: { dailyLoss: dollars(10), loosening: null } },
      ]);
      expect((await desk.commit(loss(20))).results).toMatchObject([{ refused: 'rate_limited' }]);
    });
  });
}
