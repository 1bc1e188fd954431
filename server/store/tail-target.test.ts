import { afterAll, expect, test } from 'bun:test';
import { Database } from 'bun:sqlite';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableRows } from '../ports/tail.ts';
import { SqliteTailTarget } from './tail-target.ts';

const folder = mkdtempSync(join(tmpdir(), 'tapgrid-tail-target-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
/** A database in which what is unique among rows moves from one row to another. */
function targetOf(...statements: string[]): { target: SqliteTailTarget; path: string } {
  const path = join(folder, `${files++}.db`);
  const db = new Database(path, { strict: true });
  for (const sql of statements) db.run(sql);
  db.close();
  return { target: new SqliteTailTarget(path), path };
}
const rowsIn = (path: string, sql: string): unknown[] => {
  const db = new Database(path, { readonly: true });
  const rows = db.query(sql).values();
  db.close();
  return rows;
};
const shipped = (target: SqliteTailTarget, ...shipment: TableRows[]): void => {
  target.begin();
  target.apply(shipment);
  target.commit();
  target.close();
};

const BETS = [
  'CREATE TABLE bets (id text PRIMARY KEY, cell text NOT NULL, void_reason text) STRICT',
  'CREATE UNIQUE INDEX one_per_cell ON bets (cell) WHERE void_reason IS NULL',
  `INSERT INTO bets VALUES ('first', 'a cell', NULL)`,
];

test(
  'a bet stands where one stood whose stake came back within the same shipment, in whatever order both ' +
    'come',
  () => {
    const [placed, returned]: TableRows[] = [
      ['second', null],
      ['first', 'moved'],
    ].map(([id, why]) => ({
      table: 'bets',
      columns: ['id', 'cell', 'void_reason'],
      rows: [[id!, 'a cell', why!]],
    }));
    for (const shipment of [
      [placed!, returned!],
      [returned!, placed!],
    ]) {
      const { target, path } = targetOf(...BETS);
      shipped(target, ...shipment);
      expect(rowsIn(path, 'SELECT id, void_reason FROM bets ORDER BY id')).toEqual([
        ['first', 'moved'],
        ['second', null],
      ]);
    }
  },
);

test('two rows change places', () => {
  const { target, path } = targetOf(
    'CREATE TABLE accounts (id text PRIMARY KEY, address text UNIQUE) STRICT',
    `INSERT INTO accounts VALUES ('a', 'x'), ('b', 'y')`,
  );
  shipped(target, {
    table: 'accounts',
    columns: ['address', 'id'],
    rows: [
      ['y', 'a'],
      ['x', 'b'],
    ],
  });
  expect(rowsIn(path, 'SELECT id, address FROM accounts ORDER BY id')).toEqual([
    ['a', 'y'],
    ['b', 'x'],
  ]);
});

test('two rows that would both stand there are refused', () => {
  const { target } = targetOf(...BETS);
  target.begin();
  expect(() =>
    target.apply([
      { table: 'bets', columns: ['id', 'cell', 'void_reason'], rows: [['second', 'a cell', null]] },
    ]),
  ).toThrow('UNIQUE');
  target.close();
});

test('what guards a house against its own programs does not stand in the way, and is there again afterwards', () => {
  const guard = `CREATE TRIGGER kept BEFORE DELETE ON bets BEGIN SELECT RAISE(ABORT, 'never'); END`;
  const { target, path } = targetOf(...BETS, guard);
  shipped(target, {
    table: 'bets',
    columns: ['id', 'cell', 'void_reason'],
    rows: [['first', 'a cell', 'gap']],
  });
  expect(rowsIn(path, 'SELECT void_reason FROM bets')).toEqual([['gap']]);
  expect(rowsIn(path, `SELECT sql FROM sqlite_schema WHERE type = 'trigger'`)).toEqual([[guard]]);
});

test.each([
  ['a table that does not exist', { table: 'elsewhere', columns: ['id'], rows: [] }],
  ['other columns', { table: 'bets', columns: ['id', 'cell', 'reason'], rows: [] }],
  ['a row that is too short', { table: 'bets', columns: ['id', 'cell', 'void_reason'], rows: [['x', 'y']] }],
] as const)('%s is refused', (_, rows) => {
  const { target } = targetOf(...BETS);
  target.begin();
  expect(() => target.apply([rows])).toThrow();
  target.close();
});
