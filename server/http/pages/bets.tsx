import { Html } from '@elysiajs/html';
import { HistoryPage } from '../../../views/bet/history.tsx';
import { ReceiptPage } from '../../../views/bet/receipt.tsx';
import { ArchivedReceipt, type ArchivedNote } from '../../../views/page/archived.tsx';
import { StatementPage } from '../../../views/wallet/statement.tsx';
import { rejection } from '../../game/rejection.ts';
import { shownBet } from '../../ports/shown-bet.ts';
import { archivedRows } from '../archived.ts';
import type { PagesDeps } from './deps.ts';
import { notFound } from './failure.tsx';
import { page, type Caller } from './visit.tsx';

const ROWS_PER_PAGE = 30;

export function historyPage(deps: PagesDeps, caller: Caller): Response {
  const { session, url } = caller;
  const { books } = deps;
  const status = url.searchParams.get('status') === 'open' ? 'open' : 'closed';
  const { rows, cursor } = session
    ? books.bets(session.accountId, status, url.searchParams.get('cursor'), ROWS_PER_PAGE)
    : NOTHING;
  const archived = status === 'open' ? null : noteOf(deps, caller);
  return page(caller, {
    title: 'History',
    section: 'history',
    children: (
      <HistoryPage
        status={status}
        bets={rows.map((bet) => shownBet(books, bet))}
        cursor={cursor}
        archived={archived}
        signedIn={session !== null}
      />
    ),
  });
}

export function statementPage(deps: PagesDeps, caller: Caller): Response {
  const { session, url } = caller;
  const { rows, cursor } = session
    ? deps.books.statement(session.accountId, url.searchParams.get('cursor'), ROWS_PER_PAGE)
    : NOTHING;
  return page(caller, {
    title: 'Statement',
    section: 'statement',
    children: (
      <StatementPage
        rows={rows}
        cursor={cursor}
        archived={noteOf(deps, caller)}
        signedIn={session !== null}
      />
    ),
  });
}

export const BET_ID = /^[\w-]{1,64}$/;

/** Anybody who knows a bet's id may read its receipt; only its owner sees balances. */
export function receiptPage(
  { books, archive, receiptOf }: PagesDeps,
  caller: Caller,
  betId: string,
): Response {
  if (!BET_ID.test(betId)) return notFound(caller);
  const missing = books.segmentsOfBet(betId);
  if (missing.length > 0) {
    const { state } = archive.progress(missing);
    return page(caller, {
      title: 'In the archive',
      section: 'history',
      status: rejection('archived').status,
      children: <ArchivedReceipt betId={betId} state={state} signedIn={caller.session !== null} />,
    });
  }
  const bet = books.bet(betId);
  const receipt = bet && receiptOf(betId, caller.session?.accountId ?? null);
  if (!bet || !receipt) return notFound(caller);
  return page(caller, {
    title: 'Receipt',
    section: 'history',
    children: <ReceiptPage bet={bet} receipt={receipt} own={caller.session?.accountId === bet.accountId} />,
  });
}

function noteOf(deps: PagesDeps, { session }: Caller): ArchivedNote | null {
  const found = session && archivedRows(deps, session.accountId);
  return (
    found && { until: found.until, balance: found.balance, rows: found.rows, state: found.progress.state }
  );
}

const NOTHING = { rows: [], cursor: null } as const;
