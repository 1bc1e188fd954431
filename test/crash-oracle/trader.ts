import { cellId, cellOfRow, type CellId } from '../../server/game/grid.ts';
import type { Micros, Multiplier } from '../../server/game/money.ts';
import type { Cents } from '../../server/game/price.ts';
import { signedText, type SignedTaps, type Tap } from '../../server/game/tap.ts';
import { LATE_RETRY_MS } from '../../server/engine/order-desk.ts';
import type { Chance } from '../../scripts/replay-market/chance.ts';
import type { Journal } from './journal.ts';

const DEADLINE_MS = 20_000;
const ANSWER_MS_MAX = 2_000;
const TAPS_MAX = 4;
/**
 * Most taps are within so many rows of the price: what is far away is sold dear, moves a lot until it is
 * locked, and seldom wins.
 */
const ROWS_AWAY_MAX = 1;
/**
 * Cells that were tapped last, some of which are tapped again: where the stake was refunded, the place is
 * free.
 */
const CELLS_REMEMBERED_MAX = 12;
/** Rest between two orders. */
const REST_MS = 40;
const GUARDS_PERCENT = [50, 50, 50, 80, 95];
/** The daily limit is one that is never met. */
const DAILY_LOSS = 9_000_000_000;

interface Grid {
  readonly revision: number;
  readonly windowMs: number;
  readonly tick: { readonly price: Cents };
  readonly stakes: readonly Micros[];
  readonly columns: readonly Column[];
}

interface Column {
  readonly start: number;
  readonly band: number;
  readonly low: Cents;
  readonly locked: boolean;
  readonly multipliers: readonly (Multiplier | null)[];
}

interface SignedIn {
  readonly keys: CryptoKeyPair;
  readonly accountId: string;
  readonly sessionId: string;
  readonly token: string;
}

/**
 * Somebody who writes down what they are about to send, sends it, writes down the answer, and when there was
 * none asks again with the same nonce. They tap near the price and far ahead, tap a cell again when its stake
 * may have come back, leave their guard tight or loose, change their limits, and sign out.
 */
export class Trader {
  readonly #unanswered: SignedTaps[] = [];
  readonly #tapped: CellId[] = [];
  #in: SignedIn | null = null;

  constructor(
    private readonly origin: string,
    private readonly journal: Journal,
    private readonly chance: Chance,
  ) {}

