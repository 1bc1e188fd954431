import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../../server/engine/engine.ts';
import { LatencyHistogram } from '../../server/ports/latency.ts';
import { Walk } from '../../server/feed/walk.ts';
import { dollars } from '../../server/game/money.ts';
import { ORDINARY } from '../../server/game/formula.ts';
import { cents, type Cents } from '../../server/game/price.ts';
import { Challenges } from '../../server/identity/challenges.ts';
import { clientAddress, limitKey } from '../../server/identity/client-address.ts';
import { PracticeComeback } from '../../server/identity/comeback.ts';
import { Cookies } from '../../server/identity/cookies.ts';
import { Login } from '../../server/identity/login.ts';
import { fitToShow } from '../../server/identity/name-filter.ts';
import { NonceBook } from '../../server/identity/nonces.ts';
import { isOwnAddress, provenanceOf } from '../../server/identity/origin.ts';
import { Rates } from '../../server/identity/rates.ts';
import { SessionKeys } from '../../server/identity/session-key.ts';
import { SessionBook } from '../../server/identity/sessions.ts';
import { WalletVerifier } from '../../server/identity/wallet-verifier.ts';
import type { OrderAnswer } from '../../server/ports/house.ts';
import { Days } from '../../server/live/today.ts';
import { receiptDesk } from '../../server/receipt/receipt.ts';
import { openStore } from '../../server/store/store.ts';
import { createApp } from '../../server/http/app.ts';
import { operations } from '../../server/http/operations.ts';
import { FetchDesk } from '../../server/upkeep/archive/fetch-desk.ts';
import { Turns } from '../../server/upkeep/turns.ts';
import { expectDocumented } from './documented.ts';
import { Traffic } from '../../server/http/traffic.ts';
import type { HttpDeps } from '../../server/http/deps.ts';

/**
 * The real store, engine, identity and API in one process, on a clock that tests move by hand.
 */

export const ORIGIN = 'https://taps.example';
export const START = 1_781_481_600_000;
const TICK_MS = 100;
const RULES = {
  windows: [5000],
  stakes: [1, 5, 10].map(dollars),
  betsPerCellMax: 5,
  holdMs: 400,
  quoteTtlMs: 2000,
  deadlineMsMax: 30_000,
  tapsPerSignatureMax: 16,
  maxGapMs: 3000,
  practiceGrant: dollars(10_000),
};
const MINUTE_MS = 60_000;

export interface HouseOptions {
  readonly simulated?: boolean;
  /** Exchanges that make the price, one of which could be ahead of it; none unless told. */
  readonly venues?: readonly string[];
  readonly holdMs?: number;
  /** Lengths of the windows of its boards, ms. */
  readonly windows?: readonly number[];
  readonly tapsPerSecond?: number;
  readonly requestsPerSecond?: number;
  /** Books that a house before left there, and the time from which this one goes on. */
  readonly dataDir?: string;
  readonly startAt?: number;
  readonly plugins?: HttpDeps['plugins'];
  /** Wraps the parts, to see what an edge does when one fails. */
  readonly deps?: (deps: HttpDeps) => HttpDeps;
}

