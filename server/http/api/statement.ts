import { Type } from '@sinclair/typebox';
import { LEDGER_KINDS, type Books, type LedgerRow } from '../../ports/books.ts';
import { endpoint } from '../endpoint.ts';
import { NO_STORE, ok } from '../reply.ts';
import { amount, count, Cursor, NextCursor, oneOf, orNull, PageSize, time } from '../shape.ts';

const PAGE_ROWS = 100;
const PAGE_ROWS_MAX = 500;
/** Rows read at once for a file; the next page is read when the socket has taken this one. */
const CSV_PAGE_ROWS = 500;

const RowShape = Type.Object({
  id: count('Number of the row'),
  at: time('When'),
  kind: oneOf(LEDGER_KINDS, 'What moved it'),
  amount: amount('Negative leaves the account'),
  balanceAfter: amount('Balance after it'),
  betId: orNull(Type.String()),
});

export const statement = endpoint({
  method: 'GET',
  path: '/api/v1/account/statement',
  title: 'Read the statement',
  about: 'Every movement of the account, newest first.',
  access: 'session',
  query: Type.Object({ cursor: Type.Optional(Cursor), limit: Type.Optional(PageSize(PAGE_ROWS_MAX)) }),
  answers: {
    200: {
      about: 'A page of ledger rows',
      schema: Type.Object({ rows: Type.Array(RowShape), cursor: NextCursor }),
      example: { rows: [{ id: 812, at: 1_781_481_600_400, kind: 'stake', amount: -5_000_000, balanceAfter: 9_995_000_000, betId: '0190a5c2-7000-7000-8000-000000000001' }], cursor: null },
    },
  },
  refusals: [],
  run: ({ deps, session, query }) => {
    const page = deps.books.statement(session!.accountId, query.cursor ?? null, query.limit ?? PAGE_ROWS);
    return ok({ rows: page.rows.map(toJson), cursor: page.cursor });
  },
});

export const statementFile = endpoint({
  method: 'GET',
  path: '/api/v1/account/statement.csv',
  title: 'Download the statement',
  about: 'All rows of the statement as one CSV file (RFC 4180), newest first; `time` is `at` in ISO 8601.',
  access: 'session',
  answers: {
    200: {
      about: 'The file',
      type: 'text/csv',
      schema: Type.String(),
      example: 'id,at,time,kind,amount,balanceAfter,betId\r\n812,1781481600400,2026-06-15T00:00:00.400Z,stake,-5000000,9995000000,0190a5c2-7000-7000-8000-000000000001\r\n',
    },
  },
  refusals: [],
  run: ({ deps, session }) =>
    new Response(csvOf(deps.books, session!.accountId), {
      headers: { ...NO_STORE, 'content-type': 'text/csv; charset=utf-8; header=present', 'content-disposition': 'attachment; filename="tapgrid-statement.csv"' },
    }),
});

/** A row that is written while the file is read comes before the first page, so pages neither repeat nor lose a row. */
function csvOf(books: Pick<Books, 'statement'>, accountId: string): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let cursor: string | null = null;
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode('id,at,time,kind,amount,balanceAfter,betId\r\n')),
      async pull(controller) {
        // Bun asks for page after page without a turn of the loop between them: ticks and taps would wait for the whole file.
        await new Promise((resolve) => setImmediate(resolve));
        const page = books.statement(accountId, cursor, CSV_PAGE_ROWS);
        cursor = page.cursor;
        if (page.rows.length > 0) controller.enqueue(encoder.encode(page.rows.map(csvLine).join('')));
        if (cursor === null) controller.close();
      },
    },
    { highWaterMark: 1 },
  );
}

const csvLine = ({ id, at, kind, amount, balanceAfter, betId }: LedgerRow): string => `${id},${at},${new Date(at).toISOString()},${kind},${amount},${balanceAfter},${betId ?? ''}\r\n`;

const toJson = ({ id, at, kind, amount, balanceAfter, betId }: LedgerRow) => ({ id, at, kind, amount, balanceAfter, betId });
