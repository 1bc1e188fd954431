import { publishTerms } from '../../server/compose/terms.ts';
import { Engine } from '../../server/engine/engine.ts';
import { CONSENSUS_DEFAULTS, consensusOf } from '../../server/feed/consensus.ts';
import type { Bet } from '../../server/game/bet.ts';
import { dollars, type Micros } from '../../server/game/money.ts';
import { RULE_VERSION } from '../../server/game/path.ts';
import type { Cents } from '../../server/game/price.ts';
import type { LimitsChange } from '../../server/game/own-limits.ts';
import type { Session } from '../../server/game/session.ts';
import type { SignedTaps, Tap } from '../../server/game/tap.ts';
import { DEFAULT_TERMS, DEFAULT_TERMS_OF_MODEL_1 } from '../../server/game/terms.ts';
import { NonceBook } from '../../server/identity/nonces.ts';
import type { OrderAnswer } from '../../server/ports/house.ts';
import { openStore, type Store } from '../../server/store/store.ts';
import { Chance } from '../../scripts/replay-market/chance.ts';
import { CAPS, OPTIONS, TICK_MS } from './house-settings.ts';
import { tapAgain, tapOn } from './random-tap.ts';
import { SessionKeys } from './session-keys.ts';

/** An order that was sent, and the first answer that came back. */
interface Sent {
  readonly order: SignedTaps;
  readonly session: Session;
  readonly answer: OrderAnswer;
}

/**
 * Traders, prices, gaps and restarts on a virtual clock, over the real engine and a real SQLite file.
 * Everything follows from the seed. Signatures are taken as good: they have tests of their own.
 */
export class World {
  readonly chance: Chance;
  now = 1_800_000_000_000;
  price = 7_600_000;
  venues = 2;
  restarts = 0;
  /** Settings of the next start. */
  maxGapMs = OPTIONS.maxGapMs;
  windows = OPTIONS.windows;
  /** Whether each start writes its terms into the books, as a house does; off, the books know none. */
  publishes = false;
  /** Of a house that is not an older one; more than one only where terms are published. */
  betsPerCellMax = 1;
  gapOf: ((bet: Pick<Bet, 'id'>) => number) | undefined = undefined;
  /** Whether traders have keys and sign; their keys do not follow from the seed. */
  signs = false;
  readonly sent: Sent[] = [];
  /** Answers to retries that differed from the first answer. */
  readonly broken: string[] = [];
  #store!: Store;
  #engine!: Engine;
  readonly #sessions: Session[] = [];
  readonly #keys = new SessionKeys();
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
    // An older house every other time, so that bets of two rules are open beside each other, and
    // of two models.
    const isOlder = this.restarts % 2 === 0;
    this.#store = await openStore({
      dataDir: this.dataDir,
      caps: { ...CAPS, betsPerCellMax: isOlder ? 1 : this.betsPerCellMax },
      bankrolls: { PLAY: dollars(1_000_000), USD: dollars(1_000) },
      at: this.now,
      inProcess: true,
      simulationWithoutFsync: true,
    });
    const rule = isOlder ? 1 : RULE_VERSION;
    if (this.publishes)
      await publishTerms(
        this.#store,
        {
          ...(isOlder ? DEFAULT_TERMS_OF_MODEL_1 : DEFAULT_TERMS),
          rule,
          maxGapMs: this.maxGapMs,
          simulatedVenues: ['v0', 'v1', 'v2'],
        },
        this.now,
      );
    this.#engine = new Engine(
      {
        ...OPTIONS,
        windows: this.windows,
        maxGapMs: this.maxGapMs,
        rule,
        ...(isOlder ? { model: 1 as const } : {}),
      },
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
    const accountId = this.chance.uuid();
    const id = this.chance.uuid();
    const session: Session = {
      id,
      accountId,
      currency: 'PLAY',
      tokenHash: this.chance.uuid(),
      publicKey: this.signs ? await this.#keys.make(id) : this.chance.uuid(),
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
    const order = await this.#keys.signed(
      {
        nonce: this.chance.uuid(),
        deadline: this.now + this.chance.pick([10_000, 10_000, 10_000, -1, 60_000]),
        taps,
        signature: '',
      },
      session.id,
    );
    const answer = await this.#engine.order(order, session);
    this.sent.push({ order, session, answer });
  }

  /** A tap on exactly that cell. */
  async tapAs(session: Session, tap: Omit<Tap, 'stake'>): Promise<OrderAnswer> {
    const order = { nonce: this.chance.uuid(), deadline: this.now + 10_000, signature: '' };
    return this.#engine.order({ ...order, taps: [{ ...tap, stake: OPTIONS.stakes[0]! }] }, session);
  }

  #tap(): Tap | null {
    const boards = this.#engine.boards();
    const board = boards.length > 1 ? this.chance.pick(boards) : this.#engine.board();
    return board && tapOn(board, this.chance);
  }

  #tapAgain({ accountId }: Session): Tap | null {
    const board = this.#engine.board();
    return board && tapAgain(board, this.#store.books.boardBets(accountId, this.now), this.chance);
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
        `${order.nonce}${changed ? ' changed' : ''}: ${JSON.stringify(answer)} then ` +
          `${JSON.stringify(retried)}`,
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
