import { dayOf, DayOfPlay } from '../game/day-of-play.ts';
import { micros } from '../game/money.ts';
import type { Books } from '../ports/books.ts';
import type { Today } from '../ports/today.ts';

/** Accounts whose day is kept; the one that was not looked at for longest is summed up anew. */
const DAYS_KEPT_MAX = 4_000;
/** Ledger rows that one look reads at most: some milliseconds. */
const ROWS_PER_LOOK = 1_000;
/**
 * How far the time of a row may lie before that of the one before it: a bet closes at its tick, which is
 * committed a little later.
 */
const DISORDER_MS = 60_000;

interface Kept {
  readonly day: number;
  readonly play: DayOfPlay;
  version: number;
}

/**
 * What the day has brought each account so far, summed up from the books as bets close. A look reads what is
 * new, and no more than a bound: of a day with very many bets the first few looks are not the whole.
 */
export class Days {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly books: Pick<Books, 'account' | 'versionBefore' | 'closingsAfter'>,
    private readonly now: () => number,
    private readonly rowsPerLook = ROWS_PER_LOOK,
  ) {}

  /** Reads on. @returns null when the account is not there. */
  look(accountId: string): Today | null {
    const account = this.books.account(accountId);
    if (account === null) return null;
    const day = dayOf(this.now());
    const found = this.#kept.get(accountId);
    const kept = found?.day === day ? found : this.#begin(accountId, day);
    const { closings, version, isAll } = this.books.closingsAfter(accountId, kept.version, this.rowsPerLook);
    for (const closing of closings) if (dayOf(closing.at) === day) kept.play.add(closing);
    kept.version = version;
    this.#keep(accountId, kept);
    const { currency, balance, openStake } = account;
    return { day, currency, balance: micros(balance + openStake), isWhole: isAll, ...kept.play.figures() };
  }

  #begin(accountId: string, day: number): Kept {
    return { day, play: new DayOfPlay(), version: this.books.versionBefore(accountId, day - DISORDER_MS) };
  }

  #keep(accountId: string, kept: Kept): void {
    this.#kept.delete(accountId);
    this.#kept.set(accountId, kept);
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined && this.#kept.size > DAYS_KEPT_MAX) this.#kept.delete(oldest);
  }
}
