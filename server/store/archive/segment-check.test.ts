import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseOf, OldBooks } from '../../../test/simulation/archived-books.ts';
import { Chance } from '../../../scripts/replay-market/chance.ts';
import type { SegmentRange, SegmentRows } from '../../ports/archive.ts';
import { INVARIANTS } from '../invariants.ts';
import { MIGRATIONS } from '../migrations.ts';
import { migrate } from '../migrator.ts';
import { insertInto } from '../row-statements.ts';
import { SEGMENTS } from '../rows/segment.ts';
import { PARTS, SEGMENT_TABLES, STORED_PARTS, type SegmentTable } from '../rows/segment-parts.ts';
import type { Row, Value } from '../rows/table.ts';
import { SqliteArchiveSource } from './archive-source.ts';
import { UNCOVERED } from '../../upkeep/integrity/uncovered.ts';
import { checkSegment } from './segment-check.ts';
import { StoredRows } from './stored-rows.ts';

const SEED = Number(process.env['SEGMENT_SEED'] ?? 1);
const root = mkdtempSync(join(tmpdir(), 'tapgrid-segment-check-'));
const books = new OldBooks(27, join(root, 'books'));
/**
 * The first segment of books with voids, wins, held and filled bets, and bets that the next segment closes.
 */
let range: SegmentRange;
let rows: SegmentRows;

