import { formatDollars, type Micros, type Multiplier } from '../game/money.ts';
import { rejection, type RejectionCode } from '../game/rejection.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { Rejected, TapResult } from '../ports/ledger.ts';
import { ownLimitSentence } from './own-limit-sentence.ts';

/** A result with the sentence for it, and what is on offer instead: a multiplier, or the stakes. */
export function withWords(
  result: TapResult,
  offered: Multiplier | undefined,
  stakes: readonly Micros[],
): TapResult & { message?: string; offered?: Multiplier } {
  if (result.status === 'accepted') return result;
  const { status, code, why } = result;
  return {
    status,
    code,
    message:
      why !== undefined
        ? ownLimitSentence(why)
        : code === 'stake_not_offered'
          ? stakesSentence(stakes)
          : rejection(code).message,
    ...(offered === undefined ? {} : { offered }),
  };
}

/**
 * Nothing of the order was taken: one result a tap, unless all share a reason that is about the order and not
 * about its cells.
 */
export function refusedWhole(
  refused: readonly Rejected[],
  offers: readonly (Multiplier | undefined)[],
  stakes: readonly Micros[],
): OrderAnswer {
  const [first] = refused;
  if (first !== undefined && WHOLE.has(first.code) && refused.every(({ code }) => code === first.code))
    return { code: first.code, ...(first.why && { message: ownLimitSentence(first.why) }) };
  return {
    replayed: false,
    balance: null,
    results: refused.map((one, index) => withWords(one, offers[index], stakes)),
  };
}

/** In both units: people tap dollars, programs send micro-dollars. */
function stakesSentence(stakes: readonly Micros[]): string {
  const [last, ...others] = stakes
    .map((stake) => `${formatDollars(stake).replace(/\.00$/, '')} (${stake})`)
    .reverse();
  return `${rejection('stake_not_offered').message} On offer: ${others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`} micro-dollars.`;
}

const WHOLE: ReadonlySet<RejectionCode> = new Set([
  'halted',
  'warming_up',
  'simulated_prices',
  'account_paused',
  'deadline_passed',
  'busy',
]);
