import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archive } from '../../../scripts/simulation/archiving.ts';
import { OPTIONS, World } from '../../../scripts/simulation/world.ts';
import type { LedgerPort } from '../../ports/ledger.ts';
import { SqliteArchiveSource } from '../../store/archive/archive-source.ts';
import { SqliteHistoryShelf } from '../../store/archive/history-shelf.ts';
import { checkSegment } from '../../store/archive/segment-check.ts';
import { WholeBooks } from '../../store/archive/whole-books.ts';
import { openReaderDatabase } from '../../store/database.ts';
import { checkInvariants } from '../../store/invariants.ts';
import { openHistory } from '../../store/open-history.ts';
import { DATABASE_FILE } from '../../store/store.ts';
import { openLedgerInProcess } from '../../store/writer.ts';
import { dollars } from '../../game/money.ts';
import { DirectoryStore } from '../backup/directory-store.ts';
import { checkLedger } from '../integrity.ts';
import { STEPS, type Step } from './archiver.ts';
import { ObjectShelf } from './object-shelf.ts';
import { verifyArchive } from './verify.ts';

const SEED = Number(process.env['ARCHIVE_SEED'] ?? Date.now() % 1_000_000);
const DAY_MS = 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-archive-'));
/** Books of three days with some trade on each, not archived. */
const original = join(root, 'original');
let now: number;
let betIds: string[];
let account: string;
afterAll(() => rmSync(root, { recursive: true, force: true }));

const databaseOf = (dataDir: string): string => join(dataDir, DATABASE_FILE);
const violations = (dataDir: string): unknown[] => {
  const db = openReaderDatabase(databaseOf(dataDir));
  try {
    return checkInvariants(db);
  } finally {
    db.close();
  }
};

async function trade(world: World, steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    await world.tick();
    if (world.chance.happens(0.6)) await world.order();
  }
}

const acceptedBy = (world: World): string[] => world.sent.flatMap(({ answer }) => ('results' in answer ? answer.results.flatMap((result) => (result.status === 'accepted' ? [result.betId] : [])) : []));

beforeAll(async () => {
  const world = new World(SEED, original);
  await world.open();
  for (let n = 0; n < 5; n++) await world.addTrader();
  for (const pause of [3 * DAY_MS, 8 * DAY_MS]) {
    await trade(world, 400);
    await world.restart(pause);
  }
  await trade(world, 300);
  now = world.now;
  betIds = [...new Set(acceptedBy(world))];
  account = world.store.books.bet(betIds[0]!)!.accountId;
  await world.store.close();
}, 60_000);

let copies = 0;
/** A copy of the books with its ledger open. */
async function opened(work: (dataDir: string, ledger: LedgerPort) => Promise<void>): Promise<string> {
  const dataDir = join(root, `copy-${copies++}`);
  cpSync(original, dataDir, { recursive: true });
  const ledger = reopen(dataDir);
  try {
    await work(dataDir, ledger);
    return dataDir;
  } finally {
    await ledger.close();
  }
}

const reopen = (dataDir: string): LedgerPort =>
  openLedgerInProcess({ path: databaseOf(dataDir), caps: { cellShare: 1, columnShare: 1, totalShare: 1, accountShare: 1, openBetsMax: 1000 }, bankrolls: { PLAY: dollars(0), USD: dollars(0) }, at: now, simulationWithoutFsync: true });

/** All that a trader or a reader of receipts can see. */
function seen(dataDir: string): unknown {
  const books = new WholeBooks(databaseOf(dataDir));
  try {
    const pages = (read: (cursor: string | null) => { rows: readonly unknown[]; cursor: string | null }): unknown[] => {
      const rows: unknown[] = [];
      for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
        const page = read(cursor);
        rows.push(...page.rows);
        cursor = page.cursor;
      }
      return rows;
    };
    return {
      bets: betIds.map((id) => {
        const bet = books.bet(id)!;
        return { bet, ledger: books.ledgerOf(id), intent: books.intentOf(id), ticks: books.ticksOf(bet.cell), shown: books.revision(bet.shownRevision), locking: books.revisionFrom(bet.lockAt) };
      }),
      statement: pages((cursor) => books.statement(account, cursor, 7)),
      closed: pages((cursor) => books.bets(account, 'closed', cursor, 5)),
      open: books.bets(account, 'open', null, 500).rows,
      ticks: books.ticks(0, now + 1, 10_000),
      ticksBySeq: books.ticksBySeq(1, 500, 10_000),
      chain: books.chain(),
    };
  } finally {
    books.close();
  }
}

/** Everything that a run leaves behind, time of the seal aside. */
function left(dataDir: string): unknown {
  const db = new Database(databaseOf(dataDir), { readonly: true });
  try {
    const rows = ['batches', 'bets', 'ledger', 'intents', 'ticks', 'revisions', 'accounts', 'ledger_checkpoints', 'archived_stakes', 'archive_segments'];
    return { tables: Object.fromEntries(rows.map((table) => [table, JSON.stringify(db.query(`SELECT * FROM ${table} ORDER BY 1, 2`).values()).replaceAll(dataDir, '')])), objects: objectsIn(dataDir), history: historyIn(dataDir) };
  } finally {
    db.close();
  }
}

