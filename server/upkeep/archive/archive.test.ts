import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OldBooks, databaseOf, violations } from '../../../test/simulation/archived-books.ts';
import { archive, houseIn } from '../../../test/simulation/archiving.ts';
import { OPTIONS } from '../../../test/simulation/house-settings.ts';
import { dollars } from '../../game/money.ts';
import type { LedgerPort } from '../../ports/ledger.ts';
import { SqliteArchiveSource } from '../../store/archive/archive-source.ts';
import { SqliteBooks } from '../../store/books-reader.ts';
import { SqliteWeekFiles } from '../../store/archive/week-files.ts';
import { checkSegment } from '../../store/archive/segment-check.ts';
import { everything } from '../../../test/ledger-contract/content.ts';
import { openHistory } from '../../store/open-history.ts';
import { DirectoryStore } from '../backup/directory-store.ts';
import { checkLedger } from '../integrity.ts';
import { STEPS, type Step } from './archive-run.ts';
import { SegmentStore } from './segment-store.ts';
import { verifyArchive } from './verify.ts';
import { seedOf } from '../../../test/stage/seed.ts';

const SEED = seedOf('ARCHIVE_SEED');
const DAY_MS = 86_400_000;
const root = mkdtempSync(join(tmpdir(), 'tapgrid-archive-'));
const books = new OldBooks(SEED, join(root, 'original'));
beforeAll(() => books.make(), 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

let copies = 0;
/** A copy of the books with its ledger open. */
async function opened(work: (dataDir: string, ledger: LedgerPort) => Promise<void>): Promise<string> {
  const dataDir = join(root, `copy-${copies++}`);
  books.copyTo(dataDir);
  const ledger = books.open(dataDir);
  try {
    await work(dataDir, ledger);
    return dataDir;
  } finally {
    await ledger.close();
  }
}

const verified = async (dataDir: string) => {
  const source = new SqliteArchiveSource(databaseOf(dataDir));
  try {
    return await verifyArchive({
      source,
      weekFiles: new SqliteWeekFiles(dataDir),
      objects: new SegmentStore(new DirectoryStore(dataDir), houseIn(dataDir)),
      check: checkSegment,
    });
  } finally {
    source.close();
  }
};

/** @param steady the clock that ends a slice of the check. */
const checked = async (dataDir: string, steady = () => performance.now()) => {
  const history = openHistory(databaseOf(dataDir));
  try {
    return await checkLedger(
      history,
      { maxGapMs: OPTIONS.maxGapMs, since: null, anchors: new Map(), pages: true, signatures: false },
      { now: () => 0, steady },
    );
  } finally {
    history.close();
  }
};

const withSource = <Result>(dataDir: string, read: (source: SqliteArchiveSource) => Result): Result => {
  const source = new SqliteArchiveSource(databaseOf(dataDir));
  try {
    return read(source);
  } finally {
    source.close();
  }
};
const liveBets = (dataDir: string): number => withSource(dataDir, (source) => source.liveBets());
const openBets = (dataDir: string): string[] => {
  const live = new SqliteBooks(databaseOf(dataDir));
  try {
    return live.openBets().map(({ id }) => id);
  } finally {
    live.close();
  }
};

describe(`the archive (seed ${SEED})`, () => {
  test('takes what is old, deletes only then, and nobody who reads sees a difference', async () => {
    const before = books.seen(books.dataDir);
    await opened(async (dataDir, ledger) => {
      const reached: Step[] = [];
      const report = await archive({
        dataDir,
        ledger,
        now: books.now,
        reached: (step) => void (reached.push(step), expect(violations(dataDir)).toEqual([])),
      });
      expect(report.segments.length).toBeGreaterThan(3);
      expect(new Set(report.segments.map(({ week }) => week)).size).toBeGreaterThan(1);
      expect([...new Set(reached)].sort()).toEqual([...STEPS].sort());
      expect(report.deleted.bets).toBeGreaterThan(20);
      expect(report.waits).toContain('later than');
      expect(books.seen(dataDir)).toEqual(before);
      expect(await verified(dataDir)).toMatchObject({
        ok: true,
        faults: [],
        segments: report.segments.length,
      });
      expect(await checked(dataDir)).toMatchObject({
        violations: [],
        from: { batch: report.segments.at(-1)!.lastBatch + 1 },
      });
    });
  }, 180_000);

  test('a check that goes on while batches are taken begins anew behind them', async () => {
    await opened(async (dataDir, ledger) => {
      let seconds = 0;
      // One batch a slice.
      const check = checked(dataDir, () => (seconds += 1_000));
      let ended = false;
      check.then(() => (ended = true)).catch(() => {});
      const report = await archive({ dataDir, ledger, now: books.now, reached: () => Bun.sleep(0) });
      expect([ended, report.deleted.bets > 20]).toEqual([false, true]);
      expect(await check).toMatchObject({
        violations: [],
        from: { batch: report.segments.at(-1)!.lastBatch + 1 },
        notes: [expect.stringContaining('are in the archive')],
      });
    });
  }, 180_000);

  test('a second run changes nothing', async () => {
    await opened(async (dataDir, ledger) => {
      await archive({ dataDir, ledger, now: books.now });
      const before = everything(dataDir);
      const report = await archive({ dataDir, ledger, now: books.now });
      expect(report.segments).toEqual([]);
      expect(Object.values(report.deleted)).toEqual([0, 0, 0, 0, 0, 0]);
      expect(everything(dataDir)).toEqual(before);
    });
  }, 180_000);

  test('with everything archived the books go on where they were: numbers and chains', async () => {
    const dataDir = await opened(async (dir, ledger) => {
      const open = openBets(dir);
      await ledger.commitBatch(
        [
          {
            kind: 'close-bets',
            at: books.now,
            closings: open.map((betId) => ({
              betId,
              outcome: 'void',
              voidReason: 'gap',
              closedAt: books.now,
            })),
          },
        ],
        books.now,
      );
      const report = await archive({ dataDir: dir, ledger, now: books.now + 30 * DAY_MS });
      expect(report.waits).toBe('every commit is archived');
    });
    const { archiveEnd, head, liveBets: live } = withSource(dataDir, (source) => source.liveBooks());
    expect(live).toBe(0);
    expect(head.batch).toBe(archiveEnd.lastBatch);
    const ledger = books.open(dataDir);
    const commit = await ledger.commitBatch(
      [
        {
          kind: 'post-transfer',
          accountId: books.account,
          amount: dollars(1),
          entry: 'deposit',
          at: books.now,
        },
      ],
      books.now,
    );
    expect(commit.batch).toBe(archiveEnd.lastBatch + 1);
    await ledger.commitBatch(
      [
        {
          kind: 'record-ticks',
          ticks: [
            {
              seq: archiveEnd.tickSeq + 1,
              at: books.now + 1,
              price: 7_600_000 as never,
              sources: [{ venue: 'v0', price: 7_600_000 as never }],
            },
          ],
        },
      ],
      books.now,
    );
    await ledger.close();
    expect(violations(dataDir)).toEqual([]);
    expect(await checked(dataDir)).toMatchObject({
      violations: [],
      from: { batch: archiveEnd.lastBatch + 1 },
    });
  }, 180_000);

  test('waits for an open bet, however old it is', async () => {
    await opened(async (dataDir, ledger) => {
      const report = await archive({ dataDir, ledger, now: books.now + 30 * DAY_MS });
      expect(report.waits).toMatch(/^bet .* is open$/);
      expect(violations(dataDir)).toEqual([]);
    });
  }, 180_000);

  test('keeps the books small: with too many bets it takes younger ones, but none that is too young', async () => {
    await opened(async (dataDir, ledger) => {
      const open = openBets(dataDir);
      await ledger.commitBatch(
        [
          {
            kind: 'close-bets',
            at: books.now,
            closings: open.map((betId) => ({
              betId,
              outcome: 'void',
              voidReason: 'gap',
              closedAt: books.now,
            })),
          },
        ],
        books.now,
      );
      const options = { betsMax: 10, ageMsMin: 1_800_000, rowsMax: 60 };
      const early = await archive({
        dataDir,
        ledger,
        now: books.now + 60_000,
        options: { ...options, afterMs: 365 * DAY_MS },
      });
      const live = liveBets(dataDir);
      expect(early.segments.length).toBeGreaterThan(2);
      expect(live).toBeGreaterThan(10);
      await archive({
        dataDir,
        ledger,
        now: books.now + 1_900_000,
        options: { ...options, afterMs: 365 * DAY_MS },
      });
      expect(liveBets(dataDir)).toBeLessThanOrEqual(8);
      expect(violations(dataDir)).toEqual([]);
    });
  }, 180_000);
});

describe('a run that dies', () => {
  class Killed extends Error {}
  let undisturbed: Awaited<ReturnType<typeof runUndisturbed>> | undefined;
  const runUndisturbed = async () => {
    let expected: unknown;
    await opened(async (dataDir, ledger) => {
      await archive({ dataDir, ledger, now: books.now });
      expected = everything(dataDir);
    });
    return { expected, before: books.seen(books.dataDir) };
  };

  for (const step of STEPS) {
    test(`where it has ${step === 'deleting' ? 'deleted some' : step}: the next one ends where an undisturbed one does, and nothing was lost between`, async () => {
      undisturbed ??= await runUndisturbed();
      const { expected, before } = undisturbed;
      await opened(async (dataDir, ledger) => {
        for (const nth of [1, 2]) {
          let count = 0;
          const died = archive({
            dataDir,
            ledger,
            now: books.now,
            reached: (at) => {
              if (at === step && ++count === nth) throw new Killed();
            },
          });
          expect(
            await died.then(
              () => null,
              (error: unknown) => error,
            ),
          ).toBeInstanceOf(Killed);
          expect(violations(dataDir)).toEqual([]);
          expect(books.seen(dataDir)).toEqual(before);
        }
        await archive({ dataDir, ledger, now: books.now });
        expect(books.seen(dataDir)).toEqual(before);
        expect(everything(dataDir)).toEqual(expected as never);
        expect(existsSync(join(dataDir, 'archive', 'plan.json'))).toBe(false);
      });
    }, 180_000);
  }

  test('between the seal of its last segment and its end: the next one has nothing to archive, and leaves no plan behind', async () => {
    let segments = 0;
    await opened(
      async (dataDir, ledger) =>
        void (segments = (await archive({ dataDir, ledger, now: books.now })).segments.length),
    );
    await opened(async (dataDir, ledger) => {
      let sealed = 0;
      const died = archive({
        dataDir,
        ledger,
        now: books.now,
        reached: (at) => {
          if (at === 'sealed' && ++sealed === segments) throw new Killed();
        },
      });
      expect(
        await died.then(
          () => null,
          (error: unknown) => error,
        ),
      ).toBeInstanceOf(Killed);
      expect(existsSync(join(dataDir, 'archive', 'plan.json'))).toBe(true);
      expect((await archive({ dataDir, ledger, now: books.now })).segments).toEqual([]);
      expect(existsSync(join(dataDir, 'archive', 'plan.json'))).toBe(false);
    });
  }, 180_000);
});
