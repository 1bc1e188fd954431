import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { formatDollars, formatMultiplier, payoutOf } from '../../server/game/money.ts';
import { bandText, stakeText } from '../amount.ts';
import { clockSecond } from '../clock.ts';
import { IDS, openItemId } from '../ids.ts';

/** More open bets than this are counted, not listed. */
export const OPEN_BETS_LISTED = 20;

export function OpenBets({ bets }: { bets: readonly Bet[] }): JSX.Element {
  return (
    <section class="card">
      <h2>
        Open bets <span id={IDS.openCount}>{bets.length}</span>
      </h2>
      <ul id={IDS.openList} class="list" data-empty="No open bets. Tap a cell to place one.">
        <OpenBetItems bets={bets} />
      </ul>
    </section>
  );
}

/** The newest of the open bets. */
export function OpenBetItems({ bets }: { bets: readonly Bet[] }): JSX.Element {
  return (
    <>
      {bets.slice(0, OPEN_BETS_LISTED).map((bet) => (
        <OpenBetItem bet={bet} />
      ))}
    </>
  );
}

export function OpenBetItem({ bet }: { bet: Bet }): JSX.Element {
  const multiplier = bet.locked ?? bet.shown;
  const about = bet.locked === null ? '~' : '';
  return (
    <li id={openItemId(bet.id)}>
      <span safe>{bandText(bet.cell)}</span>
      <span class="money" safe>{`${stakeText(bet.stake)} × ${about}${formatMultiplier(multiplier)}`}</span>
      <small
        data-opens={String(bet.cell.startMs)}
        data-ends={String(bet.cell.startMs + bet.cell.windowMs)}
        safe
      >
        {`opens at ${clockSecond(bet.cell.startMs)} UTC`}
      </small>
      <small safe>{`${changeText(bet)}pays ${about}${formatDollars(payoutOf(bet.stake, multiplier))}`}</small>
    </li>
  );
}

/** What was tapped, where the lock changed it. */
function changeText({ shown, locked }: Bet): string {
  if (locked === null || locked === shown) return '';
  return `${locked > shown ? 'up' : 'down'} from ${formatMultiplier(shown)}, `;
}