function objectsIn(dataDir: string): Record<string, string> {
  const folder = join(dataDir, 'archive');
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true }) as string[];
  return Object.fromEntries(names.filter((name) => /\.(zst|json)$/.test(name)).sort().map((name) => [name, readFileSync(join(folder, name)).toString('base64')]));
}

const historyIn = (dataDir: string): Record<string, string> =>
  Object.fromEntries(new SqliteHistoryShelf(dataDir).files().map(({ name, segments }) => {
    const db = new Database(join(dataDir, 'history', name), { readonly: true });
    const rows = ['batches', 'bets', 'ledger', 'intents', 'ticks', 'revisions'].map((table) => JSON.stringify(db.query(`SELECT * FROM ${table} ORDER BY 1`).values()));
    db.close();
    return [name, `${segments.join()} ${Bun.hash(rows.join())}`];
  }));

const verified = async (dataDir: string) => {
  const source = new SqliteArchiveSource(databaseOf(dataDir));
  try {
    return await verifyArchive({ source, shelf: new SqliteHistoryShelf(dataDir), objects: new ObjectShelf(new DirectoryStore(dataDir)), check: checkSegment });
  } finally {
    source.close();
  }
};

describe(`the archive (seed ${SEED})`, () => {
  test('takes what is old, deletes only then, and nobody who reads sees a difference', async () => {
    const before = seen(original);
    await opened(async (dataDir, ledger) => {
      const reached: Step[] = [];
      const report = await archive({ dataDir, ledger, now, reached: (step) => void (reached.push(step), expect(violations(dataDir)).toEqual([])) });
      expect(report.segments.length).toBeGreaterThan(3);
      expect(new Set(report.segments.map(({ week }) => week)).size).toBeGreaterThan(1);
      expect([...new Set(reached)].sort()).toEqual([...STEPS].sort());
      expect(report.deleted.bets).toBeGreaterThan(20);
      expect(report.waits).toContain('later than');
      expect(seen(dataDir)).toEqual(before);
      expect(await verified(dataDir)).toMatchObject({ ok: true, faults: [], segments: report.segments.length });
      const history = openHistory(databaseOf(dataDir));
      const checked = await checkLedger(history, { maxGapMs: OPTIONS.maxGapMs, since: null, anchors: new Map(), pages: true, signatures: false }, { now: () => 0, steady: () => performance.now() });
      history.close();
      expect(checked.violations).toEqual([]);
      expect(checked.from.batch).toBe(report.segments.at(-1)!.lastBatch + 1);
    });
  }, 60_000);

  test('a second run changes nothing', async () => {
    await opened(async (dataDir, ledger) => {
      await archive({ dataDir, ledger, now });
      const before = left(dataDir);
      const report = await archive({ dataDir, ledger, now });
      expect(report.segments).toEqual([]);
      expect(Object.values(report.deleted)).toEqual([0, 0, 0, 0, 0, 0]);
      expect(left(dataDir)).toEqual(before);
    });
  }, 60_000);

  test('with everything archived the books go on where they were: numbers, chains, caps', async () => {
    const dataDir = await opened(async (dir, ledger) => {
      // What is open now was left by a server that is gone: only up to there.
      await archive({ dataDir: dir, ledger, now: now + 30 * DAY_MS, options: { ordersMs: 0 } });
    });
    const numbers = (dir: string) => {
      const db = new Database(databaseOf(dir), { readonly: true });
      try {
        return db.query('SELECT (SELECT MAX(seq) FROM batches) AS batch, (SELECT COUNT(*) FROM ledger) AS ledger, (SELECT MAX(seq) FROM ticks) AS tick').get();
      } finally {
        db.close();
      }
    };
    const before = numbers(dataDir) as { batch: number; tick: number };
    const ledger = reopen(dataDir);
    const commit = await ledger.commitBatch([{ kind: 'post-transfer', accountId: account, amount: dollars(1), entry: 'deposit', at: now }], now);
    expect(commit.batch).toBe(before.batch + 1);
    await ledger.commitBatch([{ kind: 'record-ticks', ticks: [{ seq: before.tick + 1, at: now + 1, price: 1 as never, sources: [] }] }], now);
    await ledger.close();
    expect(violations(dataDir)).toEqual([]);
  }, 60_000);
});

describe('a run that dies', () => {
  class Killed extends Error {}

  for (const step of STEPS) {
    test(`where it has ${step === 'deleting' ? 'deleted some' : step}: the next one ends where an undisturbed one does, and nothing was lost between`, async () => {
      let expected: unknown;
      await opened(async (dataDir, ledger) => {
        await archive({ dataDir, ledger, now });
        expected = left(dataDir);
      });
      const before = seen(original);
      await opened(async (dataDir, ledger) => {
        for (const nth of [1, 2]) {
          let count = 0;
          const died = archive({ dataDir, ledger, now, reached: (at) => {
            if (at === step && ++count === nth) throw new Killed();
          } });
          expect(await died.then(() => null, (error: unknown) => error)).toBeInstanceOf(Killed);
          expect(violations(dataDir)).toEqual([]);
          expect(seen(dataDir)).toEqual(before);
        }
        await archive({ dataDir, ledger, now });
        expect(seen(dataDir)).toEqual(before);
        expect(left(dataDir)).toEqual(expected as never);
        expect(existsSync(join(dataDir, 'archive', 'plan.json'))).toBe(false);
      });
    }, 60_000);
  }
});