beforeAll(async () => {
  await books.make();
  const source = new SqliteArchiveSource(databaseOf(books.dataDir));
  const next = source.nextRange({ until: books.now - 7 * 86_400_000, rowsMax: 260 });
  if (next.range === null) throw new Error(next.why);
  range = next.range;
  rows = source.rowsOf(range);
  source.close();
}, 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/**
 * Not under the chains, and in no invariant: an order's text and signature prove each other, its time and
 * refusals are only told.
 */
const FREE: Readonly<Partial<Record<SegmentTable, readonly string[]>>> = {
  keys: ['publicKey'],
  intents: ['at', 'text', 'signature', 'outcomes'],
};
/**
 * Of a bet that a later segment closes nothing but its placing and its lock is under the chain of this one.
 */
const LATER = [
  'status',
  'payout',
  'closedAt',
  'closedTick',
  'voidReason',
  'closingEntry',
  'locked',
  'lockedRevision',
  'lockedBatch',
];
/** Columns that the chain holds by way of others: a cell's numbers stand in its id. */
const DERIVED: Readonly<Partial<Record<SegmentTable, readonly string[]>>> = {
  bets: ['startMs', 'windowMs', 'low', 'high'],
};

/** As its table and column are called in the list of what no check sees. */
const isUncovered = (table: SegmentTable, column: string): boolean => {
  const { name, fields } = PARTS[table];
  return `${name}.${fields.find(({ field }) => field === column)?.name}` in UNCOVERED;
};

const partOf = (table: SegmentTable): readonly Row[] => rows[table];
const withRow = (table: SegmentTable, index: number, row: Row | null): SegmentRows => ({
  ...rows,
  [table]: partOf(table).flatMap((old, at) => (at !== index ? [old] : row === null ? [] : [row])),
});
const faultsOf = (changed: SegmentRows): string[] => checkSegment(range, changed, null);
const other = (value: Value): Value =>
  typeof value === 'number'
    ? value + 1
    : value === null
      ? 1
      : `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`;

/**
 * The same question put to SQLite: the rows in a database whose archive ends just before them, checked
 * against every invariant that speaks of a part of the ledger.
 */
function faultsBySql({ ...changed }: SegmentRows): string[] {
  const held = new Set([
    'double_entry',
    'balance',
    'versions',
    'no_overdraft',
    'one_order',
    'bets_per_cell',
    'stake_row',
    'one_closing',
    'payout',
    'ledger_chain',
    'tick_chain',
  ]);
  const db = new Database(':memory:', { strict: true });
  try {
    migrate(db, MIGRATIONS, 0);
    const [ledgerId, tickSeq] = [changed.ledger[0]!.id - 1, changed.ticks[0]!.seq - 1];
    insertInto(
      db,
      SEGMENTS,
    )({
      ...range,
      number: 0,
      firstBatch: range.firstBatch - 1,
      lastBatch: range.firstBatch - 1,
      chainOut: range.chainIn,
      tickChainOut: range.tickChainIn,
      ledgerId,
      tickSeq,
      betSeq: 0,
      intentId: 0,
      revision: 0,
      bets: 0,
      bytes: 0,
      objectKey: '',
      manifestSha256: '',
      place: '',
      sealedAt: 0,
    });
    db.run('DELETE FROM accounts');
    const started = new Set<Value>();
    for (const { id, accountId: account, amount, balanceAfter: balance, version } of changed.ledger) {
      if (started.has(account)) continue;
      started.add(account);
      db.run(
        'INSERT INTO ledger_checkpoints (account_id, ledger_id, balance, version, at) VALUES (?, ?, ?, ?, 0)',
        [account, id - 1, balance - amount, version - 1],
      );
    }
    const open = {
      status: 'locked',
      payout: 0,
      closedAt: null,
      closedTick: null,
      voidReason: null,
      closingEntry: null,
    } as const;
    const held_ = { status: 'placed', locked: null, lockedRevision: null, lockedBatch: null } as const;
    new StoredRows(db).insert(
      changed,
      changed.bets.map((bet) => {
        if (bet.closingEntry! <= range.ledgerId) return bet;
        const later = bet.locked === null || (bet.lockedBatch !== null && bet.lockedBatch > range.lastBatch);
        return { ...bet, ...open, ...(later ? held_ : {}) };
      }),
    );
    return INVARIANTS.filter(({ name }) => held.has(name)).flatMap(({ name, run }) =>
      run(db).map((detail) => `${name}: ${detail}`),
    );
  } catch (error) {
    return [String(error)];
  } finally {
    db.close();
  }
}

describe(`a segment (seed ${SEED}, SEGMENT_SEED)`, () => {
  test('as the ledger wrote it has no fault, and has bets of all kinds', () => {
    expect(faultsOf(rows)).toEqual([]);
    expect(faultsBySql(rows)).toEqual([]);
    expect(new Set(rows.bets.map(({ status }) => status))).toEqual(new Set(['won', 'lost', 'void']));
    expect(rows.bets.some(({ closingEntry }) => closingEntry! > range.ledgerId)).toBe(true);
  });

  test('is of the shape that the migrations make', () => {
    const db = new Database(':memory:');
    migrate(db, MIGRATIONS, 0);
    for (const part of STORED_PARTS) {
      const { name: table, fields } = PARTS[part];
      const columns = db
        .query<{ name: string; type: string; notnull: number }, []>(`PRAGMA table_info(${table})`)
        .all();
      expect(
        fields.map(({ name, kind, nullable }) => [name, `${kind}${nullable ? '?' : ''}`]),
        part,
      ).toEqual(
        columns.map(({ name, type, notnull }) => [name, `${type.toLowerCase()}${notnull === 1 ? '' : '?'}`]),
      );
    }
    db.close();
  });

  for (const table of SEGMENT_TABLES) {
    for (const { field: column } of PARTS[table].fields) {
      if (FREE[table]?.includes(column) || DERIVED[table]?.includes(column)) continue;
      if (isUncovered(table, column)) continue;
      test(`with another ${column} in a row of ${table} is refused`, () => {
        const chance = new Chance(SEED);
        const found = partOf(table).flatMap((row, index) =>
          table === 'bets' && LATER.includes(column) && Number(row['closingEntry']) > range.ledgerId
            ? []
            : [index],
        );
        for (let times = 0; found.length > 0 && times < 3; times++) {
          const index = chance.pick(found);
          const row = partOf(table)[index]!;
          const changed = withRow(table, index, { ...row, [column]: other(row[column]!) });
          expect(faultsOf(changed), `${table} row ${index} ${column}`).not.toEqual([]);
        }
      });
    }

    test(`without a row of ${table} is refused`, () => {
      const chance = new Chance(SEED);
      for (let times = 0; rows[table].length > 0 && times < 5; times++) {
        const index = chance.below(rows[table].length);
        expect(faultsOf(withRow(table, index, null)), `${table} row ${index}`).not.toEqual([]);
      }
    });

    test(`with two rows of ${table} in each other's place is refused`, () => {
      const [one, another] = [partOf(table)[0], partOf(table).at(-1)];
      if (one === undefined || one === another) return;
      expect(faultsOf({ ...rows, [table]: [another, ...partOf(table).slice(1, -1), one] })).not.toEqual([]);
    });
  }

  test('is refused at least wherever the invariants in SQL refuse it', () => {
    const chance = new Chance(SEED + 1);
    let refused = 0;
    for (let times = 0; times < 80; times++) {
      const table = chance.pick(SEGMENT_TABLES.filter((name) => rows[name].length > 1));
      const index = chance.below(rows[table].length);
      const row = partOf(table)[index]!;
      const column = chance.pick(Object.keys(row));
      const value = chance.pick([
        other(row[column]!),
        null,
        chance.pick(partOf(table))[column]!,
        0,
        -1,
        'void',
      ]);
      const changed = withRow(table, index, chance.happens(0.1) ? null : { ...row, [column]: value });
      if (faultsBySql(changed).length === 0) continue;
      refused += 1;
      expect(
        faultsOf(changed),
        `${table} row ${index}: ${column} ${row[column]} became ${value}`,
      ).not.toEqual([]);
    }
    expect(refused).toBeGreaterThan(20);
  }, 180_000);

  test('names the place', () => {
    const index = rows.bets.findIndex(
      ({ status, closingEntry }) => status === 'won' && closingEntry! <= range.ledgerId,
    );
    const bet = rows.bets[index]!;
    expect(faultsOf(withRow('bets', index, { ...bet, payout: bet.payout + 1 })).join('\n')).toContain(
      `payout: bet ${bet.id} is won`,
    );
    const entry = rows.ledger.findIndex(({ kind }) => kind === 'stake');
    const moved = rows.ledger[entry]!;
    const text = faultsOf(withRow('ledger', entry, { ...moved, amount: moved.amount - 1 })).join('\n');
    expect(text).toContain(`double_entry: batch ${moved.batch} moves PLAY by -1`);
    expect(text).toContain(`ledger_chain: batch ${moved.batch} does not have the hash of its rows`);
  });

  test('must begin where the one before it ended', () => {
    const [account] = rows.accounts;
    const faults = checkSegment(range, rows, new Map([[account!.id, { balance: 5, version: 3 }]]));
    expect(faults.join('\n')).toContain(`${account!.id} begins segment 1`);
  });
});