export async function openHouse({
  simulated = false,
  venues,
  holdMs = RULES.holdMs,
  windows = RULES.windows,
  tapsPerSecond = 100,
  requestsPerSecond = 10_000,
  plugins = [],
  deps: wrap = (deps) => deps,
  dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-http-')),
  startAt = START,
}: HouseOptions = {}) {
  const clock = { now: startAt };
  const now = () => clock.now;
  const store = await openStore({
    dataDir,
    at: startAt,
    inProcess: true,
    simulationWithoutFsync: true,
    bankrolls: { PLAY: dollars(10_000_000), USD: dollars(1_000_000) },
    caps: {
      cellShare: 0.005,
      columnShare: 0.01,
      totalShare: 0.05,
      accountShare: 0.002,
      openBetsMax: 200,
      betsPerCellMax: 5,
    },
  });
  const walk = new Walk({ seed: 'http', volatilityBp: 1 });
  const price: { cents: Cents | null; silent: boolean } = { cents: null, silent: false };
  const disk = { usedShare: 0.1 };
  const sources = () => [{ venue: 'walk', price: price.cents ?? walk.step() }];
  const keys = new SessionKeys();
  const engine = new Engine(
    {
      columnsAhead: 12,
      rows: 16,
      tickMs: TICK_MS,
      quoteEveryTicks: 2,
      watchFrozen: false,
      origin: ORIGIN,
      multiplierMax: ORDINARY.capHundredths,
      staleDegradedMs: 3000,
      staleOpenMs: 10_000,
      hysteresisMs: 0,
      quoteTickAgeMsMax: 1500,
      quoteTolerancePercent: 3,
      guardPercent: 80,
      batchTapsMax: 512,
      queueTapsMax: 10_000,
      columnShare: 0.01,
      showOthers: true,
      ...RULES,
      holdMs,
      windows,
    },
    {
      feed: {
        simulated,
        label: 'a walk',
        quorum: 1,
        declaredVolatilityBp: 1,
        ...(venues && { venues: { names: venues, onPrice: () => {} } }),
        sample: () => (price.silent ? [] : sources()),
        consensus: (found) => (found[0] ? { price: found[0].price, sources: found, spreadCents: 0 } : null),
      },
      ledger: store.ledger,
      books: store.books,
      nonces: new NonceBook<OrderAnswer>(),
      now,
      steadyMs: now,
      newId: (at) => Bun.randomUUIDv7('hex', at),
      verify: keys.verify.bind(keys),
      walBytes: () => store.books.walBytes(),
      diskUsedShare: () => disk.usedShare,
      onFailure: (cause) => {
        throw cause;
      },
    },
  );
  const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes));
  const wallets = new WalletVerifier();
  const logged: unknown[] = [];
  const signInRules = {
    origin: ORIGIN,
    chainIds: [1],
    practiceGrant: RULES.practiceGrant,
    stakeMax: dollars(100),
    dailyCap: dollars(5000),
    sessionMs: 720 * MINUTE_MS,
  };
  const signInParts = {
    house: engine,
    books: store.books,
    challenges: new Challenges({ lifeMs: 5 * MINUTE_MS, triesMax: 5 }, random),
    wallets,
    random,
    newId: () => Bun.randomUUIDv7(),
  };
  const granted: string[] = [];
  engine.events.on('transferred', (accountId) => void granted.push(accountId));
  const fetchRates = new Rates({ limit: 20, windowMs: 3_600_000 });
  const fetches: { start: (segment: number) => Promise<string | null>; faults: string[] } = {
    start: async () => 'there is no archive',
    faults: [],
  };
  const fetchDesk = new FetchDesk({
    start: (segment) => fetches.start(segment),
    take: (account, at) => fetchRates.take(account, at),
    now,
    onFault: (segment, fault) => void fetches.faults.push(`${segment}: ${fault}`),
  });
  const sessions = new SessionBook(engine, store.books, 30 * MINUTE_MS);
  const days = new Days(store.books, now);
  const deps = wrap({
    house: engine,
    books: store.books,
    receiptOf: receiptDesk(store.books),
    archive: fetchDesk,
    lookAtToday: (id) => days.look(id),
    sessions,
    login: new Login(signInRules, signInParts),
    comeback: new PracticeComeback(signInRules, { ...signInParts, sessions }),
    cookies: new Cookies(ORIGIN),
    origins: { cameFrom: provenanceOf(ORIGIN), isOwnAddress: isOwnAddress(ORIGIN) },
    addressOf: (peer, headers) => limitKey(clientAddress(peer, headers)),
    isBlocked: () => false,
    limits: {
      requests: new Rates({ limit: requestsPerSecond, windowMs: 1000 }),
      practice: new Rates({ limit: 60, windowMs: 3_600_000 }),
      taps: new Rates({ limit: tapsPerSecond, windowMs: 1000 }),
      names: new Rates({ limit: 10, windowMs: 3_600_000 }),
    },
    turns: new Turns(),
    rules: { ...RULES, holdMs, windows },
    isFitToShow: fitToShow(['acme']),
    terms: {
      sessionHours: 12,
      sessionIdleMinutes: 30,
      requestsPerSecondMax: requestsPerSecond,
      tapsPerSecondMax: tapsPerSecond,
      practicePerHourMax: 60,
      socketsPerAddressMax: 200,
      namesPerHourMax: 10,
    },
    origin: ORIGIN,
    now,
    log: { error: (fields) => void logged.push(fields) },
    draining: () => false,
    plugins,
  });
  const traffic = new Traffic(() => new LatencyHistogram());
  const app = createApp(deps, traffic);
  const answer = operations(
    { ...deps, sockets: () => 0, looks: new Rates({ limit: 1000, windowMs: 1000 }) },
    traffic,
  );

  /** Moves the clock tick by tick; so many ticks are made while one commit is under way. */
  async function pass(ms: number, ticksPerCommit = 1): Promise<void> {
    for (let ticks = 1; ticks <= ms / TICK_MS; ticks++) {
      clock.now += TICK_MS;
      engine.step(clock.now);
      if (ticks % ticksPerCommit === 0) await engine.batcher.drained();
    }
    // Acknowledgements run after the commit: a settlement may follow on one.
    await Bun.sleep(0);
    await engine.batcher.drained();
  }

  return {
    app,
    clock,
    dataDir,
    deps,
    disk,
    engine,
    fetches,
    granted,
    logged,
    price,
    pass,
    store,
    books: store.books,
    /** Holds the price there until it is let go with null. */
    hold: (value: number | null) => void (price.cents = value === null ? null : cents(value)),
    /** What an operator sees. */
    look: (path: string) => read(answer(new Request(`http://operations${path}`))),
    call: (path: string, init: RequestInit & { token?: string } = {}) => call(app, path, init),
    /** @param keep leaves the books for the next house. */
    async close(keep = false): Promise<void> {
      await engine.batcher.drained();
      fetchDesk.stop();
      wallets.close();
      await store.close();
      if (!keep) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export type TestHouse = Awaited<ReturnType<typeof openHouse>>;

/** A JSON request as a program sends it. */
async function call(
  app: ReturnType<typeof createApp>,
  path: string,
  { token, ...init }: RequestInit & { token?: string },
): Promise<{ status: number; headers: Headers; body: any; text: string }> {
  const headers = new Headers(init.headers);
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (init.body != null && !headers.has('content-type')) headers.set('content-type', 'application/json');
  const response = await app.handle(new Request(`${ORIGIN}${path}`, { ...init, headers }));
  const found = await read(response);
  expectDocumented(
    { origin: ORIGIN, method: init.method ?? 'GET', path },
    response,
    found.body ?? found.text,
  );
  return found;
}

async function read(
  answer: Response | Promise<Response>,
): Promise<{ status: number; headers: Headers; body: any; text: string }> {
  const response = await answer;
  const text = await response.text();
  const body = response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : null;
  return { status: response.status, headers: response.headers, text, body };
}
