import { parse } from 'csv-parse';
import { Readable } from 'node:stream';
import { midOf, parsePrice, type Cents } from '../../server/game/price.ts';
import type { Opened } from './container.ts';
import { refuse } from './refusal.ts';
import { CSV, shapeOf, type Shape, type Wanted } from './shape.ts';
import { Tape } from './tape.ts';
import { timeOf } from './time.ts';

/** The beginning of a file, from which its format is recognised. */
const HEAD_BYTES = 65_536;
/** 16 bytes each: as much as fits into the memory of a small machine. */
const ROWS_MAX = 50_000_000;
/** What files write where there was no trade. */
const NOTHING = /^(?:nan|null|none|n\/a|-|0+(?:[.,]0*)?)?$/i;

export interface Reading {
  readonly shape: Shape;
  readonly tape: Tape;
  /** Rows without a price, and rows outside the time or of another symbol than was asked for. */
  readonly withoutPrice: number;
  readonly leftOut: number;
}

export interface Cut extends Wanted {
  /** Epoch ms, both inside. */
  readonly from: number;
  readonly to: number;
  readonly symbol?: string;
}

/**
 * Reads a price file whatever its shape.
 * @param told called now and then with what part of the file has been read, 0 to 1
 * @throws ImportRefused with the line, where one cannot be read
 */
export async function readPrices(
  file: string,
  opened: Opened,
  cut: Cut,
  progress: (part: number) => void,
): Promise<Reading> {
  const [head, rest] = await headOf(opened.text);
  const shape = shapeOf(file, head.toString('utf8'), cut);
  const rows = Readable.from(chunks(head, rest)).pipe(
    parse({ ...CSV, delimiter: shape.delimiter, from: shape.skip + 1, info: true }),
  );
  opened.text.on('error', (cause) => rows.destroy(cause));
  const tape = new Tape();
  let [withoutPrice, leftOut, seen] = [0, 0, 0];
  let symbol: string | null = null;
  for await (const { record, info } of rows as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
    if ((++seen & 0xffff) === 0) progress(opened.readBytes() / opened.sizeBytes);
    if (shape.symbol !== null) {
      const name = record[shape.symbol] ?? '';
      if (cut.symbol !== undefined && name !== cut.symbol && ++leftOut) continue;
      if (name !== (symbol ??= name))
        refuse(
          `${file} line ${info.lines} is a price of ${name}, but earlier ones are of ${symbol}; ` +
            'choose one with --symbol',
        );
    }
    const at = timeOf(record[shape.time] ?? '', shape.unit);
    if (at === null)
      refuse(
        `${file} line ${info.lines}: ${JSON.stringify(record[shape.time] ?? '')} is not a time in ` +
          `${UNITS[shape.unit]} between 2009 and tomorrow like the earlier ones`,
      );
    if ((at < cut.from || at > cut.to) && ++leftOut) continue;
    const price = priceOf(file, record, shape, info.lines);
    if (price === null) {
      withoutPrice += 1;
      continue;
    }
    if (tape.rows >= ROWS_MAX)
      refuse(`${file} has more than ${ROWS_MAX / 1e6} million prices; import a part with --from and --to`);
    tape.add(at, price);
  }
  return { shape, tape, withoutPrice, leftOut };
}

const UNITS = { s: 'seconds', ms: 'ms', us: 'µs', ns: 'ns', date: 'dates' } as const;

async function headOf(text: Readable): Promise<[head: Buffer, rest: AsyncIterator<Buffer>]> {
  const rest = text[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const parts: Buffer[] = [];
  for (let bytes = 0; bytes < HEAD_BYTES; ) {
    const { value, done } = await rest.next();
    if (done) break;
    parts.push(value);
    bytes += value.length;
  }
  return [Buffer.concat(parts), rest];
}

async function* chunks(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** @returns null where the row has no price, which is no fault */
function priceOf(file: string, record: readonly string[], shape: Shape, line: number): Cents | null {
  const prices: Cents[] = [];
  for (const column of shape.price) {
    const text = record[column] ?? '';
    if (NOTHING.test(text)) return null;
    // A comma is the decimal point of half the world, where it does not part the columns.
    const price = parsePrice(plain(shape.delimiter === ',' ? text : text.replace(',', '.')));
    if (price === null)
      refuse(
        `${file} line ${line}: ${JSON.stringify(text.slice(0, 40))} is not a price in dollars; expected ` +
          'digits ' +
          'with a decimal point, up to 9,999,999',
      );
    prices.push(price);
  }
  const [first = null, second] = prices;
  return first !== null && second !== undefined ? midOf(first, second) : first;
}

/** Programs write large and small numbers with an exponent, and some put a plus before them. */
const plain = (text: string): string =>
  /^\+?\d[\d.]*(?:e[+-]?\d+)?$/i.test(text) && /[e+]/i.test(text) ? Number(text).toFixed(8) : text;
