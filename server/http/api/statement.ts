import { Type } from '@sinclair/typebox';
import { LEDGER_KINDS, type LedgerRow } from '../../ports/books.ts';
import { endpoint } from '../endpoint.ts';
import { NO_STORE, ok } from '../reply.ts';
import { archivedOf, ArchivedShape } from './archive.ts';
import { amount, count, Cursor, NextCursor, oneOf, orNull, PageSize, time } from '../shape.ts';
import { STATEMENT_EXAMPLE, statementFileOf } from '../statement-file.ts';

const PAGE_ROWS = 100;
const PAGE_ROWS_MAX = 500;

const RowShape = Type.Object({
  id: count('Number of the row'),
  at: time('When'),
  kind: oneOf(LEDGER_KINDS, 'What moved it'),
  amount: amount('Negative amounts leave the account'),
  balanceAfter: amount('Balance after it'),
  betId: orNull(Type.String()),
});

export const statement = endpoint({
  method: 'GET',
  path: '/api/v1/account/statement',
  title: 'Read the statement',
  about:
    'Every movement of the account, newest first. If `archived` is not null, older rows are in the ' +
    'archive; request them with `POST /api/v1/archive`.',
  access: 'session',
  query: Type.Object({ cursor: Type.Optional(Cursor), limit: Type.Optional(PageSize(PAGE_ROWS_MAX)) }),
  answers: {
    200: {
      about: 'A page of ledger rows',
      schema: Type.Object({ rows: Type.Array(RowShape), cursor: NextCursor, archived: ArchivedShape }),
      example: {
        rows: [
          {
            id: 812,
            at: 1_781_481_600_400,
            kind: 'stake',
            amount: -5_000_000,
            balanceAfter: 9_995_000_000,
            betId: '0190a5c2-7000-7000-8000-000000000001',
          },
        ],
        cursor: null,
        archived: null,
      },
    },
  },
  refusals: [],
  run: (call) => {
    const { deps, session, query } = call;
    const page = deps.books.statement(session.accountId, query.cursor ?? null, query.limit ?? PAGE_ROWS);
    return ok({ rows: page.rows.map(toJson), cursor: page.cursor, archived: archivedOf(call) });
  },
});

export const statementFile = endpoint({
  method: 'GET',
  path: '/api/v1/account/statement.csv',
  title: 'Download the statement',
  about:
    'All rows of the statement as one CSV file (RFC 4180) for spreadsheets, newest first. Unlike ' +
    "everywhere else, money and prices are in dollars, and multipliers are decimal numbers. The bet's " +
    'cells are empty if there is no bet or it is in the archive. If older rows are in the archive, ' +
    'the last line says so, with the balance from which the rows above continue.',
  access: 'session',
  answers: {
    200: {
      about: 'The file',
      type: 'text/csv',
      schema: Type.String(),
      example: STATEMENT_EXAMPLE,
    },
  },
  refusals: [],
  run: ({ deps, session, address }) =>
    new Response(
      statementFileOf(deps.books, session.accountId, session.currency, (work) =>
        deps.turns.take(address, work, brokenOff),
      ),
      {
        headers: {
          ...NO_STORE,
          'content-type': 'text/csv; charset=utf-8; header=present',
          'content-disposition': 'attachment; filename="tapgrid-statement.csv"',
        },
      },
    ),
});

/** Half of the file is sent: to end it as if it were whole would be a lie. */
function brokenOff(): never {
  throw new Error('too much is waiting: the file is cut off');
}

const toJson = ({ id, at, kind, amount, balanceAfter, betId }: LedgerRow) => ({
  id,
  at,
  kind,
  amount,
  balanceAfter,
  betId,
});
