import { publishTerms } from '../../server/compose/terms.ts';
import { Engine, type EngineOptions } from '../../server/engine/engine.ts';
import { CONSENSUS_DEFAULTS, consensusOf } from '../../server/feed/consensus.ts';
import type { Bet } from '../../server/game/bet.ts';
import { cellId, cellOfRow } from '../../server/game/grid.ts';
import { dollars, type Micros, type Multiplier } from '../../server/game/money.ts';
import { ORDINARY } from '../../server/game/odds.ts';
import { RULE_VERSION } from '../../server/game/path.ts';
import type { Cents } from '../../server/game/price.ts';
import type { LimitsChange } from '../../server/game/own-limits.ts';
import type { Session } from '../../server/game/session.ts';
import { signedText, type SignedTaps, type Tap } from '../../server/game/tap.ts';
import { DEFAULT_TERMS } from '../../server/game/terms.ts';
import { NonceBook } from '../../server/identity/nonces.ts';
import type { OrderAnswer } from '../../server/ports/house.ts';
import { openStore, type Store } from '../../server/store/store.ts';
import { Chance } from '../../scripts/replay-market/chance.ts';

export const TICK_MS = 100;
export const CAPS = {
  cellShare: 0.005,
  columnShare: 0.01,
  totalShare: 0.05,
  accountShare: 0.002,
  openBetsMax: 20,
};
export const OPTIONS: EngineOptions = {
  windowMs: 5_000,
  columnsAhead: 12,
  rows: 16,
  tickMs: TICK_MS,
  quoteEveryTicks: 2,
  stage: 'calibrated',
  watchFrozen: false,
  origin: 'http://localhost:3000',
  deadlineMsMax: 30_000,
  holdMs: 400,
  multiplierMax: ORDINARY.capHundredths as Multiplier,
  staleDegradedMs: 3_000,
  staleOpenMs: 10_000,
  hysteresisMs: 30_000,
  maxGapMs: 3_000,
  quoteTtlMs: 2_000,
  quoteTickAgeMsMax: 1_500,
  quoteTolerancePercent: 3,
  guardPercent: 80,
  stakes: [1, 5, 10, 25, 50, 100].map(dollars),
  batchTapsMax: 512,
  queueTapsMax: 10_000,
  columnShare: CAPS.columnShare,
};

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SHA256_SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;

/** An order that was sent, and the first answer that came back. */
interface Sent {
  readonly order: SignedTaps;
  readonly session: Session;
  readonly answer: OrderAnswer;
}

/**
 * Traders, prices, gaps and restarts on a virtual clock, over the real engine and a real SQLite file.
 * Everything follows from the seed.
 * Signatures are taken as good: they have tests of their own.
 */
export class World {
  readonly chance: Chance;
  now = 1_800_000_000_000;
  price = 7_600_000;
  venues = 2;
  restarts = 0;
  /** Settings of the next start. */
  maxGapMs = OPTIONS.maxGapMs;
  /** Whether each start writes its terms into the books, as a house does; off, the books know none. */
  publishes = false;
  gapOf: ((bet: Pick<Bet, 'id'>) => number) | undefined = undefined;
  /** Whether traders have keys and sign; their keys do not follow from the seed. */
  signs = false;
  readonly sent: Sent[] = [];
  /** Answers to retries that differed from the first answer. */
  readonly broken: string[] = [];
  #store!: Store;
  #engine!: Engine;
  readonly #sessions: Session[] = [];
  readonly #keys = new Map<string, CryptoKey>();
  #silentUntil = 0;

  constructor(
    readonly seed: number,
    private readonly dataDir: string,
  ) {
    this.chance = new Chance(seed);
  }

  get store(): Store {
    return this.#store;
  }

  get engine(): Engine {
    return this.#engine;
  }

