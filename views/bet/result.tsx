import { Html } from '@elysiajs/html';
import { isOpen, type Bet } from '../../server/game/bet.ts';
import { formatMultiplier, micros } from '../../server/game/money.ts';
import { formatDistance } from '../../server/game/price.ts';
import type { ShownBet } from '../../server/ports/shown-bet.ts';
import { OfBoard } from '../board/boards.tsx';
import { bandText, signedText } from '../amount.ts';
import { IDS } from '../ids.ts';
import { sizeOf } from './badge.tsx';
import { ShareLink } from './win.tsx';
import { multiplierText } from './change.tsx';
import { Moment } from '../moment.tsx';

export const RESULTS_LISTED = 8;

export function Results({ bets }: { bets: readonly ShownBet[] }): JSX.Element {
  return (
    <section class="card">
      <h2>Last results</h2>
      <ul id={IDS.resultList} class="list" data-empty="Your results will appear here, each with a receipt.">
        <ResultItems bets={bets} />
      </ul>
    </section>
  );
}

export function ResultItems({ bets }: { bets: readonly ShownBet[] }): JSX.Element {
  return (
    <>
      {bets.slice(0, RESULTS_LISTED).map((bet) => (
        <ResultItem bet={bet} />
      ))}
    </>
  );
}

export function ResultItem({ bet, fresh }: { bet: ShownBet; fresh?: boolean }): JSX.Element {
  return (
    <li
      class={[
        'result',
        bet.status,
        fresh && 'fresh',
        fresh && bet.status === 'won' && sizeOf({ multiplier: bet.locked ?? bet.shown }),
      ]}
      data-window={String(bet.cell.windowMs)}
    >
      <span safe>{bandText(bet.cell)}</span>
      <span>
        <OfBoard windowMs={bet.cell.windowMs} />{' '}
        <span class="money" safe>
          {outcomeText(bet)}
        </span>
      </span>
      <small>
        <Reason bet={bet} />
      </small>
      <small>
        {!isOpen(bet) && (
          <>
            <WatchLink betId={bet.id} />
            {' · '}
          </>
        )}
        <a href={`/bets/${bet.id}`}>receipt</a>
        {bet.status === 'won' && (
          <>
            {' · '}
            <ShareLink bet={bet} />
          </>
        )}
      </small>
    </li>
  );
}

/** Opens the player over the page; without a script it leads to the receipt, which has the picture. */
export const WatchLink = ({ betId }: { betId: string }): JSX.Element => (
  <a href={`/bets/${betId}`} data-watch={betId}>
    watch
  </a>
);

/** What it did to the balance, or that the stake was refunded. */
export function outcomeText(bet: Bet): string {
  if (bet.status === 'won') return signedText(micros(bet.payout - bet.stake));
  if (bet.status === 'lost') return signedText(micros(-bet.stake));
  return bet.status === 'void' ? 'refunded' : 'open';
}

/** Why, in a few words; the receipt has the details. */
export function Reason({ bet }: { bet: ShownBet }): JSX.Element {
  return bet.status === 'won' ? (
    <>
      touched at <Moment at={bet.closedAt ?? 0} as="tenth" />
    </>
  ) : (
    <span safe>{reasonText(bet)}</span>
  );
}

function reasonText(bet: ShownBet): string {
  if (bet.status === 'lost')
    return bet.missedBy ? `price missed by $${formatDistance(bet.missedBy)}` : 'not touched in its window';
  switch (bet.voidReason) {
    case 'gap':
      return 'gap in the price feed';
    case 'moved':
      if (bet.movedTo === undefined) return 'multiplier fell below your guard';
      return (
        `moved: ${formatMultiplier(bet.shown)} → ` +
        `${bet.movedTo === null ? multiplierText(null) : formatMultiplier(bet.movedTo)}, below your guard`
      );
    case 'no_revision':
      return 'no quote before the window';
    case 'operator':
      return 'cancelled by the house';
    case null:
      return bet.status === 'placed' ? 'being locked' : 'locked';
  }
}
