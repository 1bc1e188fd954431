import { Html } from '@elysiajs/html';
import { Column, ColumnHead } from '../../views/board/column.tsx';
import { BetBadge } from '../../views/bet/badge.tsx';
import { OPEN_BETS_LISTED, OpenBetItems, OpenItem } from '../../views/bet/open.tsx';
import { ResultItem, ResultItems, RESULTS_LISTED } from '../../views/bet/result.tsx';
import { byCell } from '../../views/bet/on-cell.ts';
import { BoardCount } from '../../views/board/boards.tsx';
import { boardCountId, cellElementId, IDS, openItemId } from '../../views/ids.ts';
import { LeaderRows } from '../../views/others/leaders.tsx';
import { PeopleText } from '../../views/others/people.tsx';
import { WinItems } from '../../views/others/wins.tsx';
import { HeadlineBanner } from '../../views/notice/headline.tsx';
import { MaintenanceBanner } from '../../views/notice/maintenance.tsx';
import { FeedBanner, HealthBanner, type FeedNotice, type HealthNotice } from '../../views/notice/banner.tsx';
import { RestrictionBanner } from '../../views/session/restriction.tsx';
import { BalanceText, NetText, type SessionBalance } from '../../views/wallet/balance.tsx';
import { TodayContent } from '../../views/wallet/today.tsx';
import { isOpen, type Bet } from '../game/bet.ts';
import type { HeadlineNotice } from '../game/headline.ts';
import type { Restriction } from '../game/restriction.ts';
import type { Crowd, Leaderboards } from '../ports/crowd.ts';
import type { OpenCounts } from '../ports/open-counts.ts';
import type { ShownBet } from '../ports/shown-bet.ts';
import type { Today } from '../ports/today.ts';
import type { BoardColumn } from '../ports/events.ts';
import { FRAME_BYTES_WANTED } from './limits.ts';

/** A piece of HTML that htmx swaps to its place: `into` is an element id. */
const partial = (
  into: string,
  how: 'innerHTML' | 'innerMorph' | 'outerHTML' | 'beforeend' | 'afterbegin' | 'delete',
  html: JSX.Element | string,
): string => `<hx-partial hx-target="#${into}" hx-swap="${how}">${String(html)}</hx-partial>`;

/** A window that has come onto the board, and the label above it. */
export const columnPartial = (column: BoardColumn, windowMs: number, at: number): string =>
  partial(IDS.heads, 'beforeend', <ColumnHead start={column.start} at={at} windowMs={windowMs} />) +
  partial(IDS.plane, 'beforeend', <Column column={column} windowMs={windowMs} />);

/** Where prices come from: another source may have taken over while a page was away. */
export const feedPartial = (feed: FeedNotice): string =>
  partial(IDS.feed, 'innerHTML', <FeedBanner feed={feed} />) +
  partial(IDS.venue, 'innerHTML', <span safe>{feed.label}</span>);

/** Whether taps are taken, and when they will not be. */
export const healthPartial = (notice: HealthNotice): string =>
  partial(IDS.health, 'innerHTML', <HealthBanner {...notice} />) +
  partial(IDS.maintenance, 'innerHTML', <MaintenanceBanner maintenance={notice.maintenance} />);

export const headlinePartial = (notice: HeadlineNotice | null): string =>
  partial(IDS.headline, 'innerHTML', <HeadlineBanner notice={notice} />);

/** Wins of everybody, and how many are here. Nothing of it can be tapped. */
export const crowdPartial = ({ wins, people }: Crowd): string =>
  partial(IDS.wins, 'innerHTML', <WinItems wins={wins} />) +
  partial(IDS.people, 'innerHTML', <PeopleText people={people} />);

/** The best of the week beside the board. */
export const leadersPartial = ({ week }: Leaderboards): string =>
  partial(IDS.leaders, 'innerHTML', <LeaderRows leaderboard={week} />);

export const restrictionPartial = (restriction: Restriction): string =>
  partial(IDS.restriction, 'innerHTML', <RestrictionBanner restriction={restriction} />);

/**
 * A step in the life of bets on one cell: on the cell, in the list of open bets, among the results.
 * @param changed those that it was the step of @param onCell the trader's others on that cell, newest first
 * @param board that the page shows, by the length of its windows, ms: a cell of another one is not there
 */
export function betPartials(
  changed: readonly [ShownBet, ...ShownBet[]],
  onCell: readonly ShownBet[],
  board: number,
): string {
  const all = [...changed, ...onCell].sort((a, b) => b.placedAt - a.placedAt);
  const closed = changed.filter((bet) => !isOpen(bet));
  const open = all.filter(isOpen);
  const [{ cell }] = changed;
  const fresh = closed.length > 0 && open.length === 0;
  return [
    ...(cell.windowMs === board
      ? [partial(cellElementId(cell), 'innerHTML', <BetBadge bets={all} fresh={fresh} />)]
      : []),
    // The list may hold the bets already, from a snapshot that was read between the commit and this.
    partial(openItemId(cell), 'delete', ''),
    ...(open.length > 0 ? [partial(IDS.openList, 'afterbegin', <OpenItem bets={open} />)] : []),
    ...closed.map((bet) => partial(IDS.resultList, 'afterbegin', <ResultItem bet={bet} fresh />)),
  ].join('');
}

export const balancePartials = (sessionBalance: SessionBalance, openCount: number): string =>
  partial(IDS.balance, 'innerHTML', <BalanceText sessionBalance={sessionBalance} />) +
  partial(IDS.net, 'innerHTML', <NetText sessionBalance={sessionBalance} />) +
  partial(IDS.openCount, 'innerHTML', String(openCount)) +
  partial(IDS.openBadge, 'innerHTML', String(openCount));

/** A link in it stays the same node, so that a press on it is not lost. */
export const todayPartial = (today: Today): string =>
  partial(IDS.todayContent, 'innerMorph', <TodayContent today={today} />);

/** How many bets are open on each board, where there are several. */
export const countPartials = (windows: readonly number[], { byWindow }: OpenCounts): string =>
  windows.length < 2
    ? ''
    : windows
        .map((windowMs) =>
          partial(boardCountId(windowMs), 'innerHTML', <BoardCount count={byWindow.get(windowMs) ?? 0} />),
        )
        .join('');

/** Everything private, for a page that has just connected. @param board newest first */
export function privatePartials(
  board: readonly ShownBet[],
  open: readonly Bet[],
  results: readonly ShownBet[],
): string[] {
  return [
    ...byCell(board, cellElementId)
      .entries()
      .map(([id, bets]) => partial(id, 'innerHTML', <BetBadge bets={bets} />)),
    partial(IDS.openList, 'innerHTML', <OpenBetItems bets={open.slice(0, OPEN_BETS_LISTED)} />),
    partial(IDS.resultList, 'innerHTML', <ResultItems bets={results.slice(0, RESULTS_LISTED)} />),
  ];
}

/** Joins partials into frames of a bounded size. */
export function inFrames(partials: readonly string[]): string[] {
  const frames: string[] = [];
  let frame = '';
  for (const piece of partials) {
    if (frame !== '' && Buffer.byteLength(frame) + Buffer.byteLength(piece) > FRAME_BYTES_WANTED) {
      frames.push(frame);
      frame = '';
    }
    frame += piece;
  }
  if (frame !== '') frames.push(frame);
  return frames;
}
