import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Engine } from '../../server/engine/engine.ts';
import type { Feed } from '../../server/feed/feed.ts';
import { openFeed } from '../../server/feed/open.ts';
import { Replica } from '../exchange-replica/replica.ts';
import { HandClock, until } from '../exchange-replica/hand-clock.ts';
import { cellId, cellOfRow } from '../../server/game/grid.ts';
import { dollars } from '../../server/game/money.ts';
import type { Session } from '../../server/game/session.ts';
import { DATABASE_FILE, type Store } from '../../server/store/store.ts';
import { faultsOf } from '../stage/second-opinion.ts';
import { openHouse, practiceSession, TICK_MS, WINDOW_MS } from './house.ts';
import { logFaults } from './log-faults.ts';

export const VENUES = ['coinbase', 'kraken', 'bitstamp'] as const;
export type VenueName = (typeof VENUES)[number];

const HEARD_TRIES_MAX = 700;
/**
 * The engine with its ledger and its feed on a clock that is moved by hand. The exchanges are local servers
 * that speak their protocols.
 */
export class Stage {
  engine!: Engine;
  #store!: Store;
  readonly #bets = new Set<string>();
  readonly #session: Session;

  private constructor(
    readonly clock: HandClock,
    public feed: Feed,
    /** Null for a recording. */
    readonly replica: Replica | null,
    private readonly dataDir: string,
  ) {
    this.#session = practiceSession(clock.now());
  }

  static async live(dataDir: string): Promise<Stage> {
    const clock = new HandClock();
    const replica = new Replica();
    const opened = openFeed(`live:${VENUES.join(',')}`, { clock, random: () => 1, urls: replica.urls });
    if ('error' in opened) throw new Error(opened.error.message);
    await opened.ok.start();
    const stage = new Stage(clock, opened.ok, replica, dataDir);
    await stage.subscribed();
    await stage.#open(true);
    return stage;
  }

  static async on(feed: Feed, clock: HandClock, dataDir: string): Promise<Stage> {
    const stage = new Stage(clock, feed, null, dataDir);
    await feed.start();
    await stage.#open(true);
    return stage;
  }

  get now(): number {
    return this.clock.now();
  }

  get books(): Store['books'] {
    return this.#store.books;
  }

  /** Every exchange has us on its list. */
  async subscribed(): Promise<void> {
    await until(
      () => VENUES.every((venue) => this.replica!.subscribed(venue).length === 1),
      'the subscriptions',
    );
  }

  status(venue: VenueName) {
    return this.feed.status(this.now).find((one) => one.venue === venue)!;
  }

  /** One step of the oracle, 100 ms on; the venues that are named quote their price in dollars before it. */
  async step(prices: Partial<Record<VenueName, number>> = {}): Promise<void> {
    this.clock.advance(TICK_MS - (this.now % TICK_MS));
    await Promise.all(
      (Object.entries(prices) as [VenueName, number][]).map(([venue, price]) => this.says(venue, price)),
    );
    this.engine.step(this.now);
    await this.engine.batcher.drained();
  }

  /** `ms` of steps in which all who are named say what `price` gives for each moment. */
  async play(
    ms: number,
    price: (at: number) => number,
    venues: readonly VenueName[] = VENUES,
  ): Promise<void> {
    const end = this.now + ms;
    while (this.now < end)
      await this.step(
        this.replica === null ? {} : Object.fromEntries(venues.map((venue) => [venue, price(this.now)])),
      );
  }

  /**
   * These venues say nothing more, and what they had said has been read: on a clock that is moved by hand a
   * late heartbeat is news.
   */
  async mute(venues: readonly VenueName[]): Promise<void> {
    for (const venue of venues) this.replica!.mute(venue, true);
    await until(
      () => venues.every((venue) => this.status(venue).counters.frames === this.replica!.said[venue]),
      'the last words',
    );
  }

  /** Steps without a word from anybody. */
  async wait(ms: number): Promise<void> {
    return this.play(ms, () => 0, []);
  }

