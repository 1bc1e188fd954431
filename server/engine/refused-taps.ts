import type { Multiplier } from '../game/money.ts';
import { rejection, type RejectionCode } from '../game/rejection.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { Rejected, TapResult } from '../ports/ledger.ts';
import { ownLimitSentence } from './own-limit-sentence.ts';

/** A result with the sentence for it, and what is on offer instead. */
export function withWords(result: TapResult, offered: Multiplier | undefined): TapResult & { message?: string; offered?: Multiplier } {
  if (result.status === 'accepted') return result;
  const { status, code, why } = result;
  return { status, code, message: why === undefined ? rejection(code).message : ownLimitSentence(why), ...(offered === undefined ? {} : { offered }) };
}

/** Nothing of the order was taken: one result a tap, unless all share a reason that is about the order and not about its cells. */
export function refusedWhole(refused: readonly Rejected[], offers: readonly (Multiplier | undefined)[]): OrderAnswer {
  const [first] = refused;
  if (first !== undefined && WHOLE.has(first.code) && refused.every(({ code }) => code === first.code)) return { code: first.code, ...(first.why && { message: ownLimitSentence(first.why) }) };
  return { replayed: false, balance: null, results: refused.map((one, index) => withWords(one, offers[index])) };
}

const WHOLE: ReadonlySet<RejectionCode> = new Set(['halted', 'warming_up', 'simulated_prices', 'account_paused', 'deadline_passed', 'busy']);
