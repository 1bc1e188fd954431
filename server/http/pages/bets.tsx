import { Html } from '@elysiajs/html';
import { HistoryPage } from '../../../views/bet/history.tsx';
import { ReceiptPage } from '../../../views/bet/receipt.tsx';
import { StatementPage } from '../../../views/wallet/statement.tsx';
import { told } from '../../ports/told-bet.ts';
import type { PagesDeps } from './deps.ts';
import { notFound } from './failure.tsx';
import { page, type Caller } from './visit.tsx';

const ROWS_PER_PAGE = 30;

export function historyPage({ books }: PagesDeps, caller: Caller): Response {
  const { session, url } = caller;
  const status = url.searchParams.get('status') === 'open' ? 'open' : 'closed';
  const { rows, cursor } = session ? books.bets(session.accountId, status, url.searchParams.get('cursor'), ROWS_PER_PAGE) : NOTHING;
  return page(caller, { title: 'History', section: 'history', children: <HistoryPage status={status} bets={rows.map((bet) => told(books, bet))} cursor={cursor} signedIn={session !== null} /> });
}

export function statementPage({ books }: PagesDeps, caller: Caller): Response {
  const { session, url } = caller;
  const { rows, cursor } = session ? books.statement(session.accountId, url.searchParams.get('cursor'), ROWS_PER_PAGE) : NOTHING;
  return page(caller, { title: 'Statement', section: 'statement', children: <StatementPage rows={rows} cursor={cursor} signedIn={session !== null} /> });
}

const BET_ID = /^[\w-]{1,64}$/;

/** Whoever knows a bet's id may read its receipt; balances are its owner's alone. */
export function receiptPage({ books, receiptOf }: PagesDeps, caller: Caller, betId: string): Response {
  const bet = BET_ID.test(betId) ? books.bet(betId) : null;
  const receipt = bet && receiptOf(betId, caller.session?.accountId ?? null);
  if (!bet || !receipt) return notFound(caller);
  return page(caller, { title: 'Receipt', section: 'history', children: <ReceiptPage bet={bet} receipt={receipt} /> });
}

const NOTHING = { rows: [], cursor: null } as const;
