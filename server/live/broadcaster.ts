import { byCell } from '../../views/bet/on-cell.ts';
import { cellId } from '../game/grid.ts';
import type { Calendar } from '../game/headline.ts';
import type { Announced } from '../game/maintenance.ts';
import type { House } from '../ports/house.ts';
import type { Tick } from '../game/tick.ts';
import type { BetUpdate, Board, Events } from '../ports/events.ts';
import type { Books } from '../ports/books.ts';
import type { Crowd, Leaderboards } from '../ports/crowd.ts';
import { openCountsOf, type OpenCounts } from '../ports/open-counts.ts';
import { shownBet } from '../ports/shown-bet.ts';
import { BoardChannel } from './board-channel.ts';
import { pageFrames, streamFrames } from './outbound.ts';
import {
  betPartials,
  countPartials,
  crowdPartial,
  headlinePartial,
  healthPartial,
  inFrames,
  leadersPartial,
  restrictionPartial,
  balancePartials,
} from './partials.tsx';
import type { SessionBalances } from './session-balances.ts';
import type { Topic } from './topics.ts';
import type { Connection, SocketCaller } from './connection.ts';
import type { Connections } from './connections.ts';

/**
 * From so many locks in one commit on they leave with the next frame that the socket gets anyway: in a full
 * house each write for itself would cost as much as the lock.
 */
const BUSY_LOCKS = 64;

/**
 * Sends the house's events to everybody concerned: public frames are rendered once for all sockets of a kind
 * that show the same board, private ones once for each socket of the account, whichever board it shows.
 */
export class Broadcaster {
  /** By the length of their windows, ms. */
  readonly #channels: ReadonlyMap<number, BoardChannel>;

  constructor(
    boards: readonly number[],
    publish: (topic: Topic, frame: string) => void,
    /** Lets go of what was held for the next public frame. */
    private readonly release: () => void,
    private readonly connections: Connections,
    private readonly books: Pick<
      Books,
      'account' | 'bets' | 'betsOnCell' | 'revision' | 'revisionFrom' | 'rangeOf'
    >,
    private readonly sessionBalances: SessionBalances,
    private readonly house: Pick<House, 'health' | 'maintenance'>,
  ) {
    this.#channels = new Map(boards.map((windowMs) => [windowMs, new BoardChannel(windowMs, publish)]));
  }

  /** Number of the last numbered frame to sockets of that kind that show the board with such windows. */
  seqOf(kind: SocketCaller['kind'], windowMs: number): number {
    return this.#channels.get(windowMs)?.seqOf(kind) ?? 0;
  }

  /** @returns a function that ends all subscriptions. */
  listen(events: Events): () => void {
    const ends = [
      events.on('tick', (tick) => this.onTick(tick)),
      events.on('board', (board) => this.onBoard(board)),
      events.on('bets', (updates) => this.onBets(updates)),
      events.on('health', () => this.onHealth()),
      events.on('maintenance', (announced) => this.onMaintenance(announced)),
      events.on('calendar', (calendar) => this.onCalendar(calendar)),
      events.on('crowd', (crowd) => this.onCrowd(crowd)),
      events.on('leaderboards', (leaderboards) => this.onLeaderboards(leaderboards)),
      events.on('restricted', (accountId) => this.onRestricted(accountId)),
    ];
    return () => ends.forEach((end) => end());
  }

  /** In place of a price. @param at UTC epoch ms */
  onHeartbeat(at: number): void {
    this.#toAll('page', pageFrames.heartbeat(at));
    this.#toAll('stream', streamFrames.heartbeat(at));
  }

