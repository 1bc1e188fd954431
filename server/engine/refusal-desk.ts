import type { RejectionCode } from '../game/rejection.ts';
import type { SignedTaps } from '../game/tap.ts';
import type { OrderAnswer } from '../ports/house.ts';
import type { Operation } from '../ports/ledger.ts';
import type { Refusal, RefusedTap } from '../ports/refusals.ts';

/** Rows of one second, in all and of one account: the others of that second are only counted. */
export const ROWS_PER_SECOND_MAX = 100;
export const ACCOUNT_ROWS_PER_SECOND_MAX = 10;
/** Rows of one UTC day, likewise. */
export const ROWS_PER_DAY_MAX = 200_000;
export const ACCOUNT_ROWS_PER_DAY_MAX = 2_000;
/** Rows that only count, of one minute: past them all accounts share a row for each code. */
export const COUNTING_ROWS_MAX = 100;
/** How long rows are kept. */
export const REFUSALS_KEPT_DAYS = 60;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface RefusedOrder {
  readonly requestId: string | null;
  readonly accountId: string;
  readonly sessionId: string;
  readonly order: Pick<SignedTaps, 'nonce' | 'taps'>;
  readonly answer: OrderAnswer;
}

/**
 * What a dispute needs of orders of which nothing was taken, written into the books once a second together
 * with the tick of that moment: a flood of refusals is no flood of commits, and a log that nobody reads loses
 * nothing. What had no room is counted and written once a minute. A crash takes along what was not written.
 */
export class RefusalDesk {
  #rows: Refusal[] = [];
  #counting = new Map<string, Refusal>();
  #ofSecond = new Map<string, number>();
  #day = 0;
  #rowsOfDay = 0;
  #ofDay = new Map<string, number>();
  #writtenAt = 0;
  #countedAt = 0;

  /** @param record never called with nothing to write. */
  constructor(private readonly record: (operation: Operation) => void) {}

  /** Orders that were taken, in part or in an earlier attempt, are in the books already. */
  answered({ requestId, accountId, sessionId, order, answer }: RefusedOrder, at: number): void {
    const taps = refusedTaps(order, answer);
    if (taps === null) return;
    const code = 'code' in answer ? answer.code : taps[0]!.code!;
    if (this.#hasRoom(accountId, at))
      this.#rows.push({
        at,
        accountId,
        sessionId,
        nonce: order.nonce,
        requestId,
        code,
        taps: taps.map((tap) => (tap.code === code ? { ...tap, code: null } : tap)),
        orders: 1,
      });
    else this.#count(accountId, sessionId, code, at);
  }

  /** An edge refused it, over the account's rate. */
  turnedAway(order: Omit<RefusedOrder, 'answer'>, at: number): void {
    this.answered({ ...order, answer: { code: 'rate_limited' } }, at);
  }

  /** Call it often, behind the tick. @param mayWrite false while nothing but ticks and settlements may. */
  step(now: number, mayWrite: boolean): void {
    if (!mayWrite || Math.abs(now - this.#writtenAt) < SECOND_MS) return;
    this.#write(now, Math.abs(now - this.#countedAt) >= MINUTE_MS);
  }

  /** The last that is written. */
  end(now: number): void {
    this.#write(now, true);
  }

  #write(now: number, counts: boolean): void {
    const refusals = [...this.#rows, ...(counts ? this.#counting.values() : [])];
    if (refusals.length === 0) return;
    this.#writtenAt = now;
    this.#rows = [];
    this.#ofSecond = new Map();
    if (counts) {
      this.#countedAt = now;
      this.#counting = new Map();
    }
    this.record({ kind: 'record-refusals', refusals, keptFrom: now - REFUSALS_KEPT_DAYS * DAY_MS });
  }

  #hasRoom(accountId: string, at: number): boolean {
    const day = Math.floor(at / DAY_MS);
    if (day !== this.#day) {
      [this.#day, this.#rowsOfDay] = [day, 0];
      this.#ofDay = new Map();
    }
    const [ofSecond, ofDay] = [this.#ofSecond.get(accountId) ?? 0, this.#ofDay.get(accountId) ?? 0];
    if (
      this.#rows.length >= ROWS_PER_SECOND_MAX ||
      this.#rowsOfDay >= ROWS_PER_DAY_MAX ||
      ofSecond >= ACCOUNT_ROWS_PER_SECOND_MAX ||
      ofDay >= ACCOUNT_ROWS_PER_DAY_MAX
    )
      return false;
    this.#rowsOfDay += 1;
    this.#ofSecond.set(accountId, ofSecond + 1);
    this.#ofDay.set(accountId, ofDay + 1);
    return true;
  }

  #count(accountId: string, sessionId: string, code: RejectionCode, at: number): void {
    const own = `${accountId} ${sessionId} ${code}`;
    const isOwn = this.#counting.has(own) || this.#counting.size < COUNTING_ROWS_MAX;
    const key = isOwn ? own : code;
    this.#counting.set(key, {
      at,
      accountId: isOwn ? accountId : null,
      sessionId: isOwn ? sessionId : null,
      nonce: null,
      requestId: null,
      code,
      taps: [],
      orders: (this.#counting.get(key)?.orders ?? 0) + 1,
    });
  }
}

/**
 * Each tap with its code; null for an order that left a row of its own, or of which an earlier answer told.
 */
function refusedTaps({ taps }: RefusedOrder['order'], answer: OrderAnswer): RefusedTap[] | null {
  if ('code' in answer) return taps.map((tap) => ({ ...plain(tap), code: answer.code }));
  if (answer.replayed || answer.results.some(({ status }) => status === 'accepted')) return null;
  return taps.map((tap, index) => {
    const result = answer.results[index]!;
    return { ...plain(tap), code: result.status === 'rejected' ? result.code : null };
  });
}

const plain = ({ cell, stake, multiplier, revision }: RefusedOrder['order']['taps'][number]) => ({
  cell,
  stake,
  multiplier,
  revision,
});
