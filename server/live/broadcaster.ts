import { byCell } from '../../views/bet/on-cell.ts';
import { cellId } from '../game/grid.ts';
import type { Calendar } from '../game/headline.ts';
import type { Announced } from '../game/maintenance.ts';
import type { House } from '../ports/house.ts';
import type { Tick } from '../game/tick.ts';
import type { BetUpdate, Board, Events } from '../ports/events.ts';
import type { Books } from '../ports/books.ts';
import type { Crowd, Leaderboards } from '../ports/crowd.ts';
import { shownBet } from '../ports/shown-bet.ts';
import { GridDiff } from './grid-diff.ts';
import { pageFrames, streamFrames } from './outbound.ts';
import {
  betPartials,
  columnPartial,
  crowdPartial,
  headlinePartial,
  healthPartial,
  inFrames,
  leadersPartial,
  restrictionPartial,
  balancePartials,
} from './partials.tsx';
import type { SessionBalances } from './session-balances.ts';
import { TOPICS, type Topic } from './topics.ts';
import type { Connection } from './connection.ts';
import type { Connections } from './connections.ts';

/** More open bets than this are shown as this many. */
const OPEN_BETS_COUNTED_MAX = 500;
/**
 * From so many locks in one commit on they leave with the next frame that the socket gets anyway: in a full
 * house each write for itself would cost as much as the lock.
 */
const BUSY_LOCKS = 64;

/**
 * Sends the house's events to everybody concerned: public frames are rendered once for all sockets of a kind,
 * private ones once for each socket of the account. Numbers count the public frames, so that a client sees
 * when it has missed one.
 */
export class Broadcaster {
  readonly #seq = { page: 0, stream: 0 };
  readonly #diff = new GridDiff();

  constructor(
    private readonly publish: (topic: Topic, frame: string) => void,
    /** Lets go of what was held for the next public frame. */
    private readonly release: () => void,
    private readonly connections: Connections,
    private readonly books: Pick<
      Books,
      'account' | 'bets' | 'betsOnCell' | 'revision' | 'revisionFrom' | 'rangeOf'
    >,
    private readonly sessionBalances: SessionBalances,
    private readonly house: Pick<House, 'health' | 'maintenance'>,
    /** Of the board that sockets are shown. */
    private readonly windowMs: number,
  ) {}

  /** Number of the last public frame to sockets of that kind. */
  seqOf(kind: keyof typeof TOPICS): number {
    return this.#seq[kind];
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
    this.publish(TOPICS.page, pageFrames.heartbeat(at));
    this.publish(TOPICS.stream, streamFrames.heartbeat(at));
  }

  onTick(tick: Tick): void {
    this.publish(TOPICS.page, pageFrames.tick(++this.#seq.page, tick));
    this.publish(TOPICS.stream, streamFrames.tick(++this.#seq.stream, tick));
    // A board may come behind the tick.
    queueMicrotask(this.release);
  }

  onBoard(board: Board): void {
    if (board.windowMs !== this.windowMs) return;
    const diffs = this.#diff.next(board);
    const isFirst = diffs.length > 0 && diffs.every(({ isNew }) => isNew);
    if (!isFirst)
      for (const { column, isNew } of diffs)
        if (isNew) this.publish(TOPICS.page, columnPartial(column, board.windowMs, board.revision.at));
    for (const frame of pageFrames.grid(() => ++this.#seq.page, board, diffs))
      this.publish(TOPICS.page, frame);
    for (const frame of streamFrames.grid(() => ++this.#seq.stream, board, diffs))
      this.publish(TOPICS.stream, frame);
  }

  onHealth(): void {
    const { house } = this;
    this.publish(TOPICS.page, healthPartial({ health: house.health(), maintenance: house.maintenance() }));
  }

  onMaintenance(announced: Announced | null): void {
    this.onHealth();
    this.publish(TOPICS.stream, streamFrames.maintenance(announced));
  }

  onCalendar({ notice }: Calendar): void {
    this.publish(TOPICS.page, headlinePartial(notice));
    this.publish(TOPICS.stream, streamFrames.headline(notice));
  }

  /** Once a second at most: the same two frames for all pages, the same one for all programs. */
  onCrowd(crowd: Crowd): void {
    this.publish(TOPICS.page, crowdPartial(crowd));
    this.publish(TOPICS.page, pageFrames.wanted(crowd));
    this.publish(TOPICS.stream, streamFrames.crowd(crowd));
  }

  onLeaderboards(leaderboards: Leaderboards): void {
    this.publish(TOPICS.page, leadersPartial(leaderboards));
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
    let html: { readonly partials: readonly string[]; readonly openCount: number } | null = null;
    for (const connection of connections) {
      const { kind, session } = connection.caller;
      let frames: readonly string[];
      if (kind === 'stream') frames = json ??= mine.map(({ bet, balance }) => streamFrames.bet(bet, balance));
      else {
        html ??= {
          partials: this.#partialsOf(mine),
          openCount: this.openCountOf(mine[0]!.bet.accountId),
        };
        frames = inFrames([...html.partials, ...this.sessionBalanceOf(session!, html.openCount)]);
      }
      if (mayWait) connection.hold(frames);
      else connection.tell(frames);
    }
  }

  /** One for each cell that has changed: a cell shows what all of its bets come to. */
  #partialsOf(mine: readonly BetUpdate[]): string[] {
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
        );
      })
      .toArray();
  }

  onTransfer(accountId: string): void {
    for (const connection of this.connections.ofAccount(accountId)) {
      const { kind, session } = connection.caller;
      if (kind === 'page') connection.send(this.sessionBalanceOf(session!, this.openCountOf(accountId)));
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

  openCountOf(accountId: string): number {
    return this.books.bets(accountId, 'open', null, OPEN_BETS_COUNTED_MAX).rows.length;
  }

  sessionBalanceOf(session: Parameters<SessionBalances['of']>[0], openCount: number): string[] {
    const sessionBalance = this.sessionBalances.of(session);
    return sessionBalance === null ? [] : [balancePartials(sessionBalance, openCount)];
  }
}