  /**
   * Until every exchange has us on its list again. Time passes only while a line waits to be made anew.
   * @param quoting whether those who do go on saying `price`
   */
  async recover(price: (at: number) => number, quoting: boolean): Promise<void> {
    const isOn = (venue: VenueName) =>
      this.replica!.subscribed(venue).length > 0 && this.status(venue).state === 'open';
    for (const venue of VENUES) {
      this.replica!.mute(venue, false);
      // What was asked for while the venue did not listen is not asked for again on that line.
      if (!isOn(venue)) this.replica!.kill(venue);
    }
    for (let tries = 0; tries < HEARD_TRIES_MAX && !VENUES.every(isOn); tries++) {
      if (VENUES.some((venue) => this.status(venue).state === 'waiting'))
        await this.step(
          Object.fromEntries(quoting ? VENUES.filter(isOn).map((venue) => [venue, price(this.now)]) : []),
        );
      else await Bun.sleep(5);
    }
    await this.subscribed();
  }

  /** A quote, and the moment when it has been read. `ageMs`: how old its exchange time is. */
  async says(venue: VenueName, price: number, ageMs = 0): Promise<void> {
    const { counters, quoteAt: quotedBefore } = this.status(venue);
    const heard = () => {
      const { counters: now, quoteAt } = this.status(venue);
      return (
        (quoteAt === this.now && quotedBefore !== this.now) ||
        now.dropped > counters.dropped ||
        now.skewed > counters.skewed ||
        now.gaps > counters.gaps
      );
    };
    this.replica!.quote(venue, (price - 0.01).toFixed(2), (price + 0.01).toFixed(2), this.now - ageMs);
    for (let tries = 0; !heard(); tries++) {
      if (tries > HEARD_TRIES_MAX) throw new Error(`${venue} was not heard`);
      await Bun.sleep(tries < 100 ? 0 : 5);
    }
  }

  /**
   * Bets a dollar on cells of the column that opens `ahead` windows after the current one. @returns a bet id
   * or a refusal for each row.
   */
  async bet(ahead: number, rows: readonly number[]): Promise<readonly string[]> {
    const board = this.engine.board();
    if (board === null) return rows.map(() => 'no board');
    const column = board.columns[ahead]!;
    const taps = rows.map((row) => ({
      cell: cellId(cellOfRow(column, row, WINDOW_MS)),
      stake: dollars(1),
      multiplier: (column.multipliers[row] ?? 200) as never,
      revision: board.revision.revision,
    }));
    const answer = await this.engine.order(
      { nonce: randomUUID(), deadline: this.now + 10_000, taps, signature: '' },
      this.#session,
    );
    if ('code' in answer) return rows.map(() => answer.code);
    return answer.results.map((result) => {
      if (result.status === 'rejected') return result.code;
      this.#bets.add(result.betId);
      return result.betId;
    });
  }

  /** The row of a column that holds the price, and that column. */
  rowAt(ahead: number, price: number): number {
    const { low, band } = this.engine.board()!.columns[ahead]!;
    return Math.floor((Math.round(price * 100) - low) / band);
  }

  /** Micros. */
  get balance(): number {
    return this.books.account(this.#session.accountId)!.balance;
  }

  /** `won`, `lost`, `void gap`, `void no_revision`, `locked` … */
  fate(id: string): string {
    const { status, voidReason } = this.books.bet(id)!;
    return voidReason === null ? status : `${status} ${voidReason}`;
  }

  /** What is wrong with the books. */
  faults(): string[] {
    return [...logFaults(this.books, this.#bets), ...faultsOf(join(this.dataDir, DATABASE_FILE))];
  }

  /**
   * The server is gone for so long; exchanges and clock go on. It comes back on another feed where one is
   * given.
   */
  async downFor(ms: number, feed: Feed = this.feed): Promise<void> {
    await this.#store.close();
    this.clock.advance(ms);
    if (feed !== this.feed) {
      this.feed.stop();
      this.feed = feed;
      await feed.start();
    }
    await this.#open(false);
  }

  async close(): Promise<void> {
    this.feed.stop();
    await this.replica?.stop();
    await this.#store.close();
  }

  async #open(isFirst: boolean): Promise<void> {
    const { feed } = this;
    const house = await openHouse(this.dataDir, feed, () => this.now);
    this.#store = house.store;
    this.engine = house.engine;
    if (!isFirst) return;
    await this.engine.openAccount({
      accountId: this.#session.accountId,
      currency: 'PLAY',
      address: null,
      grant: dollars(10_000),
    });
    await this.engine.startSession(this.#session);
  }
}
