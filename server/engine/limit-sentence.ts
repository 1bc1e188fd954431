import { formatDollars, micros, type Micros } from '../game/money.ts';
import { FOR_GOOD } from '../game/own-limits.ts';
import type { AccountLimit } from '../game/restriction.ts';
import type { ReachedLimit } from '../ports/ledger.ts';

/** Why a limit of the account refused a tap, its own or one of the operator, with its figures. */
export function limitSentence(why: ReachedLimit): string {
  if ('pausedUntil' in why) return pauseSentence(why.pausedUntil);
  if ('limit' in why) return `${SET[why.limit]} ${shortDollars(why.most)} for your account${sofarText(why)}.`;
  const { dailyLoss, lost, stake, loosening } = why;
  const sofar =
    lost > 0
      ? `you have lost ${shortDollars(lost)} today, open bets included`
      : 'you have lost nothing today';
  const next =
    loosening === null
      ? 'The next day starts at 00:00 UTC.'
      : `${loosening.dailyLoss === null ? 'It ends' : `It becomes ${shortDollars(loosening.dailyLoss)}`} ` +
        `on ${utcText(loosening.at)}.`;
  return (
    `Your daily loss limit is ${shortDollars(dailyLoss)}; ${sofar}, ` +
    `and this tap could bring it to ${shortDollars(micros(Math.max(0, lost + stake)))}. ${next}`
  );
}

const SET: Readonly<Record<AccountLimit, string>> = {
  stakeMax: 'The operator allows stakes up to',
  dailyStake: 'The operator allows daily stakes up to',
  openPayout: 'The operator lets open bets pay at most',
};

function sofarText({ limit, used, stake }: Extract<ReachedLimit, { readonly limit: AccountLimit }>): string {
  if (limit === 'dailyStake')
    return (
      `; ${shortDollars(used)} are staked today, and this tap would add ${shortDollars(stake)}. ` +
      'The next day starts at 00:00 UTC'
    );
  return limit === 'openPayout' ? `; your open bets could pay ${shortDollars(used)}` : '';
}

/** @param until UTC epoch ms, or for good. */
export const pauseSentence = (until: number): string =>
  until === FOR_GOOD
    ? 'You paused this account for good. It takes no bets.'
    : `You paused this account until ${utcText(until)}. It takes no bets before then.`;

/** Cents only where there are some. */
const shortDollars = (amount: Micros): string => formatDollars(amount).replace(/\.00$/, '');

/** `2026-11-30 12:04 UTC` */
export const utcText = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
