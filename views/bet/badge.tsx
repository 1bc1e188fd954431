import { Html } from '@elysiajs/html';
import { micros } from '../../server/game/money.ts';
import type { VoidReason } from '../../server/game/rejection.ts';
import type { ShownBet } from '../../server/ports/shown-bet.ts';
import { cellText, signedText, stakeText, winText } from '../amount.ts';
import { MultiplierChange } from './change.tsx';

/**
 * Characters that fit the narrowest column; what is longer is written smaller there. `static/tap/badge.js`
 * does the same.
 */
const HEAD_LENGTH = 3;

/**
 * The bet as it sits on its cell. `fresh` plays the entrance of a result once, when it has just become known.
 */
export function BetBadge({ bet, fresh }: { bet: ShownBet; fresh?: boolean }): JSX.Element {
  const head = headText(bet);
  return (
    <span
      class={['bet', bet.status, fresh && 'fresh', bet.status === 'won' && sizeOf(bet)]}
      data-bet={bet.id}
      data-came={fresh && bet.status === 'won' ? signedText(micros(bet.payout - bet.stake)) : undefined}
    >
      <b class={[head.length > HEAD_LENGTH && 'long']} safe>
        {head}
      </b>{' '}
      <Foot bet={bet} />
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

export function sizeOf({ locked, shown }: ShownBet): 'big' | 'huge' | false {
  const multiplier = locked ?? shown;
  return multiplier >= HUGE_FROM ? 'huge' : multiplier >= BIG_FROM && 'big';
}

function headText(bet: ShownBet): string {
  if (bet.status === 'won') return winText(micros(bet.payout - bet.stake));
  return bet.status === 'void' ? `${stakeText(bet.stake)} back` : stakeText(bet.stake);
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
