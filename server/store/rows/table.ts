/**
 * What a table is made of, told once: from the columns of a table follow the type of its rows, the lists of
 * columns in SQL, and how a row is written in a segment of the archive.
 */

/** One value of a row as SQLite has it. */
export type Value = string | number | null;

/** A row of whatever table, under the names of its fields. */
export type Row = Readonly<Record<string, Value>>;

export type Kind = 'integer' | 'real' | 'text';

/** A column before it stands in a table, for values of one type. */
export interface Column<Of extends Value = Value> {
  readonly kind: Kind;
  readonly nullable: boolean;
  /** Its name in SQL where that is not its field's in snake case. */
  readonly name?: string;
  /**
   * What rows have that were written before there was such a column: with this value they are written as
   * then.
   */
  readonly before?: Of;
}

export const integer: Column<number> = { kind: 'integer', nullable: false };
export const real: Column<number> = { kind: 'real', nullable: false };
export const text: Column<string> = { kind: 'text', nullable: false };

/**
 * Text of a closed list. The schema or its writer holds it; in a file that other hands have been at it may be
 * anything.
 */
export const textOf = <Of extends string>(): Column<Of> => ({ kind: 'text', nullable: false });

/** A bit, 0 or 1. */
export const bit = integer;

export const orNull = <Of extends Value>(column: Column<Of>): Column<Of | null> => ({
  ...column,
  nullable: true,
});

/** @param name in SQL. */
export const named = <Of extends Value>(name: string, column: Column<Of>): Column<Of> => ({
  ...column,
  name,
});

/**
 * A column that a later migration added. @param before what rows from before it have: with this value a row
 * is written without the column, so that what was hashed and archived then stays byte for byte what it was.
 */
export const addedLater = <Of extends Value>(column: Column<Of>, before: Of): Column<Of> => ({
  ...column,
  before,
});

type Columns = Readonly<Record<string, Column>>;

/** A column in its table: `field` in code, `name` in SQL and in segments. */
export interface Field extends Column {
  readonly field: string;
  readonly name: string;
}

export interface Table<Of extends Columns = Columns> {
  readonly name: string;
  readonly columns: Of;
  /** In the order of the table. */
  readonly fields: readonly Field[];
  /** The primary key: the first field, unless the table says otherwise. */
  readonly key: readonly [Field, ...Field[]];
}

/** The type of a row of the table. */
export type RowOf<Of extends Table> = {
  readonly [Name in keyof Of['columns']]: Of['columns'][Name] extends Column<infer Type> ? Type : never;
};

/**
 * @param columns in the order of the table, under the names of their fields.
 * @param key fields of the primary key.
 */
export function table<Of extends Columns>(name: string, columns: Of, key?: readonly (keyof Of)[]): Table<Of> {
  const fields = Object.entries(columns).map(([field, column]) => ({
    ...column,
    field,
    name: column.name ?? snakeCase(field),
  }));
  const [first, ...others] = key === undefined ? fields.slice(0, 1) : fields.filter(isOf(key));
  if (first === undefined) throw new Error(`${name} has no primary key`);
  return { name, columns, fields, key: [first, ...others] };
}

const isOf = (key: readonly PropertyKey[]) => (field: Field) => key.includes(field.field);

/** Whether a row comes behind another one by the values of a field that both have. */
export function isBehind(row: Row, before: Row, field: string): boolean {
  const [value, last] = [row[field] ?? null, before[field] ?? null];
  return value !== null && last !== null && value > last;
}

const snakeCase = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
