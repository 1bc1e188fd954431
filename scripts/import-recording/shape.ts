import { messageOf } from '../../server/ports/failure.ts';
import { parse } from 'csv-parse/sync';
import { refuse } from './refusal.ts';
import { unitOf, type TimeUnit } from './time.ts';

/** Where a file has its times and prices. Columns count from 0. */
export interface Shape {
  /** For people: `Binance trades`, `columns unix and open`. */
  readonly name: string;
  readonly delimiter: string;
  /** Records before the first price: a line of the site, the header. */
  readonly skip: number;
  readonly time: number;
  readonly unit: TimeUnit;
  /** One column, or bid and ask of which the middle is taken. */
  readonly price: readonly [number] | readonly [number, number];
  /** `open` of bars that begin at their time: high, low and close have no time of their own. */
  readonly bars: boolean;
  readonly symbol: number | null;
}

/** What the user says of it: names or numbers (from 1) of columns. */
export interface Wanted {
  readonly time?: string;
  readonly price?: string;
}

interface Layout {
  readonly name: string;
  readonly time: number;
  readonly price: number;
  readonly bars?: true;
  readonly fits: (row: readonly string[]) => boolean;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
const SAMPLE_RECORDS = 50;

const isNumber = (text: string): boolean => /^-?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?$/i.test(text);
const isFlag = (text = ''): boolean => /^(?:true|false)$/i.test(text);
const areNumbers = (row: readonly string[]): boolean => row.every(isNumber);

/** Files without a header, told by the number and kind of their columns. */
const LAYOUTS: readonly Layout[] = [
  {
    name: 'Binance trades',
    time: 4,
    price: 1,
    fits: (row) => row.length === 7 && row.slice(5).every(isFlag),
  },
  { name: 'Binance futures trades', time: 4, price: 1, fits: (row) => row.length === 6 && isFlag(row[5]) },
  {
    name: 'Binance aggregated trades',
    time: 5,
    price: 1,
    fits: (row) => row.length === 8 && row.slice(6).every(isFlag),
  },
  {
    name: 'Binance futures aggregated trades',
    time: 5,
    price: 1,
    fits: (row) => row.length === 7 && isFlag(row[6]) && !isFlag(row[5]),
  },
  {
    name: 'Binance bars',
    time: 0,
    price: 1,
    bars: true,
    fits: (row) => row.length === 12 && areNumbers(row),
  },
  {
    name: 'trades of time, price and amount (Kraken, bitcoincharts)',
    time: 0,
    price: 1,
    fits: (row) => row.length === 3 && areNumbers(row.slice(1)),
  },
  { name: 'times and prices', time: 0, price: 1, fits: (row) => row.length === 2 && isNumber(row[1] ?? '') },
  {
    name: 'bars of time, open, high, low, close',
    time: 0,
    price: 1,
    bars: true,
    fits: (row) => row.length >= 5 && row.length <= 8 && areNumbers(row.slice(1)),
  },
];

/** Names of columns with all but letters and digits left out; the first that is there is taken. */
const TIMES = [
  'tsms',
  'timestampms',
  'timems',
  'opentime',
  'unix',
  'unixtimestamp',
  'epoch',
  'timestamp',
  'time',
  'transacttime',
  'tradetime',
  'datetime',
  'date',
  'ts',
  't',
  'localtimestamp',
];
const PRICES = ['price', 'tradeprice', 'mid', 'midprice', 'rate', 'lastprice', 'last', 'p'];
const BIDS = ['bidprice', 'bid', 'bestbid', 'bestbidprice', 'bids0price', 'bidpx'];
const ASKS = ['askprice', 'ask', 'bestask', 'bestaskprice', 'asks0price', 'askpx'];
const OPENS = ['open', 'o', 'openprice'];
const CLOSES = ['close', 'c', 'closeprice'];
const SYMBOLS = ['symbol', 'pair', 'instrument', 'instid', 'productid', 'market'];

/**
 * Reads the shape of a price file off its beginning.
 * @param text its first lines, the last of which may be cut
 * @throws ImportRefused when no prices can be found in it
 */
export function shapeOf(file: string, text: string, wanted: Wanted = {}): Shape {
  if (text.includes('\0')) refuse(`${file} is not text; expected CSV, or CSV inside gz, zip or zst`);
  const delimiter = delimiterOf(text);
  const records = sampleOf(file, text, delimiter);
  // Sites put a line of their own before the header: it has other columns than what follows.
  const from = records.findIndex(
    (record) => record.length > 1 && record.length === (records.at(-1)?.length ?? 0),
  );
  const first = records[from];
  if (first === undefined)
    return refuse(`${file} has no columns; expected lines such as 1767225600000,87500.00`);
  const hasHeader = !first.some((cell) => isNumber(cell) || unitOf(cell) !== null);
  const row = records[hasHeader ? from + 1 : from];
  if (row === undefined) return refuse(`${file} has a header but no prices`);
  const found = columnsOf(file, hasHeader ? first : null, row, wanted);
  const unit = unitOf(row[found.time] ?? '');
  if (unit === null)
    return refuse(
      `${file}: ${JSON.stringify(row[found.time] ?? '')} is not a time between 2009 and tomorrow; ` +
        'expected epoch ' +
        'seconds, ms, µs or ns, or a date such as 2026-01-31 12:00:00',
    );
  return { ...found, delimiter, unit, skip: hasHeader ? from + 1 : from };
}

/** The one that cuts most lines into the same number of parts, which is the largest. */
function delimiterOf(text: string): string {
  const lines = text
    .split(/\r?\n/)
    .slice(1, SAMPLE_RECORDS)
    .filter((line) => line !== '');
  const partsOf = (delimiter: string): number =>
    Math.min(...(lines.length > 0 ? lines : [text]).map((line) => line.split(delimiter).length));
  return DELIMITERS.reduce((best, delimiter) => (partsOf(delimiter) > partsOf(best) ? delimiter : best));
}

function sampleOf(file: string, text: string, delimiter: string): string[][] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1) || text;
  try {
    return parse(whole, { ...CSV, delimiter, to: SAMPLE_RECORDS }) as string[][];
  } catch (cause) {
    return refuse(`${file} is not readable CSV: ${messageOf(cause)}`);
  }
}

