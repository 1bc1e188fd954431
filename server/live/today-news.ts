import { dayOf } from '../game/day-of-play.ts';
import type { BetUpdate } from '../ports/events.ts';
import type { LookAtToday } from '../ports/today.ts';
import type { TakesTurns } from '../ports/turns.ts';
import { isOpen } from '../game/bet.ts';
import type { Connections } from './connections.ts';
import { todayPartial } from './partials.tsx';

/** Between two looks at a day of which not all bets are read yet. */
const LOOK_AGAIN_MS = 20;

/**
 * Sends pages what their trader's day has come to, whenever a bet of theirs closes: in turn with whatever
 * else this process renders, and once for all that closed until then.
 */
export class TodayNews {
  readonly #waiting = new Set<string>();
  #day: number;

  constructor(
    private readonly look: LookAtToday,
    private readonly connections: Connections,
    private readonly turns: TakesTurns,
    private readonly now: () => number,
  ) {
    this.#day = dayOf(now());
  }

  onBets(updates: readonly BetUpdate[]): void {
    for (const { bet } of updates) if (!isOpen(bet)) this.send(bet.accountId);
  }

  /** To be called now and then: at midnight everybody's day is a new one. */
  watchMidnight(): void {
    const day = dayOf(this.now());
    if (day === this.#day) return;
    this.#day = day;
    for (const { caller } of this.connections.all())
      if (caller.session !== null) this.send(caller.session.accountId);
  }

  send(accountId: string): void {
    if (this.#waiting.has(accountId) || this.#pagesOf(accountId).length === 0) return;
    this.#waiting.add(accountId);
    this.#take(accountId);
  }

  #take(accountId: string): void {
    // What is refused is sent with the next bet.
    void this.turns.take(
      accountId,
      () => this.#look(accountId),
      () => void this.#waiting.delete(accountId),
    );
  }

  #look(accountId: string): void {
    const today = this.look(accountId);
    const pages = this.#pagesOf(accountId);
    if (today?.isWhole === false && pages.length > 0)
      return void setTimeout(() => this.#take(accountId), LOOK_AGAIN_MS).unref();
    this.#waiting.delete(accountId);
    if (today === null) return;
    const frame = todayPartial(today);
    for (const connection of pages) connection.tell(frame);
  }

  #pagesOf(accountId: string) {
    return [...this.connections.ofAccount(accountId)].filter(({ caller }) => caller.kind === 'page');
  }
}
