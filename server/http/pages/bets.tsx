import { Html } from '@elysiajs/html';
import { HistoryPage } from '../../../views/bet/history.tsx';
import { ReceiptPage } from '../../../views/bet/receipt.tsx';
import { NoBet, Watch } from '../../../views/bet/watch.tsx';
import { ArchivedBet, ArchivedReceipt, type ArchivedNote } from '../../../views/page/archived.tsx';
import { StatementPage } from '../../../views/wallet/statement.tsx';
import type { Bet } from '../../game/bet.ts';
import { rejection } from '../../game/rejection.ts';
import type { FetchState } from '../../ports/archived.ts';
import type { Receipt } from '../../ports/receipt.ts';
import { shownBet } from '../../ports/shown-bet.ts';
import { archivedRows } from '../archived.ts';
import type { PagesDeps } from './deps.ts';
import { notFound } from './failure.tsx';
import { htmlResponse, page, type Caller } from './visit.tsx';

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
export function receiptPage(deps: PagesDeps, caller: Caller, betId: string): Response {
  const found = find(deps, caller, betId);
  if (found === null) return notFound(caller);
  if ('state' in found)
    return page(caller, {
      title: 'In the archive',
      section: 'history',
      status: rejection('archived').status,
      children: <ArchivedReceipt betId={betId} state={found.state} signedIn={caller.session !== null} />,
    });
  const { bet, receipt } = found;
  return page(caller, {
    title: 'Receipt',
    section: 'history',
    sheet: 'receipt',
    module: 'receipt',
    children: (
      <ReceiptPage bet={bet} receipt={receipt} own={isOwner(caller, bet)} origin={caller.visit.origin} />
    ),
  });
}

/** The path of a bet, to be played in a sheet: a part of a page, made by the receipt's own pieces. */
export function watchPart(deps: PagesDeps, caller: Caller, betId: string): Response {
  const found = find(deps, caller, betId);
  const part = (status: number, content: JSX.Element): Response =>
    htmlResponse(caller.request, String(content), status);
  if (found === null) return part(404, <NoBet />);
  if ('state' in found)
    return part(
      rejection('archived').status,
      <ArchivedBet betId={betId} state={found.state} signedIn={caller.session !== null} />,
    );
  const { bet, receipt } = found;
  return part(200, <Watch bet={bet} receipt={receipt} own={isOwner(caller, bet)} />);
}

const isOwner = ({ session }: Caller, bet: Bet): boolean => session?.accountId === bet.accountId;

/** A bet with its receipt, or how far its archived one is; null where there is none. */
function find(
  { books, archive, receiptOf }: PagesDeps,
  { session }: Caller,
  betId: string,
): { readonly bet: Bet; readonly receipt: Receipt } | { readonly state: FetchState } | null {
  if (!BET_ID.test(betId)) return null;
  const missing = books.segmentsOfBet(betId);
  if (missing.length > 0) return { state: archive.progress(missing).state };
  const bet = books.bet(betId);
  const receipt = bet && receiptOf(betId, session?.accountId ?? null);
  return bet && receipt && { bet, receipt };
}

function noteOf(deps: PagesDeps, { session }: Caller): ArchivedNote | null {
  const found = session && archivedRows(deps, session.accountId);
  return (
    found && { until: found.until, balance: found.balance, rows: found.rows, state: found.progress.state }
  );
}

const NOTHING = { rows: [], cursor: null } as const;