  onTick(tick: Tick): void {
    for (const channel of this.#channels.values()) channel.onTick(tick);
    // A board may come behind the tick.
    queueMicrotask(this.release);
  }

  onBoard(board: Board): void {
    this.#channels.get(board.windowMs)?.onBoard(board);
  }

  onHealth(): void {
    const { house } = this;
    this.#toAll('page', healthPartial({ health: house.health(), maintenance: house.maintenance() }));
  }

  onMaintenance(announced: Announced | null): void {
    this.onHealth();
    this.#toAll('stream', streamFrames.maintenance(announced));
  }

  onCalendar({ notice }: Calendar): void {
    this.#toAll('page', headlinePartial(notice));
    this.#toAll('stream', streamFrames.headline(notice));
  }

  #toAll(kind: SocketCaller['kind'], frame: string): void {
    for (const channel of this.#channels.values()) channel.send(kind, frame);
  }

  /** Once a second at most: the same two frames for all pages, the same one for all programs. */
  onCrowd(crowd: Crowd): void {
    this.#toAll('page', crowdPartial(crowd));
    this.#toAll('page', pageFrames.wanted(crowd));
    this.#toAll('stream', streamFrames.crowd(crowd));
  }

  onLeaderboards(leaderboards: Leaderboards): void {
    this.#toAll('page', leadersPartial(leaderboards));
  }

  onBets(updates: readonly BetUpdate[]): void {
    const [first] = updates;
    if (first !== undefined && updates.length === 1)
      return this.#tell(this.connections.ofAccount(first.bet.accountId), updates, false);
    const byAccount = new Map<ReadonlySet<Connection>, BetUpdate[]>();
    for (const update of updates) {
      const connections = this.connections.ofAccount(update.bet.accountId);
      if (connections.size === 0) continue;
      const mine = byAccount.get(connections);
      if (mine === undefined) byAccount.set(connections, [update]);
      else mine.push(update);
    }
    const isBusy = updates.length >= BUSY_LOCKS;
    for (const [connections, mine] of byAccount)
      this.#tell(connections, mine, isBusy && mine.every(({ bet }) => bet.status === 'locked'));
  }

  /** Programs get no HTML, and counting open bets asks the books: neither is done before a page wants it. */
  #tell(connections: ReadonlySet<Connection>, mine: readonly BetUpdate[], mayWait: boolean): void {
    let json: readonly string[] | null = null;
    let open: OpenCounts | null = null;
    const partials = new Map<number, readonly string[]>();
    for (const connection of connections) {
      const { kind, session } = connection.caller;
      let frames: readonly string[];
      if (kind === 'stream') frames = json ??= mine.map(({ bet, balance }) => streamFrames.bet(bet, balance));
      else {
        const { board } = connection;
        open ??= openCountsOf(this.books, session!.accountId);
        let own = partials.get(board);
        if (own === undefined) partials.set(board, (own = this.#partialsOf(mine, board)));
        frames = inFrames([...own, ...this.sessionBalanceOf(session!, open)]);
      }
      if (mayWait) connection.hold(frames);
      else connection.tell(frames);
    }
  }

  /** One for each cell that has changed: a cell shows what all of its bets come to. */
  #partialsOf(mine: readonly BetUpdate[], board: number): string[] {
    return byCell(
      mine.map(({ bet }) => bet),
      cellId,
    )
      .values()
      .map(([first, ...more]) => {
        const changed = new Set([first!, ...more].map(({ id }) => id));
        const others = this.books.betsOnCell(first!.accountId, first!.cell);
        return betPartials(
          [shownBet(this.books, first!), ...more.map((bet) => shownBet(this.books, bet))],
          others.filter(({ id }) => !changed.has(id)).map((bet) => shownBet(this.books, bet)),
          board,
        );
      })
      .toArray();
  }

  onTransfer(accountId: string): void {
    for (const connection of this.connections.ofAccount(accountId)) {
      const { kind, session } = connection.caller;
      if (kind === 'page')
        connection.send(this.sessionBalanceOf(session!, openCountsOf(this.books, accountId)));
    }
  }

  /** An operator blocked, unblocked or limited the account. */
  onRestricted(accountId: string): void {
    const restriction = this.books.account(accountId)?.restriction;
    if (restriction === undefined) return;
    for (const connection of this.connections.ofAccount(accountId))
      connection.send(
        connection.caller.kind === 'page'
          ? restrictionPartial(restriction)
          : streamFrames.restriction(restriction),
      );
  }

  /** What the trader has, and how many of their bets are open on each board. */
  sessionBalanceOf(session: Parameters<SessionBalances['of']>[0], open: OpenCounts): string[] {
    const sessionBalance = this.sessionBalances.of(session);
    if (sessionBalance === null) return [];
    return [balancePartials(sessionBalance, open.all) + countPartials([...this.#channels.keys()], open)];
  }
}
