import { formatDollars, type Micros } from '../game/money.ts';
import { stakeRange } from '../game/stake.ts';
import { rejection, type RejectionCode } from '../game/rejection.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { Rejected, TapResult } from '../ports/ledger.ts';
import type { JudgedTap } from './judged-taps.ts';
import { limitSentence } from './limit-sentence.ts';

/** What refusals are explained with. */
export interface Explanations {
  readonly stakes: readonly Micros[];
  /** The account's own pause, UTC epoch ms; null without one. */
  readonly pausedUntil: number | null;
}

/** What the ledger says of an order besides the results of its taps. */
interface Taken {
  readonly replayed: boolean;
  readonly balance: Micros | null;
}

const NOTHING_TAKEN: Taken = { replayed: false, balance: null };

/**
 * One result a tap, each refusal with a sentence and with what is on offer instead; or one refusal for the
 * whole order, where nothing was taken and all taps share a reason that is not about their cells.
 * @param judged by the rules, one a result: a multiplier on offer stands there.
 */
export function answerOf(
  results: readonly TapResult[],
  judged: readonly JudgedTap[],
  explanations: Explanations,
  taken: Taken = NOTHING_TAKEN,
): OrderAnswer {
  if (results.every(isAccepted)) return { ...taken, results };
  const explained = results.map((result) => withOwnLimit(result, explanations));
  const refused = explained.every(isRejected) ? explained : null;
  const whole = refused && refusedWhole(refused);
  if (whole !== null) return whole;
  return {
    ...(refused === null ? taken : NOTHING_TAKEN),
    results: explained.map((result, index) => withWords(result, judged[index], explanations)),
  };
}

/** Null where the taps were refused for reasons of their own. */
function refusedWhole(refused: readonly Rejected[]): OrderAnswer | null {
  const [first] = refused;
  if (first === undefined || !WHOLE.has(first.code) || refused.some(({ code }) => code !== first.code))
    return null;
  return { code: first.code, ...(first.why && { message: limitSentence(first.why) }) };
}

/** The ledger names the figures of a limit that it refused by; those of a pause are known here. */
function withOwnLimit(result: TapResult, { pausedUntil }: Explanations): TapResult {
  const isPause = result.status === 'rejected' && result.code === 'account_paused';
  return isPause && result.why === undefined && pausedUntil !== null
    ? { ...result, why: { pausedUntil } }
    : result;
}

function withWords(
  result: TapResult,
  judged: JudgedTap | undefined,
  { stakes }: Explanations,
): Extract<OrderAnswer, { readonly results: unknown }>['results'][number] {
  if (result.status === 'accepted') return result;
  const { status, code, why } = result;
  const offered = judged !== undefined && 'code' in judged ? judged.multiplier : undefined;
  return {
    status,
    code,
    message: why === undefined ? sentenceOf(code, stakes) : limitSentence(why),
    ...(offered !== undefined && { offered }),
  };
}

const sentenceOf = (code: RejectionCode, stakes: readonly Micros[]): string =>
  code === 'stake_not_offered' ? stakesSentence(stakes) : rejection(code).message;

/** In both units: people tap dollars, programs send micro-dollars. */
function stakesSentence(stakes: readonly Micros[]): string {
  const { min, max } = stakeRange(stakes);
  const said = (stake: Micros): string => `${formatDollars(stake).replace(/\.00$/, '')} (${stake})`;
  const range = min === max ? said(min) : `whole cents from ${said(min)} to ${said(max)}`;
  return `${rejection('stake_not_offered').message} Expected ${range} micro-dollars.`;
}

const isAccepted = ({ status }: TapResult): boolean => status === 'accepted';

const isRejected = (result: TapResult): result is Rejected => result.status === 'rejected';

const WHOLE: ReadonlySet<RejectionCode> = new Set([
  'halted',
  'warming_up',
  'head_start_unmeasured',
  'simulated_prices',
  'account_blocked',
  'account_paused',
  'deadline_passed',
  'busy',
]);
