import type { TableRows } from '../../ports/tail.ts';

/**
 * Remembers the rows of the last reading by their hashes, to tell which of the next are new or changed. About
 * 100 bytes a row.
 */
export class RowMemory {
  #before = new Map<string, number | bigint>();
  #now = new Map<string, number | bigint>();

  begin(): void {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /**
   * The rows that the last reading did not have, or had otherwise. The first column, or all for tables of two
   * keys, tells them apart.
   */
  news({ table, columns, rows }: TableRows): TableRows {
    return {
      table,
      columns,
      rows: rows.filter((row) => {
        const key = keyOf(table, row);
        const hash = Bun.hash(JSON.stringify(row));
        this.#now.set(key, hash);
        return this.#before.get(key) !== hash;
      }),
    };
  }

  /** The rows that are otherwise than the last reading had them. */
  otherwise({ table, columns, rows }: TableRows): TableRows {
    return {
      table,
      columns,
      rows: rows.filter((row) => this.#before.get(keyOf(table, row)) !== Bun.hash(JSON.stringify(row))),
    };
  }

  /** Keys of a table that the last reading had and this one has not. */
  gone(table: string): string[] {
    const prefix = `${table} `;
    return [...this.#before.keys()]
      .filter((key) => key.startsWith(prefix) && !this.#now.has(key))
      .map((key) => key.slice(prefix.length));
  }
}

const SINGLE_KEY = new Set(['accounts', 'sessions']);
const keyOf = (table: string, row: TableRows['rows'][number]): string =>
  SINGLE_KEY.has(table) ? `${table} ${row[0]}` : `${table} ${row[0]} ${row[1]}`;
