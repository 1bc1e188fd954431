import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import type { Micros } from '../../server/game/money.ts';
import { cellText, stakeText, winText } from '../amount.ts';

/** Characters that fit the narrowest column; what is longer is written smaller there. `static/tap/badge.js` does the same. */
const HEAD_LENGTH = 3;

/** The bet as it sits on its cell. `fresh` plays the entrance of a result once, when it has just become known. */
export function BetBadge({ bet, fresh }: { bet: Bet; fresh?: boolean }): JSX.Element {
  const { head, small } = badgeText(bet);
  return (
    <span class={['bet', bet.status, fresh && 'fresh']} data-bet={bet.id}>
      <b class={[head.length > HEAD_LENGTH && 'long']} safe>{head}</b>{' '}
      <small safe>{small}</small>
    </span>
  );
}

function badgeText(bet: Bet): { head: string; small: string } {
  const stake = stakeText(bet.stake);
  switch (bet.status) {
    case 'placed':
    case 'locked':
      return { head: stake, small: `${cellText(bet.locked ?? bet.shown)}×` };
    case 'won':
      return { head: winText((bet.payout - bet.stake) as Micros), small: `${cellText(bet.locked ?? bet.shown)}×` };
    case 'lost':
      return { head: stake, small: '' };
    case 'void':
      return { head: stake, small: 'back' };
  }
}
