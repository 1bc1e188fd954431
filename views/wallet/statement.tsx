import { Html } from '@elysiajs/html';
import { formatDollars } from '../../server/game/money.ts';
import type { LedgerRow } from '../../server/ports/books.ts';
import { signedText } from '../amount.ts';
import { Moment, Zone } from '../moment.tsx';
import { Archived, type ArchivedNote } from '../page/archived.tsx';
import { Empty, Pager } from '../page/list.tsx';
import { ENTRY_NAMES } from './entry-names.ts';

export interface StatementProps {
  readonly rows: readonly LedgerRow[];
  readonly cursor: string | null;
  /** Null where all rows are on disk. */
  readonly archived: ArchivedNote | null;
  readonly signedIn: boolean;
}

export function StatementPage({ rows, cursor, archived, signedIn }: StatementProps): JSX.Element {
  return (
    <main id="main" class="page">
      <header class="title">
        <h1>Statement</h1>
        {signedIn && (
          <a class="button plain small" href="/api/v1/account/statement.csv" download="statement.csv">
            CSV
          </a>
        )}
      </header>
      {!signedIn ? (
        <Empty
          title="You are not signed in"
          text="Every change to your balance is listed here."
          href="/signin"
          action="Try it"
        />
      ) : rows.length === 0 && archived !== null ? (
        ''
      ) : rows.length === 0 ? (
        <Empty
          title="No entries yet"
          text="Stakes, payouts and refunds will be listed here."
          href="/"
          action="To the board"
        />
      ) : (
        <section class="card flush">
          <table class="table">
            <thead>
              <tr>
                <th>
                  Entry{' '}
                  <small>
                    times: <Zone />
                  </small>
                </th>
                <th class="right">Amount</th>
                <th class="right">Balance after</th>
                <th class="wide">
                  Time (<Zone />)
                </th>
                <th class="right wide">Bet</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <StatementRow row={row} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Pager path="/statement" cursor={cursor} />
      {cursor === null && archived !== null && <Archived note={archived} />}
    </main>
  );
}

function StatementRow({ row }: { row: LedgerRow }): JSX.Element {
  return (
    <tr class={row.kind === 'payout' ? 'won' : row.kind}>
      <td>
        {row.betId === null ? (
          <span safe>{ENTRY_NAMES[row.kind]}</span>
        ) : (
          <a class="plain" href={`/bets/${row.betId}`} safe>
            {ENTRY_NAMES[row.kind]}
          </a>
        )}
        <small>
          <Moment at={row.at} as="day" bare />
        </small>
      </td>
      <td class="right money" safe>
        {row.amount === 0 ? '–' : signedText(row.amount)}
      </td>
      <td class="right" safe>
        {formatDollars(row.balanceAfter)}
      </td>
      <td class="wide">
        <Moment at={row.at} as="day" bare />
      </td>
      <td class="right wide">{row.betId === null ? '' : <a href={`/bets/${row.betId}`}>receipt</a>}</td>
    </tr>
  );
}
