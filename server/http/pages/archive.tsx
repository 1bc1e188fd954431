import { Html } from '@elysiajs/html';
import { NotFetched } from '../../../views/page/archived.tsx';
import { rejection } from '../../game/rejection.ts';
import { askArchive } from '../archived.ts';
import { readForm } from '../body.ts';
import type { PagesDeps } from './deps.ts';
import { page, type Caller } from './visit.tsx';

const FORM_BYTES_MAX = 1024;
const BET_ID = /^[\w-]{1,64}$/;

/** Takes the button by which a trader asks for what is archived, and sends them back to where it will be. */
export async function askForArchived(deps: PagesDeps, caller: Caller): Promise<Response> {
  if (caller.session === null) return see('/signin');
  const form = await readForm(caller.request, { bytesMax: FORM_BYTES_MAX });
  const bet = form instanceof URLSearchParams ? form.get('bet') : null;
  const betId = bet !== null && BET_ID.test(bet) ? bet : null;
  const back = betId === null ? '/statement' : `/bets/${betId}`;
  const asked = askArchive(deps, caller.session, betId);
  if (!('code' in asked) || asked.code === 'archived') return see(back);
  const { status, message } = rejection(asked.code);
  return page(caller, {
    title: 'Nothing is being fetched',
    section: 'history',
    status,
    children: <NotFetched text={asked.message ?? message} back={back} />,
  });
}

const see = (location: string): Response =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
