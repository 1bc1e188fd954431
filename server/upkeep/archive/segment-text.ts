import { SEGMENT_TABLES, type Row, type SegmentRows, type SegmentTable } from '../../ports/archive.ts';

/** Unpacked size of a segment at most; a larger one is not ours. */
export const SEGMENT_BYTES_MAX = 512 * 1024 * 1024;

const FIRST_RULE = 1;

/** Lines that are put together as one text: all at once would take the memory of the segment twice more. */
const LINES_AT_ONCE = 1_000;

/** Columns that number the rows of a table: they must rise from line to line. */
const NUMBERED: Readonly<Record<SegmentTable, string>> = {
  keys: 'session_id',
  accounts: 'id',
  batches: 'seq',
  actions: 'seq',
  intents: 'id',
  bets: 'seq',
  ledger: 'id',
  revisions: 'revision',
  ticks: 'seq',
};

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
    for (const row of rows.slice(from, from + LINES_AT_ONCE).map((one) => written(table, one)))
      text += `${start}${JSON.stringify(row).slice(1)}\n`;
    yield Buffer.from(text);
  }
}

/**
 * A bet of rule version 1 is written without its version, as in the ledger chain: the same rows are the same
 * bytes as before there was another.
 */
const written = (table: SegmentTable, { rule, ...row }: Row): Row =>
  table === 'bets' && rule === FIRST_RULE ? row : rule === undefined ? row : { ...row, rule };
const read = (table: SegmentTable, row: Row): Row =>
  table === 'bets' && row['rule'] === undefined ? { ...row, rule: FIRST_RULE } : row;

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
    const key = NUMBERED[table];
    if (before !== undefined && !(row[key]! > before[key]!))
      throw new Error(`line ${number}: ${key} ${row[key]} does not follow ${before[key]}`);
    before = row;
    rows[table].push(read(table, row));
  }
  return rows;
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
  if (row[NUMBERED[table]] === undefined) throw new Error(`line ${number} has no ${NUMBERED[table]}`);
  return { table, row };
}
