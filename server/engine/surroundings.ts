import { CURRENCIES, type Currency, type Micros } from '../game/money.ts';
import type { Books } from '../ports/books.ts';
import { DISK_EMERGENCY_SHARE, type Vitals } from './breaker.ts';

const LOOK_EVERY_MS = 1_000;
/** How long a step of the wall clock counts as a fault; after that the clock may be right. */
const CLOCK_MEMORY_MS = 5_000;

export interface SurroundingsParts {
  readonly books: Pick<Books, 'chain' | 'bankroll'>;
  readonly walBytes: () => number;
  /** Used share of the disk that holds the data, 0 to 1. */
  readonly diskUsedShare: () => number;
  /** Why the open books are not where they were opened, null while they are; left out where nobody looks. */
  readonly booksGone?: () => string | null;
  /** Why Redis is away, null while it answers; left out where there is none. */
  readonly redisAway?: () => string | null;
  readonly onBankroll: (currency: Currency, bankroll: Micros) => void;
}

/** What the engine stands on and does not move itself, as it was at the last look: books, disk, clock. */
export class Surroundings {
  #lookedAt = -Infinity;
  /** Time of the newest commit that was seen: no later one is earlier. */
  #bookedAt = 0;
  #walBytes = 0;
  #diskUsedShare = 0;
  #booksGone: string | null = null;
  #clockStep = { ms: 0, until: 0 };

  constructor(private readonly parts: SurroundingsParts) {}

  /** No tick may be earlier. */
  get bookedAt(): number {
    return this.#bookedAt;
  }

  /** For good: what was written since they went is in no file that anybody finds. */
  get booksAreGone(): boolean {
    return this.#booksGone !== null;
  }

  get diskIsFull(): boolean {
    return this.#diskUsedShare >= DISK_EMERGENCY_SHARE;
  }

  /** Once a second, however often it is called. */
  look(now: number): void {
    if (Math.abs(now - this.#lookedAt) < LOOK_EVERY_MS) return;
    const { books, walBytes, diskUsedShare, booksGone, onBankroll } = this.parts;
    this.#lookedAt = now;
    this.#booksGone ??= booksGone?.() ?? null;
    if (this.booksAreGone) return;
    this.#bookedAt = books.chain().ledger.at;
    this.#walBytes = walBytes();
    this.#diskUsedShare = diskUsedShare();
    for (const currency of CURRENCIES) onBankroll(currency, books.bankroll(currency));
  }

  /** The wall clock jumped by `ms` against the steady one. */
  clockStepped(ms: number, now: number): void {
    this.#clockStep = { ms, until: now + CLOCK_MEMORY_MS };
  }

  vitals(
    now: number,
  ): Pick<Vitals, 'walBytes' | 'diskUsedShare' | 'clockStepMs' | 'booksGone' | 'redisAway'> {
    return {
      walBytes: this.#walBytes,
      diskUsedShare: this.#diskUsedShare,
      clockStepMs: now < this.#clockStep.until ? this.#clockStep.ms : 0,
      booksGone: this.#booksGone,
      redisAway: this.parts.redisAway?.() ?? null,
    };
  }
}