  /** Until `ending`, and then until every order has an answer; while `resting` they order nothing. */
  async play(ending: () => boolean, resting: () => boolean): Promise<void> {
    while (!ending() || this.#unanswered.length > 0) {
      const retry = this.#unanswered[0];
      if (retry !== undefined) {
        if (await this.#send(retry, true)) this.#unanswered.shift();
        else await Bun.sleep(100);
        continue;
      }
      if (resting() || !(await this.#turn())) await Bun.sleep(100);
      await Bun.sleep(REST_MS);
    }
  }

  /** @returns whether there was something to do. */
  async #turn(): Promise<boolean> {
    if (this.#in === null) return this.#open();
    if (this.chance.happens(0.02)) await this.#changeLimits();
    if (this.chance.happens(0.01)) return this.#signOut();
    const order = await this.#order(this.#in);
    if (order === null) return false;
    this.journal.write({ kind: 'intent', accountId: this.#in.accountId, order });
    if (!(await this.#send(order, false))) this.#unanswered.push(order);
    return true;
  }

  async #open(): Promise<boolean> {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ]);
    const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', keys.publicKey)).toString('base64url');
    const response = await this.#call('POST', '/api/v1/practice', { publicKey });
    if (response?.status !== 201) return false;
    const { account, session, token } = (await response.json()) as {
      account: { id: string };
      session: { id: string };
      token: string;
    };
    this.journal.write({ kind: 'account', accountId: account.id, sessionId: session.id });
    this.#in = { keys, accountId: account.id, sessionId: session.id, token };
    await this.#changeLimits();
    return true;
  }

  async #changeLimits(): Promise<void> {
    await this.#call(
      'PATCH',
      '/api/v1/account',
      this.chance.pick([
        { guardPercent: this.chance.pick(GUARDS_PERCENT) },
        { guardPercent: this.chance.pick(GUARDS_PERCENT), dailyLoss: DAILY_LOSS },
        { reminderMinutes: 60 },
      ]),
    );
  }

  /** Their open bets go on; they come back as somebody new. */
  async #signOut(): Promise<boolean> {
    const response = await this.#call('DELETE', '/api/v1/session');
    if (response === null) return false;
    this.#in = null;
    return true;
  }

  /** @returns whether the server told what became of the order, or never will. */
  async #send(order: SignedTaps, retry: boolean): Promise<boolean> {
    const response = await this.#call('POST', '/api/v1/taps', order);
    if (response === null) return false;
    const body = (await response.json().catch(() => null)) as {
      results?: [];
      error?: { code: string };
    } | null;
    const code = body?.error?.code ?? null;
    if (
      body === null ||
      code === 'unknown' ||
      code === 'rate_limited' ||
      code === 'busy' ||
      (retry && code === 'halted')
    )
      return false;
    if (code === 'unauthenticated') this.#in = null;
    // An answer is promised for some minutes after the deadline: a clock that was set far ahead in between
    // takes them away.
    const late =
      retry &&
      (code === 'unauthenticated' ||
        (code === 'deadline_passed' && Date.now() > order.deadline + LATE_RETRY_MS));
    this.journal.write({
      kind: 'answer',
      nonce: order.nonce,
      retry,
      results: body.results ?? null,
      code,
      ...(late && { late }),
    });
    return true;
  }

  async #order({ keys, sessionId }: SignedIn): Promise<SignedTaps | null> {
    const response = await this.#call('GET', '/api/v1/grid');
    if (response?.status !== 200) return null;
    const grid = (await response.json()) as Grid;
    const open = grid.columns.filter(({ locked }) => !locked);
    const taps: Tap[] = [];
    for (let n = 1 + this.chance.below(TAPS_MAX); n > 0 && open.length > 0; n--) {
      const tap = this.#tap(grid, this.chance.pick(open));
      if (tap !== null && taps.every(({ cell }) => cell !== tap.cell)) taps.push(tap);
    }
    if (taps.length === 0) return null;
    for (const { cell } of taps) this.#tapped.unshift(cell);
    this.#tapped.splice(CELLS_REMEMBERED_MAX);
    const unsigned = { nonce: crypto.randomUUID(), deadline: Date.now() + DEADLINE_MS, taps };
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      keys.privateKey,
      new TextEncoder().encode(signedText(this.origin, sessionId, unsigned)),
    );
    return { ...unsigned, signature: Buffer.from(signature).toString('base64url') };
  }

  #tap({ revision, windowMs, tick, stakes }: Grid, column: Column): Tap | null {
    const { multipliers } = column;
    const cellAt = (row: number) => cellId(cellOfRow(column, row, windowMs));
    const again = this.chance.happens(0.4)
      ? multipliers.findIndex((_, row) => this.#tapped.includes(cellAt(row)))
      : -1;
    const nearest = Math.floor((tick.price - column.low) / column.band);
    const away = this.chance.happens(0.85)
      ? this.chance.below(2 * ROWS_AWAY_MAX + 1) - ROWS_AWAY_MAX
      : this.chance.below(multipliers.length) - nearest;
    const row = again === -1 ? nearest + away : again;
    const multiplier = multipliers[row] ?? null;
    return multiplier === null ? null : { cell: cellAt(row), stake: stakes[0]!, multiplier, revision };
  }

  /** Null when the server is not there or did not answer. */
  async #call(method: string, path: string, body?: unknown): Promise<Response | null> {
    const headers = {
      'content-type': 'application/json',
      ...(this.#in !== null && { authorization: `Bearer ${this.#in.token}` }),
    };
    return fetch(this.origin + path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    }).catch(() => null);
  }
}
