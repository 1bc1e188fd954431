import { isBehind } from '../../store/rows/table.ts';
import type { SegmentRows } from '../../ports/archive.ts';
import { PARTS, read, SEGMENT_TABLES, written, type SegmentTable } from '../../store/rows/segment-parts.ts';
import type { Row } from '../../store/rows/table.ts';

/** Unpacked size of a segment at most; a larger one is not ours. */
export const SEGMENT_BYTES_MAX = 512 * 1024 * 1024;

/** Lines that are put together as one text: all at once would take the memory of the segment twice more. */
const LINES_AT_ONCE = 1_000;

/**
 * A segment as canonical JSON lines: table by table, each row a line `{"table":…}` with its columns in their
 * order, one line feed behind each.
 */
export function encodeSegment(rows: SegmentRows): Uint8Array {
  return Buffer.concat(SEGMENT_TABLES.flatMap((table) => [...encodeTable(table, rows[table])]));
}

function* encodeTable(table: SegmentTable, rows: readonly Row[]): Generator<Buffer> {
  const start = startOf(table);
  for (let from = 0; from < rows.length; from += LINES_AT_ONCE) {
    let text = '';
    for (const row of rows.slice(from, from + LINES_AT_ONCE))
      text += `${start}${JSON.stringify(written(PARTS[table], row)).slice(1)}\n`;
    yield Buffer.from(text);
  }
}

/** What `JSON.stringify({ table, ...row })` begins with. */
const startOf = (table: SegmentTable): string => `{"table":"${table}",`;

/** @throws Error that names the line which is not as {@link encodeSegment} writes it. */
export function decodeSegment(bytes: Uint8Array): SegmentRows {
  const rows: Record<SegmentTable, Row[]> = {
    keys: [],
    accounts: [],
    batches: [],
    actions: [],
    intents: [],
    bets: [],
    ledger: [],
    revisions: [],
    shadow: [],
    ticks: [],
  };
  let at = 0;
  let number = 0;
  let before: Row | undefined;
  for (const line of new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n').slice(0, -1)) {
    number += 1;
    const { table, row } = readLine(line, number);
    const index = SEGMENT_TABLES.indexOf(table);
    if (index < at)
      throw new Error(`line ${number}: a row of ${table} behind those of ${SEGMENT_TABLES[at]}`);
    if (index > at) before = undefined;
    at = index;
    const key = keyOf(table);
    if (before !== undefined && !isBehind(row, before, key.field))
      throw new Error(`line ${number}: ${key.name} ${row[key.field]} does not follow ${before[key.field]}`);
    before = row;
    rows[table].push(row);
  }
  // The check of the segment decides whether they are rows of their tables.
  return rows as Readonly<Record<SegmentTable, readonly Row[]>> as SegmentRows;
}

function readLine(line: string, number: number): { readonly table: SegmentTable; readonly row: Row } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new Error(`line ${number} is not JSON`, { cause });
  }
  const { table, ...row } = value as Row & { readonly table: SegmentTable };
  if (!SEGMENT_TABLES.includes(table) || JSON.stringify({ table, ...row }) !== line)
    throw new Error(`line ${number} is not canonical`);
  if (row[keyOf(table).name] === undefined) throw new Error(`line ${number} has no ${keyOf(table).name}`);
  return { table, row: read(PARTS[table], row) };
}

const keyOf = (table: SegmentTable) => PARTS[table].key[0];
