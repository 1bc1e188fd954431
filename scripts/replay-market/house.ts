import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../server/config.ts';
import { Engine } from '../../server/engine/engine.ts';
import type { EngineOptions } from '../../server/engine/engine-parts.ts';
import { CONSENSUS_DEFAULTS, consensusOf } from '../../server/feed/consensus.ts';
import { dollars, type Micros } from '../../server/game/money.ts';
import { MULTIPLIER_MAX } from '../../server/game/formula.ts';
import type { Session } from '../../server/game/session.ts';
import { NonceBook } from '../../server/identity/nonces.ts';
import type { Books } from '../../server/ports/books.ts';
import type { OrderAnswer } from '../../server/ports/house.ts';
import type { LedgerPort } from '../../server/ports/ledger.ts';
import { openReaderDatabase } from '../../server/store/database.ts';
import { checkInvariants } from '../../server/store/invariants.ts';
import { DATABASE_FILE, openStore } from '../../server/store/store.ts';
import { MemoryLedger } from './memory-ledger.ts';
import type { Options } from './options.ts';
import type { Tape } from './tape.ts';

/**
 * All of the bank may stand on one cell: no haircut, no refusal, so that the bets of one trader do not change
 * the prices of another.
 */
const CAPS = {
  cellShare: 1,
  columnShare: 1,
  totalShare: 1,
  accountShare: 1,
  openBetsMax: 1_000_000,
  betsPerCellMax: 1,
};
const BANKROLL = dollars(900_000_000);
/** Divided among the accounts; with the bankroll it stays below 2^53 micro-dollars. */
const GRANTS = 5_000_000_000;
const GRANT_MAX = 1_000_000;

/** The books as the check of the bets reads them. */
export type BetLog = Pick<Books, 'bet' | 'revision' | 'revisionFrom' | 'ticksOf'>;

/** The engine on a clock that is moved by hand, with its own books in a temporary folder. */
export interface ReplayHouse {
  readonly engine: Engine;
  readonly options: EngineOptions;
  readonly clock: { now: number };
  readonly log: BetLog;
  /** Ids that were given to bets so far, those of refused ones too: 1 to n, see {@link idOf}. */
  readonly issued: () => number;
  /** Broken invariants in words; null where there is no ledger to check. */
  invariants(): readonly string[] | null;
  /** Lets all that is queued be committed. Rejects when a commit failed. */
  settled(): Promise<void>;
  /** An account that is one of so many. */
  openAccount(accountId: string, of: number): Promise<Session>;
  close(): Promise<void>;
}

/** A UUID by number: bets, nonces, accounts and sessions are numbered, so that a run repeats itself. */
export const idOf = (space: number, number: number): string =>
  `${space.toString(16).padStart(8, '0')}-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

const BET_IDS = 1;
export const betIdOf = (number: number): string => idOf(BET_IDS, number);

export async function openHouse(
  tape: Tape,
  options: EngineOptions,
  ledger: Options['ledger'],
): Promise<ReplayHouse> {
  const clock = { now: tape.startAt - options.tickMs };
  const storage = ledger === 'full' ? await openBooks(clock.now) : keepInMemory();
  let issued = 0;
  let failure: Error | null = null;
  const engine = new Engine(options, {
    feed: {
      simulated: true,
      label: tape.label,
      quorum: 1,
      sample: (at) => tape.sample(at),
      consensus: (sources) => consensusOf(sources, { ...CONSENSUS_DEFAULTS, quorum: 1 }),
    },
    ledger: storage.ledger,
    books: storage.books,
    nonces: new NonceBook<OrderAnswer>(),
    now: () => clock.now,
    steadyMs: () => clock.now,
    newId: () => betIdOf(++issued),
    verify: async () => true,
    walBytes: () => 0,
    diskUsedShare: () => 0,
    onFailure: (cause) => void (failure = cause),
  });
  return {
    engine,
    options,
    clock,
    log: storage.books,
    issued: () => issued,
    invariants: storage.invariants,
    close: storage.close,
    // Commits run on this thread and promises before timers: when an immediate comes, nothing is left.
    settled: () =>
      new Promise((resolve, reject) => setImmediate(() => (failure === null ? resolve() : reject(failure)))),
    openAccount: (accountId, of) =>
      openAccount(engine, accountId, dollars(Math.min(GRANT_MAX, Math.floor(GRANTS / of))), clock.now),
  };
}

/** The server's own defaults; nothing of the environment. */
/** Of the board that replays play on unless told otherwise. */
export const REPLAYED_WINDOW_MS = 5_000;

export function engineOptions({ watchFrozen }: Pick<Options, 'watchFrozen'>, holdMs: number): EngineOptions {
  const config = loadConfig({});
  if (!('ok' in config)) throw new Error('the defaults of the configuration are not valid');
  const {
    stakesMicros: stakes,
    breakerHysteresisMs: hysteresisMs,
    publicOrigin: origin,
    ...same
  } = config.ok;
  return {
    ...same,
    // The traders of a replay tap on one board, and what nobody taps on costs time.
    windows: [REPLAYED_WINDOW_MS],
    stakes,
    hysteresisMs,
    origin,
    watchFrozen,
    holdMs,
    multiplierMax: MULTIPLIER_MAX,
    columnShare: CAPS.columnShare,
  };
}

interface Storage {
  readonly ledger: LedgerPort;
  readonly books: Books;
  invariants(): readonly string[] | null;
  close(): Promise<void>;
}

async function openBooks(at: number): Promise<Storage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tapgrid-replay-'));
  const store = await openStore({
    dataDir,
    caps: CAPS,
    bankrolls: { PLAY: BANKROLL, USD: dollars(0) },
    at,
    inProcess: true,
    simulationWithoutFsync: true,
  });
  return {
    ...store,
    invariants() {
      const db = openReaderDatabase(join(dataDir, DATABASE_FILE));
      const broken = checkInvariants(db).map((violation) =>
        typeof violation === 'string' ? violation : JSON.stringify(violation),
      );
      db.close();
      return broken;
    },
    async close() {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function keepInMemory(): Storage {
  const ledger = new MemoryLedger(BANKROLL);
  // The engine asks these books for nothing else.
  return { ledger, books: ledger as unknown as Books, invariants: () => null, close: async () => {} };
}

async function openAccount(engine: Engine, accountId: string, grant: Micros, at: number): Promise<Session> {
  const session: Session = {
    id: `s-${accountId}`,
    accountId,
    currency: 'PLAY',
    tokenHash: `t-${accountId}`,
    publicKey: `k-${accountId}`,
    stakeMax: dollars(1_000),
    dailyCap: grant,
    createdAt: at,
    expiresAt: Number.MAX_SAFE_INTEGER,
    seenAt: at,
  };
  const refused =
    (await engine.openAccount({ accountId, currency: 'PLAY', address: null, grant })) ??
    (await engine.startSession(session));
  if (refused !== null) throw new Error(`account ${accountId} could not be opened: ${refused}`);
  return session;
}
