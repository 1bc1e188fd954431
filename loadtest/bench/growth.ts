import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dollars } from '../../server/game/money.ts';
import type { Session } from '../../server/game/session.ts';
import { hashToken, makeToken } from '../../server/identity/session-token.ts';
import { SqliteBooks } from '../../server/store/books-reader.ts';
import { lockDirectory } from '../../server/store/directory-lock.ts';
import { DATABASE_FILE, openStore } from '../../server/store/store.ts';
import { NOTE_FILE, type Note } from '../growth/note.ts';
import { Generator } from './generator-process.ts';
import { offersOf, type Grid } from './grid.ts';
import { measurePages, type PageFigure, type Reader } from './growth-pages.ts';
import { readMetrics } from './scrape.ts';
import { ServerProcess, WIDE_BOARD } from './server-process.ts';
import { LEAD_MS, type Sizes } from './sizes.ts';
import { rounded, roundedSpread, spreadOf, type Spread } from './spread.ts';
import { measureTaps, type LaneFigures } from './taps.ts';
import { Trader } from './trader.ts';

/**
 * Full books beside empty ones, in the same run. In `taps` the reference is the same server with empty books.
 */
export interface GrowthFigures {
  readonly bets: number;
  readonly accounts: number;
  readonly gigabytes: number;
  readonly startMs: { readonly empty: Spread; readonly full: Spread };
  readonly readyMegabytes: { readonly empty: number; readonly full: number };
  readonly pages: readonly PageFigure[];
  /** From what decided a bet to the commit that paid it, mean; and a commit, mean, ms. */
  readonly settlementMs: { readonly empty: number; readonly full: number };
  readonly commitMs: { readonly empty: number; readonly full: number };
  readonly taps: LaneFigures;
}

const OPERATOR_TOKEN = 'benchmark-operator-token-0001';
/** The archiver would move away what is measured. */
const SETTINGS = { ARCHIVE_BETS_MAX: '1000000000' } as const;
const SETTLED_MS_MAX = 120_000;
const LIVES_MAX = 2;
const VISIT_MS = 86_400_000;

type Visitor = Pick<Reader, 'accountId' | 'token'>;

/**
 * @param folder that a server had or {@link ../growth/fill.ts} made; it is copied and left as it is. @throws
 * Failure `directory_in_use` while a server has it.
 */
export async function measureGrowth(
  folder: string,
  sizes: Sizes,
  say: (line: string) => void,
): Promise<GrowthFigures> {
  const root = mkdtempSync(join(tmpdir(), 'tapgrid-growth-'));
  const [empty, full] = [join(root, 'empty'), join(root, 'full')];
  try {
    const note = await copied(folder, join(full, 'data'), say);
    const tokenFile = join(root, 'token');
    writeFileSync(tokenFile, OPERATOR_TOKEN);
    const settings = { ...SETTINGS, OPERATOR_TOKEN_FILE: tokenFile };
    const database = join(full, 'data', DATABASE_FILE);
    const size = sizeOf(database);
    const visitor = { accountId: note.accountId, token: await entered(join(full, 'data'), note.accountId) };
    const startMs = {
      empty: await startOf(empty, settings, sizes.rounds),
      full: await startOf(full, settings, sizes.rounds),
    };
    say(`start: ${startMs.empty.median} ms empty, ${startMs.full.median} ms with ${size.bets} bets`);
    const idle = await idleOf(empty, full, settings, visitor, sizes);
    for (const { path, emptyMs, fullMs } of idle.pages)
      say(`${path}: ${emptyMs} ms, with full books ${fullMs} ms`);
    const wide = { ...settings, ...WIDE_BOARD };
    const taps = await measureTaps({ ...sizes, lives: Math.min(sizes.lives, LIVES_MAX) }, say, {
      ours: () => ServerProcess.tapgrid(wide, full),
      reference: () => ServerProcess.tapgrid(wide, empty),
    });
    return { ...size, accounts: note.accounts, startMs, ...idle, taps };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function copied(folder: string, to: string, say: (line: string) => void): Promise<Note> {
  if (!existsSync(join(folder, NOTE_FILE)))
    throw new Error(
      `${folder} has no ${NOTE_FILE}, which loadtest/growth/fill.ts writes: whose pages should be looked at?`,
    );
  const lock = lockDirectory(folder);
  try {
    const { gigabytes } = sizeOf(join(folder, DATABASE_FILE));
    say(`copying ${gigabytes} GB …`);
    mkdirSync(to, { recursive: true });
    for (const file of [DATABASE_FILE, `${DATABASE_FILE}-wal`])
      if (existsSync(join(folder, file))) await cp(join(folder, file), join(to, file));
  } finally {
    lock.release();
  }
  return (await Bun.file(join(folder, NOTE_FILE)).json()) as Note;
}

function sizeOf(database: string): { readonly bets: number; readonly gigabytes: number } {
  const books = new SqliteBooks(database);
  try {
    return { bets: books.unarchivedBets(), gigabytes: rounded(statSync(database).size / 1e9, 3) };
  } finally {
    books.close();
  }
}

/** Starts a session of an account, as a sign-in would. @returns its token. */
async function entered(dataDir: string, accountId: string): Promise<string> {
  const now = Date.now();
  const store = await openStore({
    dataDir,
    caps: { cellShare: 1, columnShare: 1, totalShare: 1, accountShare: 1, openBetsMax: 1, betsPerCellMax: 5 },
    bankrolls: { PLAY: dollars(0), USD: dollars(0) },
    at: now,
    inProcess: true,
  });
  try {
    const { currency } = store.books.account(accountId)!;
    const token = makeToken(randomBytes);
    const session: Session = {
      id: Bun.randomUUIDv7(),
      accountId,
      currency,
      tokenHash: hashToken(token),
      publicKey: `visit ${now}`,
      stakeMax: dollars(0),
      dailyCap: dollars(0),
      createdAt: now,
      expiresAt: now + VISIT_MS,
      seenAt: now,
    };
    await store.ledger.commitBatch([{ kind: 'start-session', session }], now);
    return token;
  } finally {
    await store.close();
  }
}

async function startOf(
  dir: string,
  settings: Readonly<Record<string, string>>,
  rounds: number,
): Promise<Spread> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const server = await ServerProcess.tapgrid(settings, dir);
    times.push(Math.round(server.readyMs));
    await server.stop();
  }
  return roundedSpread(spreadOf(times));
}

