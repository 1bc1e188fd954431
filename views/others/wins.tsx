import { Html } from '@elysiajs/html';
import type { Win } from '../../server/ports/crowd.ts';
import { formatDollars, grouped, MICROS_PER_DOLLAR, type Micros } from '../../server/game/money.ts';
import { cellText } from '../amount.ts';
import { IDS } from '../ids.ts';

/**
 * The newest wins of everybody, over the past of the price. It is no live region: a reader who wants it goes
 * to it, and hears their own bets alone.
 */
export function WinTape({ wins }: { wins: readonly Win[] }): JSX.Element {
  return (
    <ol id={IDS.wins} class="wins" aria-label="Latest wins of all traders">
      <WinItems wins={wins} />
    </ol>
  );
}

export function WinItems({ wins }: { wins: readonly Win[] }): JSX.Element {
  return (
    <>
      {wins.map(({ name, profit, multiplier, windowMs, currency }) => (
        <li>
          <b safe>{gainText(profit)}</b>
          {currency === 'PLAY' && <i>play</i>}
          <small>
            {name !== null && (
              <>
                <b safe>{name}</b>{' '}
              </>
            )}
            <span safe>{`${cellText(multiplier)}× ${windowMs / 1000} s`}</span>
          </small>
        </li>
      ))}
    </>
  );
}

/** `+$0.45`, `+$7`, `+$113`: cents only where there is nothing else. */
const gainText = (profit: Micros): string =>
  profit < MICROS_PER_DOLLAR
    ? `+${formatDollars(profit)}`
    : `+$${grouped(Math.floor(profit / MICROS_PER_DOLLAR))}`;
