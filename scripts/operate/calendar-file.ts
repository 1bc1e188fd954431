import { parse, CsvError } from 'csv-parse/sync';
import { readFileSync } from 'node:fs';
import { AFTER_MS, BEFORE_MS, readHeadline, type Headline } from '../../server/game/headline.ts';
import { messageOf } from '../../server/ports/failure.ts';
import { misused } from '../command-line/failure.ts';
import { readLength } from './times.ts';

/** The columns that are read, in their order where the file has no line that names them. */
const COLUMNS = ['time', 'name', 'before', 'after'] as const;
type Column = (typeof COLUMNS)[number];
/** More is no calendar that somebody keeps by hand. */
const LINES_MAX = 2_000;
/** Faults that are said at once. */
const FAULTS_SAID_MAX = 20;

interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Reads a news calendar: CSV with the columns time, name, before and after, of which the last two may be
 * missing; a first line may name them in any order, with others beside, which are ignored. Empty lines and
 * what follows a # are left out.
 * @throws CommandFailure that names each wrong line
 */
export function readCalendarFile(path: string): readonly Headline[] {
  const text = textOf(path);
  let rows: readonly CsvRow[];
  try {
    rows = parse(text, {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as readonly CsvRow[];
  } catch (cause) {
    const line =
      cause instanceof CsvError && typeof cause['lines'] === 'number' ? `, line ${cause['lines']}` : '';
    throw misused('bad_calendar', `${path}${line}: ${messageOf(cause)}`);
  }
  if (rows.length > LINES_MAX) throw misused('bad_calendar', `${path} has more than ${LINES_MAX} entries.`);
  return entriesOf(path, rows);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw misused('bad_calendar', `${path} cannot be read: ${messageOf(cause)}`);
  }
}

function entriesOf(path: string, rows: readonly CsvRow[]): readonly Headline[] {
  const names = rows[0]?.record.map((name) => name.toLowerCase()) ?? [];
  const isNamed = names.includes('time') && names.includes('name');
  const place = (column: Column): number => (isNamed ? names : COLUMNS).indexOf(column);
  const found: Headline[] = [];
  const faults: string[] = [];
  for (const { record, info } of isNamed ? rows.slice(1) : rows) {
    const field = (column: Column): string => record[place(column)] ?? '';
    const entry = readEntry(field);
    if (typeof entry === 'string') faults.push(`line ${info.lines}: ${entry}`);
    else found.push(entry);
  }
  if (faults.length > 0) {
    const more = faults.length - FAULTS_SAID_MAX;
    throw misused(
      'bad_calendar',
      [
        `${path} cannot be taken, so nothing is changed.`,
        ...faults.slice(0, FAULTS_SAID_MAX),
        ...(more > 0 ? [`and ${more} more lines`] : []),
      ].join('\n'),
    );
  }
  return found;
}

function readEntry(field: (column: Column) => string): Headline | string {
  const time = field('time');
  const at = timeOf(time);
  if (at === null)
    return `"${time}" is not a time; expected 2026-12-10T13:30Z or, in another zone, 2026-12-10T08:30-05:00.`;
  const around: { beforeMs?: number; afterMs?: number } = {};
  for (const [column, name] of [
    ['before', 'beforeMs'],
    ['after', 'afterMs'],
  ] as const) {
    const text = field(column);
    if (text === '') continue;
    try {
      around[name] = readLength(column, text);
    } catch (cause) {
      return messageOf(cause);
    }
  }
  return readHeadline({ at, name: field('name'), beforeMs: BEFORE_MS, afterMs: AFTER_MS, ...around });
}

/** A time with its zone: what is read by a machine elsewhere must mean the same. */
function timeOf(text: string): number | null {
  const isWhole = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)? ?(Z|[+-]\d\d:\d\d)$/.test(text);
  const at = isWhole ? Date.parse(text.replace(' ', 'T').replace(' ', '')) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
