import { BUILD_NAME } from '../ports/build.ts';
import type { Counted } from '../ports/counted.ts';
import type { BetUpdate, Board } from '../ports/events.ts';
import type { House } from '../ports/house.ts';
import type { Log } from '../ports/log.ts';
import type { LinkReadings } from '../ports/readings.ts';
import { LINK_VERSION } from './asking.ts';
import { BETS_PER_MESSAGE_MAX, FIGURES_MS, PRICE_LINE_MS, TAKEN_MS_MAX } from './limits.ts';
import type { Line, LineUser } from './line.ts';
import { ServedEdge } from './served-edge.ts';
import { TAKEN_BEFORE_ANSWER, type Figures, type News, type Telling } from './telling.ts';

/**
 * The engine's end of the link: tells all edges what the house tells, numbered, and carries out what they
 * ask. A piece of news is written as JSON once, whatever the number of edges.
 */
export class EngineEnd {
  readonly #edges = new Set<ServedEdge>();
  /** Made anew at each start: numbers of different runs have nothing to do with each other. */
  readonly #run = crypto.randomUUID();
  readonly #ends: readonly (() => void)[];
  readonly #timer: Timer;
  #waiting: (() => void)[] = [];
  #seq = 0;
  /** Of the last news that must have had their effect before something is answered. */
  #awaitedSeq = 0;
  #frames = 0;
  #calls = 0;
  #lost = 0;
  #feed = '';

  constructor(
    private readonly house: House,
    private readonly log: Pick<Log, 'warn'>,
    private readonly onCounted: (counted: Counted) => void = () => {},
  ) {
    const { events } = house;
    const news = <Name extends Exclude<News['name'], 'figures'>>(name: Name) =>
      events.on(name, ((data: unknown) => this.#tell({ name, data } as News)) as never);
    this.#ends = [
      events.on('tick', () => this.#lookAtFeed()),
      events.on('bets', (updates) => this.#tellBets(updates)),
      events.on('board', (board) => this.#tell({ name: 'board', data: inShort(board) })),
      ...(
        [
          'tick',
          'health',
          'maintenance',
          'calendar',
          'crowd',
          'leaderboards',
          'ended',
          'transferred',
          'restricted',
          'blockedRanges',
        ] as const
      ).map((name) => news(name)),
    ];
    this.#timer = setInterval(() => this.#tell({ name: 'figures', data: this.#figures() }), FIGURES_MS);
    this.#timer.unref();
  }

  /** Edges that are there. */
  get edges(): number {
    return this.#edges.size;
  }

  /** Each of them, as it is served. */
  served(): Iterable<ServedEdge> {
    return [...this.#edges];
  }

  /** For the metrics: how many edges there are, and what they sent since start. */
  readings(): LinkReadings {
    const all = [...this.#edges].map(({ has }) => has);
    return {
      ...{ edges: all.length, frames: this.#frames, calls: this.#calls, lost: this.#lost },
      memoryBytesMax: all.reduce((most, { memoryBytes }) => Math.max(most, memoryBytes), 0),
      openFilesShareMax: all.reduce((most, { openFilesShare }) => Math.max(most, openFilesShare ?? 0), 0),
    };
  }

  /** Open sockets of all edges. */
  get sockets(): number {
    return [...this.#edges].reduce((sum, { has }) => sum + has.sockets, 0);
  }

  /** Takes over a line that an edge has made. */
  take = (line: Line): LineUser => {
    const edge = new ServedEdge(line, {
      house: this.house,
      hello: { t: 'hello', version: LINK_VERSION, build: BUILD_NAME, run: this.#run },
      whole: () => this.#whole(),
      taken: () => this.taken(),
      onTaken: () => this.#lookAtWaiting(),
      onCounted: this.onCounted,
      onCall: () => void this.#calls++,
      log: this.log,
    });
    this.#edges.add(edge);
    // The others hear of it before it can hand on an order.
    this.#tell({ name: 'figures', data: this.#figures() });
    return {
      frame: (text) => {
        this.#frames++;
        edge.frame(text);
      },
      closed: () => {
        this.#edges.delete(edge);
        this.#lost++;
        edge.lost();
      },
    };
  };

  /**
   * Resolves when ended sessions, restrictions and blocked ranges that were told so far have had their effect
   * on every edge that is there. One that says nothing is not waited for longer than its supervisor waits to
   * end it.
   */
  taken(): Promise<void> {
    const seq = this.#awaitedSeq;
    const isTaken = () => [...this.#edges].every(({ takenSeq }) => takenSeq === null || takenSeq >= seq);
    if (isTaken()) return Promise.resolve();
    return new Promise((resolve) => {
      const limit = setTimeout(done, TAKEN_MS_MAX);
      const look = () => isTaken() && done();
      this.#waiting.push(look);
      const remove = () => void (this.#waiting = this.#waiting.filter((one) => one !== look));
      function done(): void {
        clearTimeout(limit);
        remove();
        resolve();
      }
    });
  }

  /** Tells nothing more and lets the edges go. */
  stop(): void {
    clearInterval(this.#timer);
    for (const end of this.#ends) end();
    for (const edge of [...this.#edges]) edge.close();
  }

  #tell(news: News): void {
    const text = JSON.stringify({ t: 'news', seq: ++this.#seq, ...news } satisfies Telling);
    if (TAKEN_BEFORE_ANSWER.has(news.name)) this.#awaitedSeq = this.#seq;
    for (const edge of this.#edges) edge.news(text);
  }

  #tellBets(updates: readonly BetUpdate[]): void {
    for (let from = 0; from < updates.length; from += BETS_PER_MESSAGE_MAX)
      this.#tell({ name: 'bets', data: updates.slice(from, from + BETS_PER_MESSAGE_MAX) });
  }

  /** The source of prices is announced before the first price. */
  #lookAtFeed(): void {
    const feed = `${this.house.simulated} ${this.house.feedLabel}`;
    if (feed === this.#feed) return;
    this.#feed = feed;
    this.#tell({ name: 'figures', data: this.#figures() });
  }

  /** Who has the board open at an edge. */
  get people(): number {
    return [...this.#edges].reduce((sum, { has }) => sum + has.people, 0);
  }

  #lookAtWaiting(): void {
    for (const look of [...this.#waiting]) look();
  }

  #figures(): Figures {
    const { simulated, feedLabel } = this.house;
    return {
      ...{ simulated, feedLabel, edges: this.#edges.size },
      ...{ counters: this.house.counters(), headStarts: this.house.headStarts() },
    };
  }

  #whole(): Telling {
    const { house } = this;
    return {
      t: 'whole',
      seq: this.#seq,
      whole: {
        ...this.#figures(),
        runSecret: house.runSecret,
        boards: house.boards().map(inShort),
        tick: house.tick(),
        priceLine: house.priceLine(PRICE_LINE_MS),
        health: house.health(),
        maintenance: house.maintenance(),
        calendar: house.calendar(),
        crowd: house.crowd(),
        leaderboards: house.leaderboards(),
        blockedRanges: house.blockedRanges(),
      },
    };
  }
}

/** Columns, and what was learned of each board, are of all boards: nobody reads them there. */
function inShort({ revision: { learned: _, ...revision }, ...board }: Board): Board {
  return { ...board, revision: { ...revision, columns: [] } };
}
