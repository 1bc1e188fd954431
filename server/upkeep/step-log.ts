import type { Events, Silence } from '../ports/events.ts';
import type { Bet, BetStatus } from '../game/bet.ts';
import type { Log } from './log.ts';

/** Bets that one line names; the others are counted. */
export const NAMED_BETS_MAX = 20;

/**
 * What `LOG_LEVEL=debug` says beside the orders: each tick with its sources, each board of a revision, what
 * became of bets after each commit, and from when to when no tick was made. A line for each, of fields that
 * are named here; nothing is listened to at other levels.
 */
export function logSteps(events: Events, log: Pick<Log, 'debug' | 'isLevelEnabled'>): void {
  if (!log.isLevelEnabled('debug')) return;
  let silence: Silence | null = null;
  events.on('tick', ({ seq, at, price, sources }) => {
    if (silence !== null) log.debug({ why: silence.why, ms: at - silence.at }, 'ticks again');
    silence = null;
    log.debug({ seq, at, price, sources }, 'tick');
  });
  events.on('silence', (found) => {
    if (silence?.why === found.why) return;
    silence = found;
    log.debug({ why: found.why, at: found.at }, 'no tick');
  });
  events.on('board', ({ revision: { revision, at, tickSeq, pause, inputs }, windowMs, columns }) => {
    const forSale = columns.flatMap(({ multipliers }) => multipliers).filter((one) => one !== null).length;
    const { spot, v10, vf, edge, margin } = inputs;
    log.debug({ revision, windowMs, at, tickSeq, pause, forSale, spot, v10, vf, edge, margin }, 'revision');
  });
  events.on('bets', (updates) => {
    const bets = updates.map(({ bet }) => bet);
    log.debug({ counts: countsOf(bets), named: bets.slice(0, NAMED_BETS_MAX).map(shortly) }, 'bets');
  });
}

const countsOf = (bets: readonly Bet[]): Partial<Record<BetStatus, number>> => {
  const counts: Partial<Record<BetStatus, number>> = {};
  for (const { status } of bets) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};

const shortly = ({ id, status, locked, voidReason, closedTick, payout }: Bet) => ({
  id,
  status,
  locked,
  voidReason,
  closedTick,
  payout,
});
