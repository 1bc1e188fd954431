import { Html } from '@elysiajs/html';
import { ShareCard } from '../../../views/bet/share-card.tsx';
import { winCard, WinPage } from '../../../views/bet/win.tsx';
import { ErrorPage } from '../../../views/page/error.tsx';
import type { Bet } from '../../game/bet.ts';
import { rejection } from '../../game/rejection.ts';
import { isUnchanged } from '../etag.ts';
import { isRefusal, refusalResponse } from '../reply.ts';
import { BET_ID, receiptPage } from './bets.tsx';
import type { PagesDeps } from './deps.ts';
import { notFound } from './failure.tsx';
import { PAGE_HEADERS } from './headers.ts';
import { page, type Caller } from './visit.tsx';

/**
 * A win, for whoever was given its link: no more than its receipt says, and nothing leads there but what its
 * trader shares. Search engines do not list it.
 */
export function winPage(deps: PagesDeps, caller: Caller, betId: string): Response {
  const found = wonBet(deps, betId);
  if (found === 'archived') return receiptPage(deps, caller, betId);
  if (found === null) return notFound(caller);
  if (found === 'not won') return notWon(caller);
  const shown = page(caller, {
    title: 'Win',
    sheet: 'receipt',
    section: 'history',
    card: winCard(found),
    children: <WinPage bet={found} own={caller.session?.accountId === found.accountId} />,
  });
  for (const [name, value] of Object.entries(NOT_LISTED)) shown.headers.set(name, value);
  return shown;
}

const NOT_LISTED = { 'x-robots-tag': 'noindex' } as const;

/** Who posts a link has it fetched again and again; a card never changes, unless a release draws it anew. */
const CARD_KEPT_S = 86_400;

/** The picture of it, as PNG. */
export async function winCardPicture(
  deps: PagesDeps,
  { request }: Caller,
  betId: string,
  address: string,
): Promise<Response> {
  const bet = wonBet(deps, betId);
  if (bet === 'archived') return refusalResponse({ code: 'archived' });
  if (bet === null) return refusalResponse({ code: 'not_found' });
  if (bet === 'not won') return refusalResponse({ code: 'not_found', message: NOT_WON });
  const svg = String(<ShareCard bet={bet} ticks={ticksBefore(deps, bet)} host={new URL(deps.origin).host} />);
  const name = Bun.hash(svg).toString(36);
  const headers = {
    ...PAGE_HEADERS,
    'cross-origin-resource-policy': 'cross-origin',
    ...NOT_LISTED,
    'content-type': 'image/png',
    'cache-control': `public, max-age=${CARD_KEPT_S}`,
    etag: `"${name}"`,
  };
  if (isUnchanged(request.headers, headers.etag)) return new Response(null, { status: 304, headers });
  const card = await deps.cards.card(name, svg, address);
  return isRefusal(card) ? refusalResponse(card) : new Response(card as Uint8Array<ArrayBuffer>, { headers });
}

const NOT_WON = 'This bet was not won, or not yet, so there is no card of it.';

const notWon = (caller: Caller): Response =>
  page(caller, {
    title: 'Not a win',
    section: 'none',
    status: rejection('not_found').status,
    children: <ErrorPage status={404} title="No card of this bet" text={NOT_WON} />,
  });

function wonBet({ books }: PagesDeps, betId: string): Bet | 'archived' | 'not won' | null {
  if (!BET_ID.test(betId)) return null;
  if (books.segmentsOfBet(betId).length > 0) return 'archived';
  const bet = books.bet(betId);
  return bet === null || bet.status === 'won' ? bet : 'not won';
}

/** Ticks that a card is drawn from at most. */
const TICKS_MAX = 5_000;

function ticksBefore({ books }: PagesDeps, { cell: { startMs, windowMs }, closedAt }: Bet) {
  const to = closedAt ?? startMs + windowMs;
  return books.ticks(startMs - windowMs, to + 1, TICKS_MAX);
}
