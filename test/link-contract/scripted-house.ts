import { cents, type Cents } from '../../server/game/price.ts';
import { micros, multiplier } from '../../server/game/money.ts';
import { cellId, type CellId } from '../../server/game/grid.ts';
import type { Session } from '../../server/game/session.ts';
import type { SignedTaps } from '../../server/game/tap.ts';
import type { Tick } from '../../server/game/tick.ts';
import type { Crowd, Leaderboards } from '../../server/ports/crowd.ts';
import { Events, type BetUpdate, type Board, type Health } from '../../server/ports/events.ts';
import type { CheckedBefore, House, OrderAnswer } from '../../server/ports/house.ts';
import { readShedLines, shedLetter } from '../../server/ports/shed-order.ts';
import { HeadStarts } from '../../server/engine/head-start/head-starts.ts';
import type { HeadStartFigures } from '../../server/ports/head-start.ts';

export const NOON = Date.UTC(2026, 5, 15, 12);

export const tickAt = (seq: number): Tick => ({
  seq,
  at: NOON + seq * 100,
  price: (7_604_185 + seq) as Cents,
  sources: [{ venue: 'kraken', price: (7_604_185 + seq) as Cents }],
});

export const boardAt = (seq: number, windowMs = 5_000): Board => ({
  revision: {
    revision: seq,
    at: NOON + seq * 100,
    tickSeq: seq,
    inputs: {
      model: 1,
      spot: tickAt(seq).price,
      v10: 0.1 + 0.2,
      vf: 1e-9,
      cw: 1,
      edge: 0.05,
      margin: 0.01,
      haircut: 0,
      capHundredths: 10_000,
      tickMs: 100,
    },
    columns: [],
    pause: null,
  },
  tick: tickAt(seq),
  windowMs,
  rows: 2,
  columns: [
    { start: NOON, band: 100, low: 7_604_100 as Cents, locked: true, multipliers: [null, multiplier(235)] },
    {
      start: NOON + 5_000,
      band: 100,
      low: -100 as Cents,
      locked: false,
      multipliers: [multiplier(101), null],
    },
  ],
});

export const betOf = (id: string): BetUpdate => ({
  bet: {
    id,
    accountId: 'ada',
    currency: 'PLAY',
    simulated: true,
    rule: 2,
    cell: { startMs: NOON, windowMs: 5_000, low: 7_604_100 as Cents, high: 7_604_200 as Cents },
    stake: micros(1_000_000),
    shown: multiplier(235),
    shownRevision: 1,
    guardPercent: 80,
    placedAt: NOON,
    lockAt: NOON + 400,
    locked: null,
    lockedRevision: null,
    status: 'placed',
    payout: micros(0),
    closedAt: null,
    closedTick: null,
    voidReason: null,
  },
  balance: micros(9_000_000),
});

export const session: Session = {
  id: 'session-1',
  accountId: 'ada',
  currency: 'PLAY',
  tokenHash: 'a'.repeat(64),
  publicKey: 'B'.repeat(87),
  stakeMax: micros(100_000_000),
  dailyCap: micros(5_000_000_000),
  createdAt: NOON,
  expiresAt: NOON + 3_600_000,
  seenAt: NOON,
};

/** The n-th order, with a nonce of its own. */
export const order = (n: number): SignedTaps => ({
  nonce: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  deadline: NOON + 10_000,
  taps: [{ cell: '1.2.3.4' as CellId, stake: micros(1), multiplier: multiplier(235), revision: 1 }],
  signature: 'S'.repeat(86),
});

export const accepted = (betId: string): OrderAnswer => ({
  replayed: false,
  results: [
    {
      status: 'accepted',
      betId,
      multiplier: multiplier(235),
      lockAt: NOON + 400,
      balance: micros(5),
    } as never,
  ],
  balance: micros(5),
});

/** An order as it reached the house, which answers it when it is told to. */
export interface Reached {
  readonly order: SignedTaps;
  readonly requestId: string | null;
  readonly checked: CheckedBefore | undefined;
  answer(answer: OrderAnswer): void;
  fail(): void;
}

