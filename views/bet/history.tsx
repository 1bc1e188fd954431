import { Html } from '@elysiajs/html';
import { isOpen } from '../../server/game/bet.ts';
import { formatMultiplier } from '../../server/game/money.ts';
import type { ShownBet } from '../../server/ports/shown-bet.ts';
import { secondsText } from '../board/boards.tsx';
import { bandText, stakeText } from '../amount.ts';
import { Moment, Zone } from '../moment.tsx';
import { Archived, type ArchivedNote } from '../page/archived.tsx';
import { Empty, Pager } from '../page/list.tsx';
import { outcomeText, Reason, WatchLink } from './result.tsx';

export interface HistoryProps {
  readonly status: 'open' | 'closed';
  readonly bets: readonly ShownBet[];
  readonly cursor: string | null;
  /** Null where all closed bets are on disk. */
  readonly archived: ArchivedNote | null;
  readonly signedIn: boolean;
}

export function HistoryPage({ status, bets, cursor, archived, signedIn }: HistoryProps): JSX.Element {
  return (
    <main id="main" class="page">
      <header class="title">
        <h1>History</h1>
        <nav class="segments" aria-label="Choose bets">
          <a href="/history" aria-current={status === 'closed' ? 'page' : undefined}>
            Closed
          </a>
          <a href="/history?status=open" aria-current={status === 'open' ? 'page' : undefined}>
            Open
          </a>
        </nav>
      </header>
      {!signedIn ? (
        <Empty
          title="You are not signed in"
          text="Your bets will appear here, each with a receipt."
          href="/signin"
          action="Try it"
        />
      ) : bets.length === 0 && archived !== null ? (
        ''
      ) : bets.length === 0 ? (
        <Empty
          title={status === 'open' ? 'No open bets' : 'No closed bets yet'}
          text="Tap a cell on the board. Every result comes with a receipt."
          href="/"
          action="To the board"
        />
      ) : (
        <section class="card flush">
          <table class="table">
            <thead>
              <tr>
                <th>Band</th>
                <th class="right">Stake</th>
                <th class="right">Result</th>
                <th class="wide">Why</th>
                <th class="wide">
                  Window (<Zone />)
                </th>
                <th class="right wide">Receipt</th>
              </tr>
            </thead>
            <tbody>
              {bets.map((bet) => (
                <HistoryRow bet={bet} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Pager path="/history" query={{ status: status === 'open' ? 'open' : null }} cursor={cursor} />
      {cursor === null && archived !== null && <Archived note={archived} />}
    </main>
  );
}

function HistoryRow({ bet }: { bet: ShownBet }): JSX.Element {
  return (
    <tr class={bet.status}>
      <td>
        <a class="plain" href={`/bets/${bet.id}`} safe>
          {bandText(bet.cell)}
        </a>
        <small>
          <Reason bet={bet} />
        </small>
        <small>
          <span safe>{secondsText(bet.cell.windowMs)}</span> window of{' '}
          <Moment at={bet.cell.startMs} as="day" />
        </small>
        {!isOpen(bet) && (
          <small>
            <WatchLink betId={bet.id} />
          </small>
        )}
      </td>
      <td class="right" safe>{`${stakeText(bet.stake)} × ${formatMultiplier(bet.locked ?? bet.shown)}`}</td>
      <td class="right money" safe>
        {outcomeText(bet)}
      </td>
      <td class="wide">
        <Reason bet={bet} />
      </td>
      <td class="wide">
        <Moment at={bet.cell.startMs} as="day" bare /> <small safe>{secondsText(bet.cell.windowMs)}</small>
      </td>
      <td class="right wide">
        {!isOpen(bet) && (
          <>
            <WatchLink betId={bet.id} />
            {' · '}
          </>
        )}
        <a href={`/bets/${bet.id}`}>receipt</a>
      </td>
    </tr>
  );
}
