import type { BookedEntry } from '../../server/ports/booked.ts';
import { CommandFailure } from '../command-line/failure.ts';
import { pagesOf } from './pages.ts';
import type { Parts } from './parts.ts';
import { isWithin, type Period } from './period.ts';

/** A row is booked within seconds of its own time; a clock that was set back may make it more. */
const LATE_MS = 3_600_000;

interface AccountSought {
  readonly id: string;
  /** Rows that the account has by now. */
  readonly version: number;
}

/**
 * All rows of an account in a time, oldest first, one page in memory at a time, each checked against the
 * previous one: nothing is missing in between, and the ends add up.
 *
 * @param progress how much is done, 0 to 1.
 * @throws CommandFailure `not_whole` when a row is missing or does not follow from the one before.
 */
export async function* rowsOfAccount(
  parts: Parts,
  { id, version }: AccountSought,
  period: Period,
  progress: (part: number) => void,
): AsyncGenerator<readonly BookedEntry[]> {
  const ends = parts.ends(id);
  const early = ends === null ? [] : parts.segments().filter(({ endedAt }) => endedAt < period.from);
  const moved = ends === null ? null : new Set(ends.map(({ segment }) => segment));
  const first = ends?.find(({ segment }) => segment <= early.length);
  const line = new Line(id, first?.version ?? 0, first?.balance ?? 0);
  const pages = pagesOf(parts, {
    mayBeIn: ({ number, beganAt }) =>
      number > early.length && beganAt < period.to + LATE_MS && (moved?.has(number) ?? true),
    next: (rows, last, stretch, limit) =>
      last !== null && last.bookedAt >= period.to + LATE_MS
        ? []
        : rows.ofAccount(id, last?.version ?? 0, stretch, limit),
  });
  for await (const page of pages) {
    for (const entry of page) line.take(entry);
    progress(line.version / Math.max(1, version));
    yield page.filter(({ at }) => isWithin(period, at));
  }
  if (period.to === Number.MAX_SAFE_INTEGER) line.end(version);
}

/** Where an account stands, row by row. */
class Line {
  constructor(
    private readonly id: string,
    public version: number,
    private balance: number,
  ) {}

  take({ version, amount, balanceAfter, betId, bet }: BookedEntry): void {
    if (version !== this.version + 1) throw this.#broken(`row ${this.version + 1} is missing`);
    if (balanceAfter !== this.balance + amount)
      throw this.#broken(`the balance after row ${version} does not follow from the one before`);
    if (betId !== null && bet === null) throw this.#broken(`the bet of row ${version} is missing`);
    this.version = version;
    this.balance = balanceAfter;
  }

  /** @param version of the account before it was read. */
  end(version: number): void {
    if (this.version < version) throw this.#broken(`row ${this.version + 1} is missing`);
  }

  #broken(what: string): CommandFailure {
    return new CommandFailure(
      'not_whole',
      `Rows of ${this.id} are missing: ${what}. The output is incomplete; see tapgrid verify-ledger.`,
    );
  }
}
