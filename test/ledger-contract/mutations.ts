import type { Database } from 'bun:sqlite';
import { CONSTRAINTS } from '../../server/store/checks/constraints.ts';

/** One change by other hands. */
export interface Mutation {
  readonly table: string;
  readonly kind: string;
  /** `<table>.<column>`, or `<table>: <kind>` for whole rows. */
  readonly where: string;
  readonly statements: readonly string[];
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}

interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Where more than one row of each table is changed: with so few all, and with somewhat more twice as many as
 * of a large table.
 */
const FEW = 5;
const SOME = 12;
const FREE_ROW = 9_007_199_254_740_000;
const SHIFTED = 1_000_003;

/**
 * For each column of each table, in some of its rows, one with a value among them: null, the value of another
 * row, another value, one more, swapped with another row, and where the table has a condition a value that it
 * refuses; and whole rows: deleted, there twice under another key, all gone.
 * @param rowsPerColumn spread over the table, first and last among them.
 */
export function mutationsOf(db: Database, rowsPerColumn: number): Mutation[] {
  return tablesOf(db).flatMap((table) => [
    ...table.columns.flatMap((column) => ofColumn(table, column, rowsPerColumn)),
    ...ofRows(table, rowsPerColumn),
  ]);
}

function tablesOf(db: Database): Table[] {
  const names = db
    .query<{ name: string }, []>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .all();
  return names.map(({ name }) => {
    const columns = db.query<Column, []>(`PRAGMA table_info('${name}')`).all();
    const key = columns
      .filter(({ pk }) => pk > 0)
      .sort((a, b) => a.pk - b.pk)
      .map((column) => column.name);
    return {
      name,
      columns,
      key,
      rows: db.query<Record<string, unknown>, []>(`SELECT * FROM ${name} ORDER BY ${key.join(', ')}`).all(),
    };
  });
}

function ofColumn(table: Table, column: Column, rowsPerColumn: number): Mutation[] {
  const { name: field, type, notnull } = column;
  const set = (row: Table['rows'][number], value: string): string =>
    `UPDATE ${table.name} SET ${field} = ${value} WHERE ${isRow(table, row)}`;
  const held = notnull === 0 ? table.rows.filter((row) => row[field] !== null).slice(0, 1) : [];
  return [...new Set([...spread(table.rows, rowsPerColumn), ...held])].flatMap((row) => {
    const value = row[field];
    const other = table.rows.find((candidate) => candidate[field] !== value && candidate[field] !== null);
    const changes: [kind: string, ...statements: string[]][] = [];
    if (notnull === 0) changes.push(['null', set(row, 'NULL')]);
    if (other !== undefined) changes.push(['value of another row', set(row, literal(other[field]))]);
    changes.push(['another value', set(row, anotherThan(value, type))]);
    if (typeof value === 'number') changes.push(['one more', set(row, `${field} + 1`)]);
    if (other !== undefined && !table.key.includes(field))
      changes.push(['swapped', set(row, literal(other[field])), set(other, literal(value))]);
    if (isRefused(table.name, field))
      changes.push(['value that is refused', set(row, type.toLowerCase() === 'text' ? `'strange'` : '-1')]);
    return changes.map(([kind, ...statements]) => ({
      table: table.name,
      kind,
      where: `${table.name}.${field}`,
      statements,
    }));
  });
}

function ofRows(table: Table, rowsPerColumn: number): Mutation[] {
  if (table.rows.length === 0) return [];
  const { name, columns } = table;
  const of = (kind: string, statement: string): Mutation => ({
    table: name,
    kind,
    where: `${name}: ${kind}`,
    statements: [statement],
  });
  // Texts that must not be there twice become other ones; a number of a row a free one.
  const copied = columns.map((column) =>
    column.type.toLowerCase() === 'integer' && column.pk > 0
      ? `${FREE_ROW}`
      : /^(?:id|token_hash|public_key|nonce|address|name|reason)$/.test(column.name)
        ? `${column.name} || 'x'`
        : column.name,
  );
  return [
    ...spread(table.rows, 2 * rowsPerColumn).flatMap((row) => [
      of('row deleted', `DELETE FROM ${name} WHERE ${isRow(table, row)}`),
      of(
        'row there twice',
        `INSERT INTO ${name} SELECT ${copied.join(', ')} FROM ${name} WHERE ${isRow(table, row)}`,
      ),
    ]),
    of('emptied', `DELETE FROM ${name}`),
  ];
}

/** Rows at even distances, the first and the last among them; of a few all. */
function spread<Row>(rows: readonly Row[], most: number): Row[] {
  if (rows.length <= FEW && most > 1) return [...rows];
  const count = rows.length <= SOME && most > 1 ? 2 * most : most;
  const indexes = Array.from({ length: count }, (_, n) =>
    count === 1 ? rows.length >> 1 : Math.round((n * (rows.length - 1)) / (count - 1)),
  );
  return [...new Set(indexes)]
    .filter((index) => index >= 0 && index < rows.length)
    .map((index) => rows[index]!);
}

const isRefused = (table: string, field: string): boolean =>
  CONSTRAINTS.some(
    (constraint) => constraint.table === table && new RegExp(`\\b${field}\\b`).test(constraint.condition),
  );

const isRow = (table: Table, row: Table['rows'][number]): string =>
  table.key.map((column) => `${column} = ${literal(row[column])}`).join(' AND ');

const literal = (value: unknown): string =>
  value === null || value === undefined
    ? 'NULL'
    : typeof value === 'number'
      ? `${value}`
      : `'${String(value).replaceAll("'", "''")}'`;

/** Of the same form: a digit becomes another one, a number larger, a code in a list another code. */
function anotherThan(value: unknown, type: string): string {
  if (typeof value === 'number') return Number.isInteger(value) ? `${value + SHIFTED}` : `${value * 1.5}`;
  if (typeof value !== 'string') return type.toLowerCase() === 'text' ? `'9'` : `${SHIFTED}`;
  if (value.startsWith('[')) return literal(value.replace(/"\w+"/, '"bad_request"'));
  // Not at the end: the last digit of base64 has bits that say nothing.
  const from = value.length >> 1;
  const changed =
    value.slice(0, from) + value.slice(from).replace(/[0-9a-zA-Z]/, (one) => (one === '1' ? '2' : '1'));
  return literal(changed === value ? `${value}1` : changed);
}
