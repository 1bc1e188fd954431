import { isAnswer, LINK_VERSION, type AnswerOf, type Asking, type CallName } from './asking.ts';
import type { Counted, EdgeHas } from '../ports/counted.ts';
import { framesOf, messagesOf } from './frames.ts';
import { HouseMirror } from './house-mirror.ts';
import {
  CALLS_UNDER_WAY_MAX,
  ENGINE_SILENT_MS_MAX,
  FIGURES_MS,
  GATHERED_MS_MAX,
  REDIAL_MS,
} from './limits.ts';
import type { Dial, Line, LineUser } from './line.ts';
import { readTelling, TAKEN_BEFORE_ANSWER, type Telling } from './telling.ts';

interface Parts {
  /** What the engine calls this edge. */
  readonly name: string;
  readonly dial: Dial;
  /** UTC epoch ms. */
  readonly now: () => number;
  /**
   * An engine has answered. With one of another version of the link nothing is exchanged until one of the two
   * restarts.
   */
  readonly onEngine?: (engine: EngineHello) => void;
}

/** What an engine says first. */
export type EngineHello = Pick<Extract<Telling, { t: 'hello' }>, 'version' | 'build' | 'run'>;

/** `unsent`: nothing left this process. `unknown`: it did, and nobody knows what became of it. */
export type Called<Name extends CallName> = { readonly answer: AnswerOf<Name> } | 'unsent' | 'unknown';

interface UnderWay {
  readonly name: CallName;
  readonly end: (called: Called<CallName>) => void;
}

/**
 * An edge's end of the link. It dials until there is an engine, asks for the whole, hears news by their
 * numbers and asks anew where one is missing. Calls that are made while others are under way are gathered for
 * a moment: what they cost the engine is the frame, not the call.
 */
export class EdgeEnd {
  readonly mirror = new HouseMirror();
  readonly #underWay = new Map<number, UnderWay>();
  #line: Line | null = null;
  #messages: string[] = [];
  #gathering: Timer | null = null;
  #callId = 0;
  /** Of the last news; null while the whole is waited for. */
  #seq: number | null = null;
  #aloneSince: number | null = null;
  /** Looks in a row at which nothing had come: a loop that stood still itself does not count them. */
  #silentLooks = 0;
  readonly #looks: Timer;
  #stopped = false;
  #ready: (() => void) | null = null;

  constructor(private readonly parts: Parts) {
    this.#looks = setInterval(() => this.look(), FIGURES_MS);
    this.#looks.unref();
  }