  async open(): Promise<void> {
    this.#store = await openStore({
      dataDir: this.dataDir,
      caps: CAPS,
      bankrolls: { PLAY: dollars(1_000_000), USD: dollars(1_000) },
      at: this.now,
      inProcess: true,
      simulationWithoutFsync: true,
    });
    // An older house every other time, so that bets of two rules are open beside each other.
    const rule = this.restarts % 2 === 0 ? 1 : RULE_VERSION;
    if (this.publishes)
      await publishTerms(
        this.#store,
        { ...DEFAULT_TERMS, rule, maxGapMs: this.maxGapMs, simulatedVenues: ['v0', 'v1', 'v2'] },
        this.now,
      );
    this.#engine = new Engine(
      { ...OPTIONS, maxGapMs: this.maxGapMs, rule },
      {
        feed: {
          simulated: true,
          label: 'simulation',
          quorum: 1,
          declaredVolatilityBp: 1,
          sample: (at) =>
            at < this.#silentUntil
              ? []
              : Array.from({ length: this.venues }, (_, index) => ({
                  venue: `v${index}`,
                  price: (Math.round(this.price) + index * 3) as Cents,
                })),
          consensus: (sources) => consensusOf(sources, { ...CONSENSUS_DEFAULTS, quorum: 1 }),
        },
        ledger: this.#store.ledger,
        books: this.#store.books,
        nonces: new NonceBook<OrderAnswer>(),
        now: () => this.now,
        steadyMs: () => this.now,
        newId: () => this.chance.uuid(),
        ...(this.gapOf && { gapOf: this.gapOf }),
        verify: async () => true,
        walBytes: () => 0,
        diskUsedShare: () => 0,
        onFailure: (cause) => {
          throw cause;
        },
      },
    );
  }

  /** Whatever is queued and not committed is lost, as in a crash. */
  async restart(downMs: number): Promise<void> {
    await this.#store.close();
    this.now += downMs;
    this.restarts += 1;
    await this.open();
  }

  silence(forMs: number): void {
    this.#silentUntil = this.now + forMs;
  }

  async addTrader(limits?: LimitsChange): Promise<Session> {
    const keys = this.signs ? await crypto.subtle.generateKey(P256, true, ['sign', 'verify']) : null;
    const accountId = this.chance.uuid();
    const session: Session = {
      id: this.chance.uuid(),
      accountId,
      currency: 'PLAY',
      tokenHash: this.chance.uuid(),
      publicKey:
        keys === null
          ? this.chance.uuid()
          : Buffer.from(await crypto.subtle.exportKey('raw', keys.publicKey)).toString('base64url'),
      stakeMax: dollars(100),
      dailyCap: dollars(100_000),
      createdAt: this.now,
      expiresAt: this.now + 1e9,
      seenAt: this.now,
    };
    await this.#engine.openAccount({
      accountId,
      currency: 'PLAY',
      address: null,
      grant: dollars(this.chance.pick([20, 1_000, 10_000])),
    });
    await this.#engine.startSession(session);
    if (limits) await this.#engine.changeLimits(accountId, limits);
    this.#sessions.push(session);
    if (keys !== null) this.#keys.set(session.id, keys.privateKey);
    return session;
  }

  /** Ends a session, which orders nothing more: the edges see to that in a house. The last one stays. */
  async signOut({ accountId, id }: Session): Promise<void> {
    const index = this.#sessions.findIndex((session) => session.id === id);
    if (index < 0 || this.#sessions.length === 1) return;
    this.#sessions.splice(index, 1);
    await this.#engine.endSessions(accountId, id);
  }

  /** One tick of the oracle: the price moves, the engine steps, the commits end. */
  async tick(): Promise<void> {
    this.now += TICK_MS;
    this.price *= Math.exp(
      this.chance.gauss() * 1e-4 * Math.sqrt(TICK_MS / 1000) * (this.chance.happens(0.001) ? 30 : 1),
    );
    this.#engine.step(this.now);
    await this.#engine.batcher.drained();
  }

  /**
   * One trader orders on a few cells: mostly what is shown, sometimes what is stale, wrong, or sent before.
   */
  async order(): Promise<void> {
    const again =
      this.sent.length > 0 && this.chance.happens(0.1) ? this.chance.pick(this.sent.slice(-20)) : null;
    if (again !== null) return this.#retry(again);
    const session = this.chance.pick(this.#sessions);
    const taps = Array.from(
      { length: 1 + this.chance.below(3) },
      () => (this.chance.happens(0.3) ? this.#tapAgain(session) : null) ?? this.#tap(),
    ).filter((tap) => tap !== null);
    if (taps.length === 0) return;
    const order = await this.#signed(
      {
        nonce: this.chance.uuid(),
        deadline: this.now + this.chance.pick([10_000, 10_000, 10_000, -1, 60_000]),
        taps,
        signature: '',
      },
      session,
    );
    const answer = await this.#engine.order(order, session);
    this.sent.push({ order, session, answer });
  }

  async #signed(order: SignedTaps, { id }: Session): Promise<SignedTaps> {
    const key = this.#keys.get(id);
    if (key === undefined) return order;
    const signature = await crypto.subtle.sign(
      SHA256_SIGNATURE,
      key,
      new TextEncoder().encode(signedText(OPTIONS.origin, id, order)),
    );
    return { ...order, signature: Buffer.from(signature).toString('base64url') };
  }

  #tap(): Tap | null {
    const board = this.#engine.board();
    if (board === null) return null;
    const column = this.chance.pick(board.columns);
    const row = this.chance.below(board.rows);
    const cell = cellOfRow({ ...column, low: column.low as Cents }, row, board.windowMs);
    const offered = column.multipliers[row] ?? null;
    if (offered === null && !this.chance.happens(0.2)) return null;
    const wrong = this.chance.happens(0.05) ? 1 : 0;
    return {
      cell: cellId(cell),
      stake: this.chance.pick(OPTIONS.stakes),
      multiplier: ((offered ?? 200) + wrong) as Multiplier,
      revision: Math.max(0, board.revision.revision - (this.chance.happens(0.05) ? 20 : 0)),
    };
  }

  /**
   * A tap on a cell whose stake came back, as the rules allow; null where there is none that can still be
   * tapped.
   */
  #tapAgain({ accountId }: Session): Tap | null {
    const board = this.#engine.board();
    const refunded = this.#store.books
      .boardBets(accountId, this.now)
      .filter(({ status }) => status === 'void');
    if (board === null || refunded.length === 0) return null;
    const { cell } = this.chance.pick(refunded);
    const column = board.columns.find(
      ({ start, band }) => start === cell.startMs && band === cell.high - cell.low,
    );
    const multiplier = column?.multipliers[(cell.low - column.low) / column.band] ?? null;
    return multiplier === null
      ? null
      : {
          cell: cellId(cell),
          stake: this.chance.pick(OPTIONS.stakes),
          multiplier,
          revision: board.revision.revision,
        };
  }

  /**
   * A retry with the same nonce tells the same as the first answer, across restarts too; other content is
   * refused.
   */
  async #retry({ order, session, answer }: Sent): Promise<void> {
    if ('code' in answer || answer.balance === null) return;
    const changed = this.chance.happens(0.3);
    const retried = await this.#engine.order(
      changed ? { ...order, deadline: order.deadline + 1 } : order,
      session,
    );
    if (
      changed
        ? !('code' in retried)
        : 'code' in retried ||
          JSON.stringify(retried.results.map(plain)) !== JSON.stringify(answer.results.map(plain))
    ) {
      this.broken.push(
        `${order.nonce}${changed ? ' changed' : ''}: ${JSON.stringify(answer)} then ${JSON.stringify(retried)}`,
      );
    }
  }
}

const plain = (result: {
  readonly status: string;
  readonly betId?: string;
  readonly code?: string;
  readonly multiplier?: number;
  readonly balance?: Micros;
}) => [result.status, result.betId, result.code, result.multiplier, result.balance] as const;