/**
 * How every CSV is read: people's files have byte order marks, empty lines at the end, and lines of the site.
 */
export const CSV = {
  bom: true,
  trim: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  max_record_size: 65_536,
} as const;

type Columns = Pick<Shape, 'name' | 'time' | 'price' | 'bars' | 'symbol'>;

function columnsOf(
  file: string,
  header: readonly string[] | null,
  row: readonly string[],
  wanted: Wanted,
): Columns {
  const names = header?.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, '')) ?? [];
  const named = (candidates: readonly string[]): number =>
    candidates.map((name) => names.indexOf(name)).find((at) => at >= 0) ?? -1;
  const chosen = (text: string | undefined): number =>
    text === undefined
      ? -1
      : /^\d+$/.test(text)
        ? Number(text) - 1
        : named([text.toLowerCase().replace(/[^a-z0-9]/g, '')]);
  for (const text of [wanted.time, wanted.price]) {
    if (text !== undefined && !(chosen(text) >= 0 && chosen(text) < row.length))
      refuse(`${file} has no column ${JSON.stringify(text)}; ${whatIsThere(header, row)}`);
  }
  const layout = header === null ? LAYOUTS.find(({ fits }) => fits(row)) : undefined;
  const time = wanted.time !== undefined ? chosen(wanted.time) : (layout?.time ?? named(TIMES));
  const [bid, ask, open] = [named(BIDS), named(ASKS), named(OPENS)];
  const symbol = named(SYMBOLS);
  const columns = (price: Shape['price'], bars = false): Columns => ({
    name:
      layout?.name ??
      `columns ${header?.[time] ?? time + 1} and ${price.map((at) => header?.[at] ?? at + 1).join(', ')}`,
    time,
    price,
    bars,
    symbol: symbol < 0 ? null : symbol,
  });
  if (time >= 0) {
    if (wanted.price !== undefined) return columns([chosen(wanted.price)]);
    if (layout !== undefined) return columns([layout.price], layout.bars);
    if (named(PRICES) >= 0) return columns([named(PRICES)]);
    if (bid >= 0 && ask >= 0) return columns([bid, ask]);
    if (open >= 0) return columns([open], true);
    if (named(CLOSES) >= 0) return columns([named(CLOSES)], true);
  }
  return refuse(
    `${file} has an unknown format: ${whatIsThere(header, row)}. Choose ` +
      'the columns with --time and --price (names, or numbers from 1)',
  );
}

const whatIsThere = (header: readonly string[] | null, row: readonly string[]): string =>
  header === null
    ? `its lines look like ${JSON.stringify(row.join(',').slice(0, 100))}`
    : `its columns are ${header.join(', ').slice(0, 200)}`;
