import { OPEN_BETS_LISTED } from '../../views/bet/open.tsx';
import { RESULTS_LISTED } from '../../views/bet/result.tsx';
import { cellElementId } from '../../views/ids.ts';
import { isUnrestricted, UNRESTRICTED } from '../game/restriction.ts';
import type { Session } from '../game/session.ts';
import type { Books } from '../ports/books.ts';
import type { House } from '../ports/house.ts';
import { openCountsOf } from '../ports/open-counts.ts';
import { shownBet } from '../ports/shown-bet.ts';
import type { Broadcaster } from './broadcaster.ts';
import { pageFrames, streamFrames } from './outbound.ts';
import {
  crowdPartial,
  feedPartial,
  headlinePartial,
  healthPartial,
  inFrames,
  leadersPartial,
  privatePartials,
  restrictionPartial,
} from './partials.tsx';

/** Windows that have passed and whose bets are still in sight. */
const WINDOWS_IN_SIGHT = 5;

export interface SnapshotParts {
  readonly house: Pick<
    House,
    'board' | 'health' | 'maintenance' | 'calendar' | 'crowd' | 'leaderboards' | 'simulated' | 'feedLabel'
  >;
  readonly books: Pick<Books, 'account' | 'bets' | 'boardBets' | 'revision' | 'revisionFrom' | 'rangeOf'>;
  readonly broadcaster: Pick<Broadcaster, 'seqOf' | 'sessionBalanceOf'>;
  readonly showOthers: boolean;
}

/**
 * The whole state for a page that has just connected, has missed a frame or changes boards: the board, then
 * what is the trader's own on all of them, then the word that this was all.
 */
export function pageSnapshot(
  { house, books, broadcaster, showOthers }: SnapshotParts,
  session: Session | null,
  windowMs: number,
  now: number,
): string[] {
  const board = house.board(windowMs);
  const around =
    feedPartial({ simulated: house.simulated, label: house.feedLabel }) +
    healthPartial({ health: house.health(), maintenance: house.maintenance() }) +
    headlinePartial(house.calendar().notice);
  const frames = [
    pageFrames.heartbeat(now),
    ...(board === null ? [] : pageFrames.snapshot(broadcaster.seqOf('page', windowMs), board)),
    around,
    ...(showOthers
      ? [crowdPartial(house.crowd()), pageFrames.wanted(house.crowd()), leadersPartial(house.leaderboards())]
      : []),
  ];
  if (session === null) return [...frames, ...pageFrames.settled(null, [])];
  const { accountId } = session;
  const onBoard = books
    .boardBets(accountId, now - WINDOWS_IN_SIGHT * windowMs)
    .filter(({ cell }) => cell.windowMs === windowMs)
    .map((bet) => shownBet(books, bet));
  const open = books.bets(accountId, 'open', null, OPEN_BETS_LISTED).rows;
  const results = books
    .bets(accountId, 'closed', null, RESULTS_LISTED)
    .rows.map((bet) => shownBet(books, bet));
  const sessionBalance = broadcaster.sessionBalanceOf(session, openCountsOf(books, accountId));
  const restriction = restrictionPartial(books.account(accountId)?.restriction ?? UNRESTRICTED);
  frames.push(...inFrames([restriction, ...privatePartials(onBoard, open, results), ...sessionBalance]));
  return [
    ...frames,
    ...pageFrames.settled(
      session.id,
      onBoard.map(({ cell }) => cellElementId(cell)),
    ),
  ];
}

/** The same for programs: who they are, and the grid. Their bets and balance are calls of the API. */
export function streamSnapshot(
  { house, books, broadcaster }: SnapshotParts,
  session: Session | null,
  windowMs: number,
): string[] {
  const board = house.board(windowMs);
  const hello = streamFrames.hello(broadcaster.seqOf('stream', windowMs), {
    windowMs,
    simulated: house.simulated,
    accountId: session?.accountId ?? null,
  });
  const { notice } = house.calendar();
  const restriction = session === null ? undefined : books.account(session.accountId)?.restriction;
  return [
    hello,
    ...(house.maintenance() === null ? [] : [streamFrames.maintenance(house.maintenance())]),
    ...(notice === null ? [] : [streamFrames.headline(notice)]),
    ...(restriction === undefined || isUnrestricted(restriction)
      ? []
      : [streamFrames.restriction(restriction)]),
    streamFrames.crowd(house.crowd()),
    ...(board === null ? [] : streamFrames.full(broadcaster.seqOf('stream', windowMs), board)),
  ];
}
