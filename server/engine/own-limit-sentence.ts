import { formatDollars, type Micros } from '../game/money.ts';
import { FOR_GOOD } from '../game/own-limits.ts';
import type { OwnLimit } from '../ports/ledger.ts';

/** Why the trader's own limit refused a tap, with its figures. */
export function ownLimitSentence(why: OwnLimit): string {
  if ('pausedUntil' in why) return pauseSentence(why.pausedUntil);
  const { dailyLoss, lost, stake, loosening } = why;
  const sofar =
    lost > 0
      ? `you have lost ${shortDollars(lost)} today, open bets included`
      : 'you have lost nothing today';
  const next =
    loosening === null
      ? 'A new day begins at 00:00 UTC.'
      : `${loosening.dailyLoss === null ? 'It ends' : `It becomes ${shortDollars(loosening.dailyLoss)}`} ` +
        `on ${utcText(loosening.at)}.`;
  return (
    `Your daily loss limit is ${shortDollars(dailyLoss)}; ${sofar}, ` +
    `and this tap could bring it to ${shortDollars(Math.max(0, lost + stake) as Micros)}. ${next}`
  );
}

/** @param until UTC epoch ms, or for good. */
export const pauseSentence = (until: number): string =>
  until === FOR_GOOD
    ? 'You paused this account for good: no bets are taken.'
    : `You paused this account until ${utcText(until)}: no bets are taken before then.`;

/** Cents only where there are some. */
const shortDollars = (amount: Micros): string => formatDollars(amount).replace(/\.00$/, '');

/** `2026-11-30 12:04 UTC` */
const utcText = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