  /** Whether the engine says anything, looked at each {@link FIGURES_MS}. */
  look(): void {
    if (this.#line !== null && ++this.#silentLooks * FIGURES_MS > ENGINE_SILENT_MS_MAX)
      this.mirror.lost(this.parts.now(), 'the engine says nothing');
  }

  /** Resolves when the house is known. */
  begin(): Promise<void> {
    return new Promise((resolve) => {
      this.#ready = resolve;
      void this.#dial();
    });
  }

  /** Since when no other edge is there, as far as is known, UTC epoch ms; null while one is. */
  get aloneSince(): number | null {
    return this.#aloneSince;
  }

  /** Calls that are not answered yet. */
  get underWay(): number {
    return this.#underWay.size;
  }

  call<Name extends CallName>(name: Name, args: readonly unknown[]): Promise<Called<Name>> {
    if (this.#line === null || this.#underWay.size >= CALLS_UNDER_WAY_MAX) return Promise.resolve('unsent');
    const id = ++this.#callId;
    const isAlone = this.#underWay.size === 0;
    return new Promise((resolve) => {
      this.#underWay.set(id, { name, end: resolve as UnderWay['end'] });
      this.#say({ t: 'call', id, name, args }, isAlone);
    });
  }

  /** Said once, and not answered. */
  turnedAway(args: readonly unknown[]): void {
    if (this.#line !== null) this.#say({ t: 'turned-away', args }, false);
  }

  /** @param handOver gives what was counted, asked only while there is somebody who takes it over. */
  figures(has: EdgeHas, handOver: () => Counted): void {
    if (this.#line !== null) this.#say({ t: 'figures', has, counted: handOver() }, false);
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#looks);
    this.#line?.close();
  }

  async #dial(): Promise<void> {
    while (!this.#stopped && !(await this.parts.dial((line) => this.#take(line)))) await Bun.sleep(REDIAL_MS);
  }

  #take(line: Line): LineUser {
    this.#line = line;
    this.#silentLooks = 0;
    this.#say({ t: 'hello', version: LINK_VERSION, edge: this.parts.name }, true);
    this.#say({ t: 'whole' }, true);
    return {
      frame: (text) => this.#hear(text),
      closed: () => this.#lost(line),
    };
  }

  #lost(line: Line): void {
    if (this.#line !== line) return;
    this.#line = null;
    this.#seq = null;
    this.#aloneSince = null;
    this.#messages = [];
    const underWay = [...this.#underWay.values()];
    this.#underWay.clear();
    for (const { end } of underWay) end('unknown');
    this.mirror.lost(this.parts.now(), 'the engine starts anew');
    if (!this.#stopped) setTimeout(() => void this.#dial(), REDIAL_MS);
  }

  #hear(text: string): void {
    this.#silentLooks = 0;
    // On a new line the whole says how the house is.
    if (this.#seq !== null) this.mirror.heardAgain();
    for (const message of messagesOf(text) ?? [null]) {
      const telling = readTelling(message);
      if (telling === null || !this.#heed(telling)) return this.#line?.close();
    }
    // Answers came: whoever waited for them has let others gather.
    if (this.#messages.length > 0) this.#flush();
  }

  /** @returns false for what breaks the protocol. */
  #heed(telling: Telling): boolean {
    switch (telling.t) {
      case 'hello':
        this.parts.onEngine?.(telling);
        return telling.version === LINK_VERSION;
      case 'whole':
        this.#seq = telling.seq;
        this.mirror.replace(telling.whole);
        this.#aloneSince = null;
        this.#lookAtOthers();
        this.#say({ t: 'taken', seq: telling.seq }, true);
        this.#ready?.();
        return true;
      case 'news':
        if (this.#seq === null || telling.seq <= this.#seq) return true;
        if (telling.seq > this.#seq + 1) {
          this.#seq = null;
          this.#say({ t: 'whole' }, true);
          return true;
        }
        this.#seq = telling.seq;
        this.mirror.apply(telling);
        if (telling.name === 'figures') this.#lookAtOthers();
        if (TAKEN_BEFORE_ANSWER.has(telling.name)) this.#say({ t: 'taken', seq: telling.seq }, true);
        return true;
      case 'failed':
      case 'answer': {
        const call = this.#underWay.get(telling.id);
        if (call === undefined) return false;
        this.#underWay.delete(telling.id);
        if (telling.t === 'failed') call.end('unknown');
        else if (isAnswer(call.name, telling.answer)) call.end({ answer: telling.answer });
        else {
          call.end('unknown');
          return false;
        }
        return true;
      }
    }
  }

  #lookAtOthers(): void {
    this.#aloneSince = this.mirror.known.edges === 1 ? (this.#aloneSince ?? this.parts.now()) : null;
  }

  #say(asking: Asking, atOnce: boolean): void {
    const isFirst = this.#messages.push(JSON.stringify(asking)) === 1;
    if (atOnce && (isFirst || this.#gathering !== null)) {
      this.#stopGathering();
      queueMicrotask(() => this.#flush());
    } else if (isFirst) this.#gathering = setTimeout(() => this.#flush(), GATHERED_MS_MAX);
  }

  #flush(): void {
    this.#stopGathering();
    const messages = this.#messages;
    this.#messages = [];
    for (const frame of framesOf(messages)) this.#line?.send(frame);
  }

  #stopGathering(): void {
    if (this.#gathering !== null) clearTimeout(this.#gathering);
    this.#gathering = null;
  }
}
