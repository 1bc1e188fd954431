import type { TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine } from '../engine/engine.ts';
import { LatencyHistogram } from '../engine/latency.ts';
import { Walk } from '../feed/walk.ts';
import { cellId, cellOfRow, type CellId } from '../game/grid.ts';
import { dollars, type Multiplier } from '../game/money.ts';
import { ORDINARY } from '../game/odds.ts';
import { cents, type Cents } from '../game/price.ts';
import { rejection } from '../game/rejection.ts';
import { signedText, type SignedTaps, type Tap } from '../game/tap.ts';
import { Challenges } from '../identity/challenges.ts';
import { clientAddress, limitKey } from '../identity/client-address.ts';
import { PracticeComeback } from '../identity/comeback.ts';
import { Cookies } from '../identity/cookies.ts';
import { Login } from '../identity/login.ts';
import { NonceBook } from '../identity/nonces.ts';
import { isOwnAddress, provenanceOf } from '../identity/origin.ts';
import { Rates } from '../identity/rates.ts';
import { SessionKeys } from '../identity/session-key.ts';
import { SessionBook } from '../identity/sessions.ts';
import { WalletVerifier } from '../identity/wallet-verifier.ts';
import type { OrderAnswer } from '../ports/house.ts';
import { receiptDesk } from '../receipt/receipt.ts';
import { openStore } from '../store/store.ts';
import { endpoints } from './api/endpoints.ts';
import { createApp } from './app.ts';
import { operations } from './operations.ts';
import { FetchDesk } from '../upkeep/archive/fetch-desk.ts';
import { Turns } from '../upkeep/turns.ts';
import { isPlain } from './request-head.ts';
import { Traffic } from './traffic.ts';
import type { HttpDeps } from './deps.ts';
import { refusalCodes } from './openapi.ts';
import { ErrorShape } from './shape.ts';

/**
 * The real store, engine, identity and API in one process, on a clock that tests move by hand. There is no
 * test in this file.
 */

