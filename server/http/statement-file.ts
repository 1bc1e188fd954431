import { ENTRY_NAMES } from '../../views/wallet/entry-names.ts';
import type { Bet } from '../game/bet.ts';
import { decimalDollars, formatMultiplier, type Currency } from '../game/money.ts';
import { decimalPrice } from '../game/price.ts';
import type { ArchivedPart } from '../ports/archived.ts';
import type { Books, LedgerRow } from '../ports/books.ts';
import { csvLine, decimal, sheetTime, type CsvField } from './csv.ts';

/** Has a piece of work done in its turn. */
type InTurn = <T>(work: () => T) => T | Promise<Awaited<T>>;

/**
 * Rows read at once, with the bets that they are of; the next page is read when the socket has taken this
 * one.
 */
const PAGE_ROWS = 100;

/** Stands where the rows before it are in the archive. */
export const OPENING_ENTRY = 'Opening balance (earlier rows are archived)';

export const STATEMENT_COLUMNS = [
  'Time (UTC)',
  'Entry',
  'Amount',
  'Currency',
  'Balance after',
  'Band from',
  'Band to',
  'Window opens (UTC)',
  'Window closes (UTC)',
  'Stake',
  'Multiplier',
  'Bet',
  'Row',
  'Exact time',
] as const;

/** The heads of the columns and one row, as they stand in the file. */
export const STATEMENT_EXAMPLE =
  `${STATEMENT_COLUMNS.join(',')}\r\n` +
  '2026-06-15 00:00:00,Stake,-5.00,PLAY,9995.00,76020.00,76030.00,2026-06-15 00:00:10,2026-06-15 ' +
  '00:00:15,5.00,2.35,0190a5c2-7000-7000-8000-000000000001,812,2026-06-15T00:00:00.400Z\r\n';

/**
 * The statement of an account as a file for people and their spreadsheets, newest first: dollars, prices and
 * multipliers as decimal numbers, times as spreadsheets read them. A row that is written while the file is
 * read comes before the first page, so pages neither repeat nor lose a row. However many files are read at
 * once, each page of each waits for its turn.
 */
export function statementFileOf(
  books: Pick<Books, 'statement' | 'bet' | 'archived'>,
  accountId: string,
  currency: Currency,
  inTurn: InTurn,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let cursor: string | null = null;
  const nextPage = (): string => {
    const page = books.statement(accountId, cursor, PAGE_ROWS);
    cursor = page.cursor;
    const bets = new Map(
      [...new Set(page.rows.map(({ betId }) => betId))].map((id) => [id, id === null ? null : books.bet(id)]),
    );
    const lines = page.rows
      .map((row) => csvLine(statementFields(row, currency, bets.get(row.betId) ?? null)))
      .join('');
    const archived = cursor === null ? books.archived(accountId) : null;
    return archived === null ? lines : lines + openingLine(archived, currency);
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode(csvLine(STATEMENT_COLUMNS))),
      async pull(controller) {
        // Bun asks for page after page without a turn of the loop between them: ticks and taps would wait for
        // the whole file.
        await new Promise((resolve) => setImmediate(resolve));
        const lines = await inTurn(nextPage);
        if (lines !== '') controller.enqueue(encoder.encode(lines));
        if (cursor === null) controller.close();
      },
    },
    { highWaterMark: 1 },
  );
}

/**
 * The fields of a row.
 * @param bet null for a row of none, and for one that is not on disk any more.
 */
export function statementFields(
  { id, at, kind, amount, balanceAfter, betId }: LedgerRow,
  currency: Currency,
  bet: Bet | null,
): CsvField[] {
  const { startMs, windowMs, low, high } = bet?.cell ?? {};
  return [
    sheetTime(at),
    ENTRY_NAMES[kind],
    decimal(decimalDollars(amount)),
    currency,
    decimal(decimalDollars(balanceAfter)),
    ...(low === undefined || high === undefined
      ? [null, null]
      : [decimal(decimalPrice(low)), decimal(decimalPrice(high))]),
    ...(startMs === undefined || windowMs === undefined
      ? [null, null]
      : [sheetTime(startMs), sheetTime(startMs + windowMs)]),
    bet && decimal(decimalDollars(bet.stake)),
    bet && decimal(formatMultiplier(bet.locked ?? bet.shown)),
    betId,
    decimal(String(id)),
    new Date(at).toISOString(),
  ];
}

/** The last line: the balance from which the rows above it continue. */
function openingLine({ until, balance }: ArchivedPart, currency: Currency): string {
  const cells = [sheetTime(until), OPENING_ENTRY, null, currency, decimal(decimalDollars(balance))];
  return csvLine([
    ...cells,
    ...STATEMENT_COLUMNS.slice(cells.length, -1).map(() => null),
    new Date(until).toISOString(),
  ]);
}
