import { expect } from 'bun:test';
import type { Machine } from './machine.ts';
import type { Player, SeenAccount } from './player.ts';

/** Micro-dollars that a practice account begins with. */
const GRANT = 10_000_000_000;
const BETS_A_TURN = 6;

/** To the micro-dollar: the grant, less every stake, with every payout, as the statement has it too. */
export function expectBalanced({ balance, open, closed, amounts }: SeenAccount): void {
  const bets = [...open, ...closed];
  expect(balance).toBe(bets.reduce((sum, { stake, payout }) => sum - stake + payout, GRANT));
  expect(balance).toBe(amounts.reduce((sum, amount) => sum + amount, 0));
}

/** Every bet that was acknowledged is there, once, and no other. */
export function expectAll({ open, closed }: SeenAccount, acknowledged: readonly string[]): void {
  expect([...open, ...closed].map(({ id }) => id).sort()).toEqual(acknowledged.toSorted());
}

/** Taps are taken and decided, and the account has all that was ever acknowledged. */
export async function playOn(machine: Machine, player: Player): Promise<void> {
  await machine.untilPlay();
  await player.play(BETS_A_TURN);
  const seen = await player.settled();
  expectAll(seen, player.acknowledged);
  expectBalanced(seen);
}