/** A house whose prices are simulated measures none. */
const NO_HEAD_STARTS: HeadStartFigures = new HeadStarts(
  { holdMs: 400, tickMs: 100 },
  { simulated: true, quorum: 1 },
).figures();

const CROWD: Crowd = {
  people: 2,
  wins: [
    {
      at: NOON,
      profit: micros(5),
      multiplier: multiplier(235),
      windowMs: 5_000,
      currency: 'PLAY',
      name: null,
    },
  ],
  wanted: [{ cell: cellId({ startMs: NOON, windowMs: 5_000, low: cents(1), high: cents(2) }), want: 1 }],
};
const leaderboard = {
  since: NOON,
  until: NOON + 1,
  leaders: { profit: [{ name: 'Ada', profit: null, hit: null, bets: 1 }], hit: [] },
};
const LEADERBOARDS: Leaderboards = { day: leaderboard, week: leaderboard, counting: true };

const FINE: Health = { state: 'closed', causes: [] };

/** A house of which the test is the engine: it writes down what it is asked, and says what it is told to. */
export class ScriptedHouse implements House {
  readonly events = new Events();
  readonly orders: Reached[] = [];
  readonly calls: [name: string, ...args: unknown[]][] = [];
  readonly runSecret = 'a secret';
  simulated = true;
  feedLabel = 'a walk';
  now: { board: Board | null; tick: Tick | null; health: Health; ranges: readonly string[] } = {
    board: boardAt(1),
    tick: tickAt(1),
    health: FINE,
    ranges: ['203.0.113.0/24'],
  };
  /** What account calls are answered. */
  refusal: Awaited<ReturnType<House['openAccount']>> = null;

  board = () => this.now.board;
  boards = () => (this.now.board === null ? [] : [this.now.board]);
  tick = () => this.now.tick;
  priceLine = () => [[NOON, 7_604_185] as const];
  health = () => this.now.health;
  maintenance = () => null;
  calendar = () => ({ headlines: [], notice: null });
  crowd = () => CROWD;
  leaderboards = () => LEADERBOARDS;
  blockedRanges = () => this.now.ranges;
  counters = () => ({
    accepted: 3,
    refusals: { busy: 2 },
    latency: { count: 3, p50: 1.5, p95: 2, p99: 2.25 },
    batches: 1,
    queued: 0,
  });

  headStarts = () => NO_HEAD_STARTS;

  order: House['order'] = (taken, _session, requestId = null, checked) =>
    new Promise((resolve, reject) =>
      this.orders.push({
        order: taken,
        requestId,
        checked,
        answer: resolve,
        fail: () => reject(new Error('the writer has failed')),
      }),
    );
  shed: House['shed'] = async (orders) => {
    this.calls.push(['shed', orders]);
    return readShedLines(orders)
      .map(({ nonce }) => shedLetter(nonce.endsWith('7') ? 'unknown' : 'busy'))
      .join('');
  };
  turnedAway: House['turnedAway'] = (...args) => void this.calls.push(['turnedAway', ...args]);
  openAccount: House['openAccount'] = (...args) => this.#called('openAccount', ...args);
  startSession: House['startSession'] = (...args) => this.#called('startSession', ...args);
  refill: House['refill'] = (...args) => this.#called('refill', ...args);
  nameAccount: House['nameAccount'] = (...args) => this.#called('nameAccount', ...args);
  seeSession: House['seeSession'] = (...args) => this.#called('seeSession', ...args);
  endSessions: House['endSessions'] = async (accountId, sessionId) => {
    this.events.emit('ended', { accountId, sessionId });
    return this.#called('endSessions', accountId, sessionId);
  };
  changeLimits: House['changeLimits'] = async (...args) => {
    await this.#called('changeLimits', ...args);
    return this.refusal === null
      ? {
          limits: {
            dailyLoss: null,
            loosening: null,
            pausedUntil: Number.MAX_SAFE_INTEGER,
            reminderMinutes: null,
            guardPercent: 80,
          },
        }
      : { code: this.refusal, message: 'a sentence', retryAfterMs: 5 };
  };

  async #called(name: string, ...args: unknown[]): Promise<typeof this.refusal> {
    this.calls.push([name, ...args]);
    return this.refusal;
  }
}
