import { resolve } from '../../server/game/resolution.ts';
import type { Store } from '../../server/store/store.ts';
import { MAX_GAP_MS } from './house.ts';

/** Ticks that go back or have holes, and bets whose end the log of ticks does not give. */
export function logFaults(books: Store['books'], betIds: Iterable<string>): string[] {
  const ticks = books.ticks(0, Infinity, 10_000);
  const faults = ticks.flatMap(({ seq, at }, index) => {
    const before = ticks[index - 1];
    return before !== undefined && (at <= before.at || seq !== before.seq + 1) ? [`tick ${seq}`] : [];
  });
  for (const id of betIds) {
    const bet = books.bet(id)!;
    if (bet.locked === null || bet.closedAt === null) continue;
    const { outcome } = resolve(
      bet.cell,
      books.ticksOf(bet.cell),
      { version: bet.rule, maxGapMs: MAX_GAP_MS },
      Math.max(bet.closedAt, books.ledgerOf(id).at(-1)!.at),
    );
    if (outcome !== bet.status) faults.push(`${id} is ${bet.status}, the log says ${outcome}`);
  }
  return faults;
}
