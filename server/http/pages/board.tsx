import { Html } from '@elysiajs/html';
import { BoardColumns } from '../../../views/board/board.tsx';
import { LINE_WINDOWS, type PricePoint } from '../../../views/board/line.tsx';
import { BoardPage } from '../../../views/board/page.tsx';
import { zoomOf } from '../../../views/board/place.ts';
import { OPEN_BETS_LISTED } from '../../../views/bet/open.tsx';
import { RESULTS_LISTED } from '../../../views/bet/result.tsx';
import { micros } from '../../game/money.ts';
import { stakeRange } from '../../game/stake.ts';
import { shownBet } from '../../ports/shown-bet.ts';
import { NONE_OPEN, openCountsOf } from '../../ports/open-counts.ts';
import { chosenBoard, keepBoard } from './board-choice.ts';
import { readCookieText } from './cookie.ts';
import type { PagesDeps } from './deps.ts';
import { htmlResponse, page, type Caller } from './visit.tsx';

export function boardPage(deps: PagesDeps, caller: Caller): Response {
  const { house, books, rules } = deps;
  const { session, account, visit, now } = caller;
  const { min, max } = stakeRange(rules.stakes);
  const chosen = chosenBoard(caller, rules.windows);
  const windowMs = chosen?.windowMs ?? rules.windowMs;
  const board = house.board(windowMs);
  const points = thinned(house.priceLine(LINE_MS), now - 2 * windowMs);
  const open = session ? books.bets(session.accountId, 'open', null, OPEN_BETS_LISTED).rows : [];
  const counts = session ? openCountsOf(books, session.accountId) : NONE_OPEN;
  const response = page(caller, {
    title: 'Board',
    section: 'board',
    live: chosen === null ? '/live' : `/live?board=${chosen.name}`,
    openCount: counts.all,
    children: (
      <BoardPage
        board={board}
        boards={{ windows: rules.windows, windowMs, open: counts.byWindow }}
        points={board === null || points.length > 0 ? points : [[board.tick.at, board.tick.price]]}
        bets={
          account
            ? books
                .boardBets(account.id, now - LINE_WINDOWS * windowMs)
                .filter(({ cell }) => cell.windowMs === windowMs)
                .map((bet) => shownBet(books, bet))
            : []
        }
        at={now}
        wins={deps.showOthers ? house.crowd().wins : null}
        leaderboard={deps.showOthers ? house.leaderboards().week : null}
        gapMs={rules.maxGapMs}
        betsPerCellMax={rules.betsPerCellMax}
        tapsPerSignatureMax={rules.tapsPerSignatureMax}
        closed={
          visit.elsewhere ||
          visit.health.state === 'open' ||
          board?.revision.pause !== null ||
          (account !== null && (account.limits.pausedUntil !== null || account.restriction.blocked))
        }
        zoom={zoomOf(readCookieText(caller.request.headers.get('cookie'), 'zoom'))}
        feedLabel={visit.feed.label}
        sessionBalance={visit.trader?.sessionBalance ?? null}
        stakes={rules.stakes}
        range={{
          min,
          max: micros(
            Math.max(min, Math.min(max, deps.scope.stakeMax, account?.restriction.stakeMax ?? Infinity)),
          ),
        }}
        open={open}
        results={
          session
            ? books
                .bets(session.accountId, 'closed', null, RESULTS_LISTED)
                .rows.map((bet) => shownBet(books, bet))
            : []
        }
        today={session && deps.lookAtToday(session.accountId)}
        guardPercent={rules.holdMs === 0 ? null : (account?.limits.guardPercent ?? rules.guardPercent)}
      />
    ),
  });
  return keepBoard(response, caller, chosen);
}

/** What the page is told of the past of the price. */
const LINE_MS = 60_000;
/** Older ones are drawn so close together that fewer do. */
const OLD_STEP_MS = 500;

function thinned(points: readonly PricePoint[], recent: number): PricePoint[] {
  let last = -Infinity;
  return points.filter(([at]) => {
    if (at < recent && at - last < OLD_STEP_MS) return false;
    last = at;
    return true;
  });
}

/** The columns of the board, for a page that lacks some; 204 while there are none. */
export function boardColumns({ house, books, rules }: PagesDeps, caller: Caller): Response {
  const { request, account, now } = caller;
  const windowMs = chosenBoard(caller, rules.windows)?.windowMs ?? rules.windowMs;
  const board = house.board(windowMs);
  if (board === null) return new Response(null, { status: 204, headers: { 'cache-control': 'no-store' } });
  const bets = account ? books.boardBets(account.id, now - windowMs).map((bet) => shownBet(books, bet)) : [];
  return htmlResponse(request, String(<BoardColumns board={board} bets={bets} at={now} />));
}
