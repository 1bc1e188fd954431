import { isOpen } from '../../game/bet.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import type { Books } from '../../ports/books.ts';
import { NO_CROWD, type Crowd, type Leaderboards } from '../../ports/crowd.ts';
import type { BetUpdate, Events } from '../../ports/events.ts';
import type { Operation, OperationResult } from '../../ports/ledger.ts';
import { periodsAt, type Since } from './account-results.ts';
import { leaderboardOf } from './leaderboards.ts';
import { ResultCount } from './result-count.ts';
import { WantedCells } from './wanted-cells.ts';
import { WinTape } from './win-tape.ts';

/** The crowd is published this often at most, and only where something of it changed. */
const CROWD_EVERY_MS = 1_000;
/** So are the leaderboards. */
const RANKED_EVERY_MS = 5_000;

export interface CrowdDeskParts {
  readonly books: Pick<Books, 'versionBefore' | 'closingsAfter' | 'names' | 'nameOf'>;
  readonly events: Events;
  /** False where the operator does not want traders to see each other: then nothing is counted. */
  readonly showOthers: boolean;
  readonly now: () => number;
  /** Null while there is no room. @throws when the writer failed. */
  readonly commit: (
    operation: Extract<Operation, { kind: 'name-account' }>,
  ) => Promise<OperationResult | null>;
}

/**
 * What everybody may see of the others: wins, wanted cells, how many are here, and the leaderboards of those
 * who agreed to be named. Counted here once, published to all edges.
 */
export class CrowdDesk {
  crowd: Crowd = NO_CROWD;
  leaderboards: Leaderboards;
  readonly #names = new Map<string, string>();
  readonly #tape = new WinTape();
  readonly #cells = new WantedCells();
  readonly #results: ResultCount;
  #people = () => 0;
  #emitted = '';
  #emittedAt = -Infinity;
  #since: Since;
  #ranked = '';
  #rankedAt = -Infinity;
  #hasNewResults = true;

  constructor(private readonly parts: CrowdDeskParts) {
    const { books, events, showOthers, now } = parts;
    this.#results = new ResultCount(books);
    this.#since = periodsAt(now());
    // A name may be taken back where nobody is shown, so they are known all the same.
    for (const { accountId, name } of books.names()) this.#name(accountId, name);
    this.leaderboards = this.#ranking();
    events.on('ended', ({ accountId }) => void this.#left(accountId));
    if (showOthers) events.on('bets', (updates) => this.#onBets(updates));
  }

  /** Whoever knows how many people have the board open says it here. */
  countPeople(people: () => number): void {
    this.#people = people;
  }

  /** @returns null when it is done and everybody shows it. @throws when the writer failed. */
  async nameAccount(accountId: string, name: string | null): Promise<RejectionCode | null> {
    const result = await this.parts.commit({ kind: 'name-account', accountId, name, at: this.parts.now() });
    if (result === null) return 'busy';
    if (result.kind === 'refused') return result.code;
    this.renamed(accountId);
    return null;
  }

  /** The account has another name in the books than before, or none any more. */
  renamed(accountId: string): void {
    this.#name(accountId, this.parts.books.nameOf(accountId));
    // A name that was taken back is gone from everywhere at once.
    this.#emitCrowd();
    this.#rank();
  }

  /** Bets that are open from now on. */
  onPlaced(placed: Iterable<Pick<BetUpdate, 'bet'>>): void {
    if (!this.parts.showOthers) return;
    for (const { bet } of placed) this.#cells.placed(bet);
  }

  step(now: number): void {
    if (!this.parts.showOthers) return;
    this.#since = periodsAt(now);
    if (this.#results.step(this.#since)) this.#hasNewResults = true;
    if (Math.abs(now - this.#emittedAt) >= CROWD_EVERY_MS) {
      this.#emittedAt = now;
      this.#emitCrowd();
    }
    const isDue = this.#hasNewResults || now >= this.leaderboards.day.until;
    if (isDue && Math.abs(now - this.#rankedAt) >= RANKED_EVERY_MS) {
      this.#rankedAt = now;
      this.#rank();
    }
  }

  #onBets(updates: readonly BetUpdate[]): void {
    for (const { bet } of updates) {
      if (isOpen(bet)) continue;
      this.#cells.closed(bet);
      if (bet.status === 'won') this.#tape.add(bet);
      if (this.#names.has(bet.accountId)) this.#results.heard(bet.accountId);
    }
  }

  /** A practice account that was signed out is nobody's any more: nobody could take its name back. */
  async #left(accountId: string): Promise<void> {
    if (!this.#names.has(accountId)) return;
    await this.nameAccount(accountId, null).catch(() => {});
  }

  #name(accountId: string, name: string | null): void {
    if (name === null) {
      this.#names.delete(accountId);
      this.#results.forget(accountId);
      return;
    }
    const isNewHere = !this.#names.has(accountId);
    this.#names.set(accountId, name);
    if (isNewHere) this.#results.heard(accountId);
  }

  #emitCrowd(): void {
    if (!this.parts.showOthers) return;
    const crowd: Crowd = {
      people: this.#people(),
      wins: this.#tape.take((accountId) => this.#names.get(accountId) ?? null),
      wanted: this.#cells.wanted(this.parts.now()),
    };
    const text = JSON.stringify(crowd);
    if (text === this.#emitted) return;
    this.#emitted = text;
    this.crowd = crowd;
    this.parts.events.emit('crowd', crowd);
  }

  #rank(): void {
    if (!this.parts.showOthers) return;
    this.#hasNewResults = false;
    const leaderboards = this.#ranking();
    const text = JSON.stringify(leaderboards);
    if (text === this.#ranked) return;
    this.#ranked = text;
    this.leaderboards = leaderboards;
    this.parts.events.emit('leaderboards', leaderboards);
  }

  #ranking(): Leaderboards {
    const of = (period: 'day' | 'week') =>
      leaderboardOf(
        period,
        this.#since,
        this.#names.entries().map(([accountId, name]) => ({ accountId, name })),
        (accountId) => this.#results.resultsOf(accountId)?.of(period, this.#since) ?? null,
      );
    return { day: of('day'), week: of('week'), counting: this.#results.isCounting };
  }
}