async function idleOf(
  emptyDir: string,
  fullDir: string,
  settings: Readonly<Record<string, string>>,
  visitor: Visitor,
  sizes: Sizes,
) {
  const [empty, full] = [
    await ServerProcess.tapgrid(settings, emptyDir),
    await ServerProcess.tapgrid(settings, fullDir),
  ];
  try {
    const readyMegabytes = { empty: megabytes(empty), full: megabytes(full) };
    const few = await newcomer(empty.origin);
    const [settledEmpty, settledFull] = await Promise.all([settled(empty, sizes), settled(full, sizes)]);
    const of = (server: ServerProcess, dir: string, who: Visitor) => ({
      origin: server.origin,
      operatorToken: OPERATOR_TOKEN,
      database: join(dir, 'data', DATABASE_FILE),
      ...who,
    });
    const pages = await measurePages(
      of(empty, emptyDir, { accountId: few.accountId, token: few.token }),
      of(full, fullDir, visitor),
    );
    return {
      readyMegabytes,
      pages,
      settlementMs: { empty: settledEmpty.lag, full: settledFull.lag },
      commitMs: { empty: settledEmpty.commit, full: settledFull.commit },
    };
  } finally {
    empty.kill();
    full.kill();
  }
}

/** Somebody with one bet. */
async function newcomer(origin: string): Promise<Trader> {
  const trader = await Trader.open(origin);
  const grid = (await (await fetch(`${origin}/api/v1/grid`)).json()) as Grid;
  const body = JSON.stringify(await trader.order(offersOf(grid, 2 * grid.windowMs), 1));
  const response = await fetch(`${origin}/api/v1/taps`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${trader.token}` },
    body,
  });
  if (response.status !== 200)
    throw new Error(`the bet was not taken: ${response.status} ${await response.text()}`);
  return trader;
}

const megabytes = (server: ServerProcess): number => Math.round(server.memoryBytes / 2 ** 20);

/** A volley of bets, and the time until each is paid. */
async function settled(
  server: ServerProcess,
  sizes: Sizes,
): Promise<{ readonly lag: number; readonly commit: number }> {
  const generator = Generator.start(server.origin);
  try {
    await generator.open(Math.min(300, sizes.traders), 64, 0);
    await generator.load('http', sizes.pacedOrders, LEAD_MS);
    await generator.fire('http', 1000, sizes.pacedOrders);
    const until = Date.now() + SETTLED_MS_MAX;
    while (Date.now() < until) {
      const read = await readMetrics(server.operations);
      if (read.get('tapgrid_open_bets{currency="PLAY"}') === 0)
        return {
          lag: meanOf(read, 'tapgrid_settlement_lag_seconds'),
          commit: meanOf(read, 'tapgrid_commit_seconds'),
        };
      await Bun.sleep(500);
    }
    throw new Error(`bets are still open after ${SETTLED_MS_MAX / 1000} s`);
  } finally {
    generator.kill();
  }
}

const meanOf = (read: ReadonlyMap<string, number>, name: string): number =>
  rounded((1000 * (read.get(`${name}_sum`) ?? NaN)) / (read.get(`${name}_count`) ?? NaN), 3);
