import type { NamedAccount } from '../../ports/books.ts';
import {
  LEADERBOARD_ORDERS,
  LEADERS_SHOWN,
  type Leaderboard,
  type LeaderboardOrder,
  type LeaderboardPeriod,
  type Leader,
} from '../../ports/crowd.ts';
import { PERIOD_MS, type Result, type Since } from './account-results.ts';

/** Whether somebody is in the list at all. */
const HAS_A_PLACE: Readonly<Record<LeaderboardOrder, (result: Result) => boolean>> = {
  profit: ({ profit }) => profit > 0,
  hit: ({ hit }) => hit !== null,
};

/** Of two with the same figure the other one decides, then the name, so that the order is everybody's. */
const BETTER: Readonly<Record<LeaderboardOrder, (a: Leader, b: Leader) => number>> = {
  profit: (a, b) => (b.profit ?? 0) - (a.profit ?? 0) || (b.hit ?? 0) - (a.hit ?? 0) || byName(a, b),
  hit: (a, b) => (b.hit ?? 0) - (a.hit ?? 0) || (b.profit ?? 0) - (a.profit ?? 0) || byName(a, b),
};

const byName = (a: Leader, b: Leader): number => (a.name < b.name ? -1 : 1);

/** The best of those who have agreed to be shown. */
export function leaderboardOf(
  period: LeaderboardPeriod,
  since: Since,
  named: Iterable<NamedAccount>,
  resultOf: (accountId: string) => Result | null,
): Leaderboard {
  const lists: Record<LeaderboardOrder, Leader[]> = { profit: [], hit: [] };
  for (const { accountId, name } of named) {
    const result = resultOf(accountId);
    if (result === null) continue;
    // A loss is nobody's business.
    const leader = { name, ...result, profit: result.profit > 0 ? result.profit : null };
    for (const order of LEADERBOARD_ORDERS)
      if (HAS_A_PLACE[order](result)) insert(lists[order], leader, BETTER[order]);
  }
  return { since: since[period], until: since[period] + PERIOD_MS[period], leaders: lists };
}

/** Keeps the list in its order and short. */
function insert(list: Leader[], leader: Leader, better: (a: Leader, b: Leader) => number): void {
  const last = list.at(-1);
  if (list.length >= LEADERS_SHOWN && last !== undefined && better(leader, last) > 0) return;
  const place = list.findIndex((other) => better(leader, other) < 0);
  list.splice(place < 0 ? list.length : place, 0, leader);
  if (list.length > LEADERS_SHOWN) list.pop();
}
