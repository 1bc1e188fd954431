import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { micros } from '../../server/game/money.ts';
import type { VoidReason } from '../../server/game/rejection.ts';
import type { ShownBet } from '../../server/ports/shown-bet.ts';
import { cellText, signedText, stakeText, winText } from '../amount.ts';
import { MultiplierChange } from './change.tsx';
import { counted, together, type Together } from './on-cell.ts';

/**
 * Characters that fit the narrowest column; what is longer is written smaller there. `static/tap/badge.js`
 * does the same.
 */
const HEAD_LENGTH = 3;
const LONG_LENGTH = 5;
/** How bets look together that are not all alike. */
const LEAST_SETTLED = ['placed', 'locked', 'won'] as const;

/**
 * The bets of a trader as they sit on their cell, newest first: those that were refunded alone say so, else
 * the others add up. `fresh` plays the entrance of a result once, when it has just become known.
 */
export function BetBadge({ bets, fresh }: { bets: readonly ShownBet[]; fresh?: boolean }): JSX.Element {
  const all = counted(bets);
  const [bet] = all;
  const sums = together(all);
  const status = LEAST_SETTLED.find((one) => all.some((other) => other.status === one)) ?? bet.status;
  const head = headText(status, sums);
  return (
    <span
      class={['bet', status, fresh && 'fresh', status === 'won' && sizeOf(sums), all.length > 1 && 'stacked']}
      data-bet={bets.map(({ id }) => id).join(' ')}
      data-bets={String(all.length)}
      data-came={fresh && status === 'won' ? signedText(micros(sums.payout - sums.stake)) : undefined}
    >
      <b class={[head.length > LONG_LENGTH ? 'longer' : head.length > HEAD_LENGTH && 'long']} safe>
        {head}
      </b>{' '}
      {all.length === 1 ? (
        <Foot bet={bet} />
      ) : (
        <>
          <small safe>{status === 'lost' ? 'missed' : `${cellText(sums.multiplier)}×`}</small>{' '}
          <small class="tally" safe>{`×${all.length}`}</small>
        </>
      )}
    </span>
  );
}

/** Why a stake came back, in a word or two. */
const VOID_WORDS: Readonly<Record<VoidReason, string>> = {
  gap: 'no price',
  moved: 'moved',
  no_revision: 'no quote',
  operator: 'called off',
};

/** How large the burst of a win is, by its multiplier in hundredths. */
const BIG_FROM = 300;
const HUGE_FROM = 800;

/** @param multiplier hundredths */
export function sizeOf({ multiplier }: Pick<Together, 'multiplier'>): 'big' | 'huge' | false {
  return multiplier >= HUGE_FROM ? 'huge' : multiplier >= BIG_FROM && 'big';
}

function headText(status: Bet['status'], { stake, payout }: Together): string {
  if (status === 'won') return winText(micros(payout - stake));
  return status === 'void' ? `${stakeText(stake)} back` : stakeText(stake);
}

function Foot({ bet }: { bet: ShownBet }): JSX.Element {
  switch (bet.status) {
    case 'placed':
    case 'won':
      return <small safe>{`${cellText(bet.locked ?? bet.shown)}×`}</small>;
    case 'locked':
      return <MultiplierChange from={bet.shown} to={bet.locked ?? bet.shown} />;
    case 'lost':
      // By how much is said beside the result: a number under the stake would read as money.
      return <small>missed</small>;
    case 'void':
      return bet.movedTo === undefined ? (
        <small safe>{VOID_WORDS[bet.voidReason ?? 'gap']}</small>
      ) : (
        <MultiplierChange from={bet.shown} to={bet.movedTo} />
      );
  }
}
