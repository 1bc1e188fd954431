import type { Database, Statement } from 'bun:sqlite';
import { one } from './database.ts';
import type { Row, RowOf, Table } from './rows/table.ts';

/**
 * Columns of a table for a SELECT, under the names of their fields.
 * @param alias of the table in the statement. @param without fields that the reader must not get.
 */
export const selected = <Of extends Table>(
  table: Of,
  alias?: string,
  without: readonly (keyof Of['columns'])[] = [],
): string =>
  table.fields
    .filter(({ field }) => !without.includes(field))
    .map(({ field, name }) => `${prefixed(alias, name)}${field === name ? '' : ` AS "${field}"`}`)
    .join(', ');

/** Some columns of a table for a SELECT, under the names of their fields. */
export const picked = <Of extends Table>(table: Of, fields: readonly (keyof Of['columns'])[]): string =>
  selected({ ...table, fields: table.fields.filter(({ field }) => fields.includes(field)) });

/** All columns of a table as an UPDATE sets them, each from the parameter that is named like its field. */
export const assigned = ({ fields }: Table): string =>
  fields.map(({ field, name }) => `${name} = $${field}`).join(', ');

/** A condition: the row has another value than these in one of their columns. */
export const otherThan = <Of extends Table>({ fields }: Of, values: Partial<RowOf<Of>>): string =>
  fields
    .filter(({ field }) => Object.hasOwn(values, field))
    .map(({ field, name }) => `${name} IS NOT ${(values as Row)[field] ?? 'NULL'}`)
    .join(' OR ');

const prefixed = (alias: string | undefined, name: string): string =>
  alias === undefined ? name : `${alias}.${name}`;

/** The highest number in a table, 0 where it has no row. */
export const newestNumber = (db: Database, { name, key: [number] }: Table): number =>
  one<{ number: number }>(db, `SELECT COALESCE(MAX(${number.name}), 0) AS number FROM ${name}`).number;

/** Takes whole rows, and returns how many it wrote. */
export type Insert<Of extends Table> = (row: RowOf<Of>) => number;

/** @param conflict what happens to a row that is there already, in SQL. */
export function insertInto<Of extends Table>(db: Database, table: Of, conflict = ''): Insert<Of> {
  const statement = insertion(db, table, conflict);
  return (row) => statement.run(row).changes;
}

/** Takes rows without the `id` that the table gives them. */
export type Append<Of extends Table> = (row: Omit<RowOf<Of>, 'id'>) => void;

/** Rows of a table that numbers them itself. */
export function appendTo<Of extends Table>(db: Database, table: Of): Append<Of> {
  const statement = insertion(db, {
    ...table,
    fields: table.fields.filter((field) => !table.key.includes(field)),
  });
  return (row) => void statement.run(row as Row);
}

/**
 * The statement behind {@link insertInto}, for those that must end it themselves. Parameters are named like
 * the fields: bound by name a row is written as fast as by position, and faster than from a list made of it.
 */
export const insertion = (db: Database, { name, fields }: Table, conflict = ''): Statement<unknown, [Row]> =>
  db.prepare(
    `INSERT INTO ${name} (${fields.map((field) => field.name).join(', ')})
    VALUES (${fields.map(({ field }) => `$${field}`).join(', ')}) ${conflict}`,
  );
