import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import { formatDollars, formatMultiplier } from '../../server/game/money.ts';
import { OfBoard } from '../board/boards.tsx';
import { bandText, betsText, stakeText } from '../amount.ts';
import { clockSecond } from '../clock.ts';
import { IDS, openItemId } from '../ids.ts';
import { byCell, together } from './on-cell.ts';

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
      {byCell(bets.slice(0, OPEN_BETS_LISTED), openItemId)
        .values()
        .map((onCell) => <OpenItem bets={onCell} />)
        .toArray()}
    </>
  );
}

/** The open bets of a trader on one cell: what they come to, and each by itself where there are several. */
export function OpenItem({ bets }: { bets: readonly Bet[] }): JSX.Element {
  const { cell } = bets[0]!;
  const { stake, payout, held } = together(bets);
  const about = held ? '~' : '';
  const several = bets.length > 1;
  return (
    <li id={openItemId(cell)}>
      <span safe>{bandText(cell)}</span>
      <span>
        <OfBoard windowMs={cell.windowMs} />{' '}
        <span class="money" safe>
          {several ? `${betsText(bets.length)}, ${stakeText(stake)}` : timesText(bets[0]!)}
        </span>
      </span>
      <small data-opens={String(cell.startMs)} data-ends={String(cell.startMs + cell.windowMs)} safe>
        {`opens at ${clockSecond(cell.startMs)} UTC`}
      </small>
      <small safe>{`${several ? '' : changeText(bets[0]!)}pays ${about}${formatDollars(payout)}`}</small>
      {several && (
        <small class="each" safe>
          {bets.map(timesText).join(', ')}
        </small>
      )}
    </li>
  );
}

/** `$10 × 2.31`; about so much while it is held. */
const timesText = ({ stake, locked, shown }: Bet): string =>
  `${stakeText(stake)} × ${locked === null ? '~' : ''}${formatMultiplier(locked ?? shown)}`;

/** What was tapped, where the lock changed it. */
function changeText({ shown, locked }: Bet): string {
  if (locked === null || locked === shown) return '';
  return `${locked > shown ? 'up' : 'down'} from ${formatMultiplier(shown)}, `;
}