export const ORIGIN = 'https://taps.example';
export const START = 1_781_481_600_000;
const TICK_MS = 100;
const RULES = {
  stakes: [1, 5, 10].map(dollars),
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
  readonly holdMs?: number;
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
  holdMs = RULES.holdMs,
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
    caps: { cellShare: 0.005, columnShare: 0.01, totalShare: 0.05, accountShare: 0.002, openBetsMax: 200 },
  });
  const walk = new Walk({ seed: 'http', volatilityBp: 1 });
  const price: { cents: Cents | null; silent: boolean } = { cents: null, silent: false };
  const disk = { usedShare: 0.1 };
  const sources = () => [{ venue: 'walk', price: price.cents ?? walk.step() }];
  const keys = new SessionKeys();
  const engine = new Engine(
    {
      windowMs: 5000,
      columnsAhead: 12,
      rows: 16,
      tickMs: TICK_MS,
      quoteEveryTicks: 2,
      stage: 'calibrated',
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
      ...RULES,
      holdMs,
    },
    {
      feed: {
        simulated,
        label: 'a walk',
        quorum: 1,
        declaredVolatilityBp: 1,
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
  const deps = wrap({
    house: engine,
    books: store.books,
    receiptOf: receiptDesk(store.books),
    archive: fetchDesk,
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
    },
    turns: new Turns(),
    rules: { ...RULES, holdMs },
    terms: {
      sessionHours: 12,
      sessionIdleMinutes: 30,
      requestsPerSecondMax: requestsPerSecond,
      tapsPerSecondMax: tapsPerSecond,
      practicePerHourMax: 60,
      socketsPerAddressMax: 200,
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
  expectDocumented(init.method ?? 'GET', path, response, found.body ?? found.text);
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

/**
 * Every answer of every scenario is held against the document: status, shape, code, and the headers that all
 * answers have.
 */
function expectDocumented(method: string, path: string, { status, headers }: Response, body: any): void {
  const { pathname } = new URL(path, ORIGIN);
  const endpoint = endpoints.find(
    (one) => one.method === method && new RegExp(`^${one.path.replace(/:\w+/g, '[^/]+')}$`).test(pathname),
  );
  // What is not written as a path of ours never comes to a call.
  if (endpoint === undefined || !isPlain({ url: `${ORIGIN}${pathname}` })) return;
  const asked = `${method} ${path} ${status}`;
  const sample = endpoint.answers[status];
  const known: readonly string[] = refusalCodes(endpoint);
  if (
    sample === undefined &&
    !(
      Value.Check(ErrorShape, body) &&
      known.includes(body.error.code) &&
      rejection(body.error.code).status === status
    )
  )
    throw new Error(`${asked} is not documented: ${JSON.stringify(body)}`);
  if (sample !== undefined && sample.example !== null && !Value.Check(strict(sample.schema), body)) {
    const fault = Value.Errors(strict(sample.schema), body).First()!;
    throw new Error(`${asked}: ${fault.path} ${fault.message}`);
  }
  if (body?.error?.code !== 'wrong_origin' && !/^"\w+";r=\d+;t=\d+$/.test(headers.get('ratelimit') ?? ''))
    throw new Error(`${asked} tells no rate limit`);
}

const stricts = new Map<TSchema, TSchema>();

/** The same schema with every object closed: a field that is not in the document is a fault here. */
function strict(schema: TSchema): TSchema {
  const known = stricts.get(schema);
  if (known) return known;
  const close = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(close);
    const copy = Object.fromEntries(
      Reflect.ownKeys(part).map((key) => [key, close(part[key as never])]),
    ) as Record<PropertyKey, unknown>;
    if (copy.type === 'object' && copy.properties) copy.additionalProperties = false;
    return copy;
  };
  const closed = close(schema) as TSchema;
  stricts.set(schema, closed);
  return closed;
}

export interface Trader {
  readonly token: string;
  readonly sessionId: string;
  readonly accountId: string;
  readonly publicKey: string;
  sign(text: string): Promise<string>;
  /** A signed order, `change` made after the signature. */
  order(
    taps: readonly Tap[],
    options?: { nonce?: string; deadline?: number; signedFor?: string },
  ): Promise<SignedTaps>;
  tap(taps: readonly Tap[]): ReturnType<TestHouse['call']>;
  balance(): Promise<number>;
}

export async function makeKey(): Promise<{ publicKey: string; sign: (text: string) => Promise<string> }> {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', pair.publicKey)).toString('base64url');
  return {
    publicKey,
    sign: async (text) =>
      Buffer.from(
        await crypto.subtle.sign(
          { name: 'ECDSA', hash: 'SHA-256' },
          pair.privateKey,
          new TextEncoder().encode(text),
        ),
      ).toString('base64url'),
  };
}

export async function practise(house: TestHouse): Promise<Trader> {
  const key = await makeKey();
  const { status, body } = await house.call('/api/v1/practice', {
    method: 'POST',
    body: JSON.stringify({ publicKey: key.publicKey }),
  });
  if (status !== 201) throw new Error(`no practice account: ${status}`);
  return traderOf(house, key, body);
}

export function traderOf(
  house: TestHouse,
  { publicKey, sign }: Awaited<ReturnType<typeof makeKey>>,
  { account, session, token }: any,
): Trader {
  const order: Trader['order'] = async (
    taps,
    { nonce = crypto.randomUUID(), deadline = house.clock.now + 5000, signedFor = ORIGIN } = {},
  ) => ({
    nonce,
    deadline,
    taps,
    signature: await sign(signedText(signedFor, session.id, { nonce, deadline, taps })),
  });
  return {
    token,
    sessionId: session.id,
    accountId: account.id,
    publicKey,
    sign,
    order,
    tap: async (taps) =>
      house.call('/api/v1/taps', { method: 'POST', token, body: JSON.stringify(await order(taps)) }),
    balance: async () => (await house.call('/api/v1/account', { token })).body.balance,
  };
}

/** Cells on offer now, nearest column and lowest row first. */
export function offers(
  house: TestHouse,
): { cell: CellId; multiplier: Multiplier; revision: number; low: number; high: number; start: number }[] {
  const { columns, revision, windowMs } = house.engine.board()!;
  return columns
    .filter(({ locked }) => !locked)
    .flatMap((column) =>
      column.multipliers.flatMap((multiplier, row) => {
        const cell = cellOfRow({ ...column, low: column.low as Cents }, row, windowMs);
        return multiplier === null || column.start - house.clock.now < windowMs
          ? []
          : [
              {
                cell: cellId(cell),
                multiplier,
                revision: revision.revision,
                low: cell.low,
                high: cell.high,
                start: cell.startMs,
              },
            ];
      }),
    );
}

export const tapOn = (
  offer: { cell: CellId; multiplier: Multiplier; revision: number },
  stake = dollars(5),
): Tap => ({ cell: offer.cell, stake, multiplier: offer.multiplier, revision: offer.revision });
