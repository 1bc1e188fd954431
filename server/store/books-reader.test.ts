import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Multiplier } from '../game/money.ts';
import { dollars } from '../game/money.ts';
import type { Page } from '../ports/books.ts';
import { cellAt, NOON, opening, order, place, SETTING } from '../../test/ledger-contract/scenario.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { openReaderDatabase, prepare } from './database.ts';
import { DATABASE_FILE, openStore, type Store } from './store.ts';

const BETS = 30;
let root: string;
let store: Store;

/** Thirty bets of Ada and one of Ben's: ten won at 2.00, ten lost at 3.00, five void, the last five open. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'tapgrid-books-'));
  store = await openStore({
    dataDir: root,
    ...SETTING,
    caps: { ...SETTING.caps, openBetsMax: 100 },
    at: NOON,
    inProcess: true,
    simulationWithoutFsync: true,
  });
  const { commitBatch } = store.ledger;
  await commitBatch([...opening('ada'), ...opening('ben')], NOON);
  for (let index = 0; index < BETS; index++) {
    const filled = { multiplier: (index < 10 ? 200 : 300) as Multiplier, revision: 1 };
    await commitBatch(
      [place(`n${index}`, [order(`b${index}`, cellAt(index), 3, { filled })], { at: NOON + index })],
      NOON,
    );
  }
  await commitBatch(
    [place('ben', [order('bens', cellAt(0))], { accountId: 'ben', sessionId: 'ben-key' })],
    NOON,
  );
  for (let index = 0; index < BETS - 5; index++) {
    const betId = `b${index}`;
    const closedAt = cellAt(index).startMs + 5000;
    const closing =
      index < 20
        ? { betId, outcome: index < 10 ? ('won' as const) : ('lost' as const), tickSeq: 1, closedAt }
        : { betId, outcome: 'void' as const, voidReason: 'gap' as const, closedAt };
    await commitBatch([{ kind: 'close-bets', closings: [closing], at: closedAt }], closedAt);
  }
});
afterAll(async () => {
  await store.close();
  rmSync(root, { recursive: true });
});

function walk<Row>(read: (cursor: string | null) => Page<Row>): {
  readonly rows: readonly Row[];
  readonly pages: number;
} {
  const rows: Row[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page: Page<Row> = read(cursor);
    rows.push(...page.rows);
    cursor = page.cursor;
    pages += 1;
  } while (cursor !== null);
  return { rows, pages };
}
const down = (from: number, to: number): readonly string[] =>
  Array.from({ length: from - to + 1 }, (_, index) => `b${from - index}`);

describe('pages', () => {
  for (const [status, all] of [
    ['open', down(29, 25)],
    ['closed', down(24, 0)],
  ] as const) {
    for (const [limit, pages] of [
      [1, all.length],
      [all.length, 1],
      [all.length - 1, 2],
      [4, Math.ceil(all.length / 4)],
      [9999, 1],
    ] as const) {
      test(`of ${status} bets, ${limit} rows each, show every bet once, newest first`, () => {
        const walked = walk((cursor) => store.books.bets('ada', status, cursor, limit));
        expect([walked.rows.map(({ id }) => id), walked.pages]).toEqual([[...all], pages]);
      });
    }
  }

  test('of a statement show every row once, newest first, each balance following from the one before', () => {
    const { rows } = walk((cursor) => store.books.statement('ada', cursor, 7));
    expect(rows.map(({ version }) => version)).toEqual(
      Array.from({ length: 1 + BETS + 25 }, (_, index) => 56 - index),
    );
    for (const [index, row] of rows.entries())
      expect(row.balanceAfter - row.amount).toBe(rows[index + 1]?.balanceAfter ?? dollars(0));
    expect(rows.at(-1)).toEqual({
      id: 3,
      batch: 2,
      at: NOON,
      kind: 'grant',
      amount: dollars(1000),
      balanceAfter: dollars(1000),
      version: 1,
      betId: null,
    } as never);
  });

  test('of nobody are empty', () => {
    expect([store.books.bets('nobody', 'closed', null, 9), store.books.statement('nobody', null, 9)]).toEqual(
      [
        { rows: [], cursor: null },
        { rows: [], cursor: null },
      ],
    );
  });

  for (const cursor of [
    '',
    'x',
    'djE6',
    writeCursor('statement', 0),
    writeCursor('statement', -1),
    writeCursor('statement', 1.5),
    writeCursor('statement', 2 ** 60),
    `${writeCursor('statement', 5)}=`,
    ` ${writeCursor('statement', 5)}`,
    'A'.repeat(5000),
    Buffer.from('v1:5').toString('base64url'),
    Buffer.from(
      Buffer.from(writeCursor('statement', 5), 'base64url').toString().replace(':5:', ':6:'),
    ).toString('base64url'),
    writeCursor('actions', 5),
    '💥',
    "' OR 1=1",
  ]) {
    test(`refuse the cursor ${JSON.stringify(cursor.slice(0, 20))}`, () => {
      expect(() => store.books.bets('ada', 'closed', cursor, 5)).toThrow(
        expect.objectContaining({ code: 'bad_cursor' }),
      );
      expect(() => store.books.statement('ada', cursor, 5)).toThrow(
        expect.objectContaining({ code: 'bad_cursor' }),
      );
    });
  }

  test('refuse the cursor of another list', () => {
    expect(() => store.books.bets('ada', 'closed', writeCursor('open', 5), 5)).toThrow(
      expect.objectContaining({ code: 'bad_cursor' }),
    );
    expect(() => store.books.bets('ada', 'open', writeCursor('closed', 5), 5)).toThrow(
      expect.objectContaining({ code: 'bad_cursor' }),
    );
    expect(() => store.books.bets('ada', 'closed', writeCursor('statement', 5), 5)).toThrow(
      expect.objectContaining({ code: 'bad_cursor' }),
    );
    expect(store.books.bets('ada', 'closed', writeCursor('closed', 5), 5).cursor).toBeNull();
  });

  test('have cursors that read back', () => {
    for (const position of [1, 42, Number.MAX_SAFE_INTEGER])
      expect(readCursor('statement', writeCursor('statement', position))).toBe(position);
  });
});

describe('views', () => {
  test('a board shows open bets and closed ones whose window has not ended at the given time', () => {
    const since = cellAt(18).startMs + 5000;
    expect(store.books.boardBets('ada', since).map(({ id }) => id)).toEqual([...down(29, 18)]);
    expect(store.books.boardBets('ada', since + 1).map(({ id }) => id)).toEqual([...down(29, 19)]);
    expect(store.books.boardBets('ben', since)).toEqual([]);
  });

  test('returns are summed by the bucket of the locked multiplier, refunds and open bets left out', () => {
    expect(store.books.returnsByBucket('PLAY', [100, 200, 201, 300, 1000])).toEqual([
      { from: 100, to: 200, bets: 0, staked: dollars(0), paid: dollars(0), returns: 0, returnSquares: 0 },
      {
        from: 200,
        to: 201,
        bets: 10,
        staked: dollars(30),
        paid: dollars(60),
        returns: 20,
        returnSquares: 40,
      },
      { from: 201, to: 300, bets: 0, staked: dollars(0), paid: dollars(0), returns: 0, returnSquares: 0 },
      { from: 300, to: 1000, bets: 10, staked: dollars(30), paid: dollars(0), returns: 0, returnSquares: 0 },
    ]);
    expect(store.books.returnsByBucket('USD', [100, 1000])[0]).toMatchObject({ bets: 0 });
    expect([store.books.voidsByReason('PLAY'), store.books.voidsByReason('USD')]).toEqual([{ gap: 5 }, {}]);
  });

  test('returns are still told when more was staked than a number holds exactly', () => {
    const db = new Database(join(root, DATABASE_FILE));
    db.run(
      `INSERT INTO multiplier_returns (currency, multiplier, bets, staked, paid, returns,
      return_squares) VALUES ('USD', 150, 3, 20000000000000001, 1, 0.5, 0.1)`,
    );
    db.close();
    expect(store.books.returnsByBucket('USD', [100, 200])[0]).toMatchObject({
      bets: 3,
      staked: 2e16,
      paid: 1,
    });
  });

  test('the head names the last batch, and the WAL has a size', () => {
    expect(store.books.batches()).toBe(store.books.chain().ledger.batch);
    expect(store.books.walBytes()).toBeGreaterThan(0);
  });
});

test('no question that is asked often reads a whole table', () => {
  const db = openReaderDatabase(join(root, DATABASE_FILE));
  const plan = (sql: string): string =>
    prepare<{ detail: string }>(db, `EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => detail)
      .join('; ');
  for (const [sql, how] of [
    [
      `SELECT seq FROM bets WHERE account_id = 'a' AND closing_entry IS NULL AND seq < 9 ORDER BY seq DESC`,
      /INDEX bets_open/,
    ],
    [`SELECT seq FROM bets WHERE closing_entry IS NULL`, /INDEX bets_open/],
    [
      `SELECT id FROM ledger WHERE account_id = 'a' AND version < 9 ORDER BY version DESC`,
      /INDEX sqlite_autoindex_ledger_1 \(account_id=\? AND version<\?\)$/,
    ],
    [
      `SELECT version, at FROM ledger WHERE account_id = 'a' AND version >= 9 ORDER BY version LIMIT 1`,
      /INDEX sqlite_autoindex_ledger_1 \(account_id=\? AND version>\?\)$/,
    ],
    [
      `SELECT b.stake FROM ledger l JOIN bets b ON b.id = l.bet_id WHERE l.account_id = 'a'
      AND l.version > 5 AND l.version <= 9 AND l.kind IN ('payout', 'loss', 'refund') ORDER BY l.version`,
      /SEARCH l USING INDEX sqlite_autoindex_ledger_1 \(account_id=\? AND version>\? AND version<\?\); SEARCH b USING INDEX sqlite_autoindex_bets_1 \(id=\?\)$/,
    ],
    [`SELECT seq FROM ticks WHERE at >= 1 AND at < 2 ORDER BY at, seq LIMIT 5`, /INDEX ticks_at/],
    [
      `SELECT l.id FROM ledger l JOIN bets b ON l.id IN (b.stake_entry, b.closing_entry)
      WHERE b.id = 'x' ORDER BY l.id`,
      /SEARCH b .*SEARCH l USING INTEGER PRIMARY KEY/,
    ],
  ] as const)
    expect(plan(sql)).toMatch(how);
  db.close();
});
