import { OPEN_BETS_LISTED } from '../../views/bet/open.tsx';
import { RESULTS_LISTED } from '../../views/bet/result.tsx';
import { cellElementId } from '../../views/ids.ts';
import { isUnrestricted, UNRESTRICTED } from '../game/restriction.ts';
import type { Session } from '../game/session.ts';
import type { Books } from '../ports/books.ts';
import type { House } from '../ports/house.ts';
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
  readonly broadcaster: Pick<Broadcaster, 'seqOf' | 'openCountOf' | 'sessionBalanceOf'>;
  readonly windowMs: number;
  readonly showOthers: boolean;
}

/**
 * The whole state for a page that has just connected or has missed a frame: the board, then what is the
 * trader's own, then the word that this was all.
 */
export function pageSnapshot(
  { house, books, broadcaster, windowMs, showOthers }: SnapshotParts,
  session: Session | null,
  now: number,
): string[] {
  const board = house.board();
  const around =
    feedPartial({ simulated: house.simulated, label: house.feedLabel }) +
    healthPartial({ health: house.health(), maintenance: house.maintenance() }) +
    headlinePartial(house.calendar().notice);
  const frames = [
    pageFrames.heartbeat(now),
    ...(board === null ? [] : pageFrames.snapshot(broadcaster.seqOf('page'), board)),
    around,
    ...(showOthers
      ? [crowdPartial(house.crowd()), pageFrames.wanted(house.crowd()), leadersPartial(house.leaderboards())]
      : []),
  ];
  if (session === null) return [...frames, ...pageFrames.settled(null, [])];
  const { accountId } = session;
  const onBoard = books
    .boardBets(accountId, now - WINDOWS_IN_SIGHT * windowMs)
    .map((bet) => shownBet(books, bet));
  const open = books.bets(accountId, 'open', null, OPEN_BETS_LISTED).rows;
  const results = books
    .bets(accountId, 'closed', null, RESULTS_LISTED)
    .rows.map((bet) => shownBet(books, bet));
  const sessionBalance = broadcaster.sessionBalanceOf(session, broadcaster.openCountOf(accountId));
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
  { house, books, broadcaster, windowMs }: SnapshotParts,
  session: Session | null,
): string[] {
  const board = house.board();
  const hello = streamFrames.hello(broadcaster.seqOf('stream'), {
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
    ...(board === null ? [] : streamFrames.full(broadcaster.seqOf('stream'), board)),
  ];
}
