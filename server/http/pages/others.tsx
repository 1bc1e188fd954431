import { Html } from '@elysiajs/html';
import { LeaderboardPage } from '../../../views/others/leaderboard.tsx';
import { NameForm, type NameFormProps } from '../../../views/others/name-form.tsx';
import { rejection } from '../../game/rejection.ts';
import { LEADERBOARD_ORDERS, LEADERBOARD_PERIODS } from '../../ports/crowd.ts';
import { readForm } from '../body.ts';
import { chooseName, takeNameBack } from '../naming.ts';
import type { Refusal } from '../reply.ts';
import type { PagesDeps } from './deps.ts';
import { notFound } from './failure.tsx';
import { htmlResponse, page, type Caller } from './visit.tsx';

/** Of a form with a name. */
const FORM_BYTES_MAX = 1024;

export function leaderboardPage(deps: PagesDeps, caller: Caller, said: Said = {}): Response {
  if (!deps.showOthers) return notFound(caller);
  const { house } = deps;
  const wanted = caller.url.searchParams;
  const period = LEADERBOARD_PERIODS.find((one) => one === wanted.get('period')) ?? 'day';
  const by = LEADERBOARD_ORDERS.find((one) => one === wanted.get('by')) ?? 'profit';
  const leaderboards = house.leaderboards();
  return page(caller, {
    title: 'Leaderboard',
    section: 'leaderboard',
    status: said.status ?? 200,
    children: (
      <LeaderboardPage
        period={period}
        by={by}
        leaderboard={leaderboards[period]}
        counting={leaderboards.counting}
        people={house.crowd().people}
        own={ownName(caller, said)}
      />
    ),
  });
}

interface Said extends Omit<NameFormProps, 'name'> {
  readonly status?: number;
}

const ownName = ({ visit }: Caller, { notice, typed }: Said): NameFormProps | null =>
  visit.trader?.sessionBalance.currency === 'PLAY' ? { name: visit.trader.publicName, notice, typed } : null;

/**
 * Takes the form of a public name: the form again for htmx, the page with it for a plain form, with a
 * sentence on what became of it.
 */
export async function saveName(
  deps: PagesDeps,
  caller: Caller,
  _parameter: string,
  address: string,
): Promise<Response> {
  const { request, account } = caller;
  const isPartial = request.headers.get('hx-request') !== null;
  if (account === null || !deps.showOthers)
    return isPartial
      ? new Response(null, { headers: { 'hx-redirect': '/signin', 'cache-control': 'no-store' } })
      : see('/signin');
  const form = await readForm(request, { bytesMax: FORM_BYTES_MAX });
  const isForm = form instanceof URLSearchParams;
  const typed = isForm ? form.get('name') : null;
  const removes = isForm && form.get('remove') === 'yes';
  const refusal = isForm
    ? await (removes
        ? takeNameBack(deps, account.id)
        : change(deps, address, caller, { typed: typed ?? '', agrees: form.get('agree') === 'yes' }))
    : (form ?? ({ code: 'bad_request' } as const));
  if (refusal === null && !isPartial) return see('/leaderboard');
  const notice =
    refusal === null
      ? removes
        ? 'Removed: nobody sees you any more.'
        : 'Saved.'
      : (refusal.message ?? rejection(refusal.code).message);
  const status = refusal === null ? 200 : rejection(refusal.code).status;
  const said = { notice, ...(refusal !== null && typed !== null && { typed }) };
  return isPartial
    ? htmlResponse(
        request,
        String(<NameForm name={deps.books.nameOf(account.id)} {...said} />),
        // htmx shows what it is sent, whatever the status; the form says what is wrong.
      )
    : leaderboardPage(deps, caller, { ...said, status });
}

/** Limited by address as it is for programs; taking a name back never is. */
async function change(
  deps: PagesDeps,
  address: string,
  { now, account }: Caller,
  { typed, agrees }: { readonly typed: string; readonly agrees: boolean },
): Promise<Refusal | null> {
  if (!agrees) return { code: 'bad_request', message: 'To be shown, tick that you agree.' };
  const taken = await deps.limits.names.take(address, now);
  if (!taken.ok)
    return { code: 'rate_limited', message: 'That is often enough for an hour. Try again later.' };
  return chooseName(deps, account!.id, typed);
}

const see = (location: string): Response =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
