import { setImmediate } from 'node:timers';
import type { Counted, EdgeHas } from '../ports/counted.ts';
import type { House } from '../ports/house.ts';
import type { Log } from '../ports/log.ts';
import { LINK_VERSION, readAsking, type Asking } from './asking.ts';
import { framesOf, messagesOf } from './frames.ts';
import { CALLS_UNDER_WAY_MAX, NEWS_WAITING_BYTES_MAX, WAITING_BYTES_MAX } from './limits.ts';
import type { Line } from './line.ts';
import type { Telling } from './telling.ts';

interface Parts {
  readonly house: House;
  readonly hello: Extract<Telling, { t: 'hello' }>;
  /** The whole as of now, with the number of the last piece of news. */
  readonly whole: () => Telling;
  /** Whether a session's end has reached every edge: waited for before it is answered. */
  readonly taken: () => Promise<void>;
  /** Something of this edge changed that others may wait for. */
  readonly onTaken: () => void;
  readonly onCall: () => void;
  readonly onCounted: (counted: Counted) => void;
  readonly log: Pick<Log, 'warn'>;
}

/**
 * One edge as the engine sees it: its calls are carried out and answered by their number, and what the house
 * tells goes out with the answers of the same turn in one frame. It is believed in nothing but its shapes: an
 * edge that breaks them, or a bound, is let go.
 */
export class ServedEdge {
  /** The last event that has taken effect there; null before it asked for a snapshot. */
  takenSeq: number | null = null;
  name = 'an edge';
  /** As it said last. */
  has: EdgeHas = { sockets: 0, people: 0, memoryBytes: 0, openFilesShare: null };
  #closed = false;
  #hasWhole = false;
  #underWay = 0;
  #messages: string[] = [];

  constructor(
    private readonly line: Line,
    private readonly parts: Parts,
  ) {
    this.tell(parts.hello);
  }

  /** Bytes that it has not taken yet. */
  get waiting(): number {
    return this.line.waiting;
  }

  /** @param news as JSON, the same text for all edges. */
  news(news: string): void {
    // Too slow: the hole in the numbers will tell it.
    if (this.#hasWhole && this.line.waiting <= NEWS_WAITING_BYTES_MAX) this.#add(news);
  }

  tell(telling: Telling): void {
    this.#add(JSON.stringify(telling));
  }

  frame(text: string): void {
    const messages = messagesOf(text);
    if (messages === null) return this.#refuse('a frame that is none');
    for (const message of messages) {
      if (this.#closed) return;
      const asking = readAsking(message);
      if (asking === null) return this.#refuse('a message that is none');
      this.#hear(asking);
    }
  }

  close(): void {
    this.line.close();
  }

  /** The line is gone; what is under way goes on, and its answer finds nobody. */
  lost(): void {
    this.#closed = true;
    this.#messages = [];
    this.parts.onTaken();
  }

  #hear(asking: Asking): void {
    switch (asking.t) {
      case 'hello':
        this.name = asking.edge;
        if (asking.version !== LINK_VERSION) this.#refuse(`version ${asking.version} of the link`);
        return;
      case 'call':
        if (this.#underWay >= CALLS_UNDER_WAY_MAX) return this.#refuse('more calls than one edge may have');
        this.#underWay += 1;
        this.parts.onCall();
        return void this.#answer(asking);
      case 'turned-away':
        return this.parts.house.turnedAway(...(asking.args as Parameters<House['turnedAway']>));
      case 'whole':
        this.#hasWhole = true;
        // From here on it may remember who is signed in.
        this.takenSeq ??= 0;
        return this.tell(this.parts.whole());
      case 'figures':
        this.has = asking.has;
        return this.parts.onCounted(asking.counted);
      case 'taken':
        this.takenSeq = Math.max(this.takenSeq ?? 0, asking.seq);
        return this.parts.onTaken();
    }
  }

  async #answer({ id, name, args }: Extract<Asking, { t: 'call' }>): Promise<void> {
    try {
      const answer = await this.#call(name, args);
      if (name === 'endSessions' && answer === null) await this.parts.taken();
      this.tell({ t: 'answer', id, answer });
    } catch {
      // What failed is the writer, which reports it itself.
      this.tell({ t: 'failed', id });
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Arguments have the shapes that the calls take; null stands for one that was left out. */
  #call(name: Extract<Asking, { t: 'call' }>['name'], args: readonly unknown[]): Promise<unknown> {
    const call = this.parts.house[name] as (...args: readonly unknown[]) => Promise<unknown>;
    return call.apply(
      this.parts.house,
      args.map((arg, index) => (arg === null && MAY_BE_LEFT_OUT[name] === index ? undefined : arg)),
    );
  }

  #add(message: string): void {
    if (this.#closed) return;
    if (this.#messages.push(message) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const messages = this.#messages;
    this.#messages = [];
    if (this.#closed) return;
    for (const frame of framesOf(messages)) this.line.send(frame);
    if (this.line.waiting > WAITING_BYTES_MAX) this.#refuse('nothing that it was sent');
  }

  #refuse(what: string): void {
    this.parts.log.warn({ edge: this.name }, `a line to ${this.name} is closed: it took or sent ${what}`);
    this.close();
  }
}

/** Optional arguments of the port by their place. */
const MAY_BE_LEFT_OUT: Readonly<Record<string, number>> = { order: 3, startSession: 1 };
