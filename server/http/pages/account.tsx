import { Html } from '@elysiajs/html';
import { AccountPage, GUARD_PERCENT_MAX, GUARD_PERCENT_MIN } from '../../../views/session/account.tsx';
import { SigninPage } from '../../../views/session/signin.tsx';
import { dollars } from '../../game/money.ts';
import { rejection } from '../../game/rejection.ts';
import type { AccountLimits } from '../../game/session.ts';
import type { PagesDeps } from './deps.ts';
import { htmlResponse, page, type Caller } from './visit.tsx';

export function signinPage({ grant, scope }: PagesDeps, caller: Caller): Response {
  return caller.session ? see('/') : page(caller, { title: 'Sign in', section: 'none', children: <SigninPage grant={grant} scope={scope} /> });
}

export function accountPage(_: PagesDeps, caller: Caller): Response {
  const { account, visit } = caller;
  if (account === null) return see('/signin');
  return page(caller, { title: 'Account', section: 'account', children: <AccountPage limits={account.limits} address={account.address} theme={visit.theme} /> });
}

const FORM_BYTES_MAX = 1024;
const LOSS_DOLLARS_MAX = 1_000_000;

/** Takes the limits form: a sentence for htmx, a way back to the page for a plain form. */
export async function saveLimits({ house }: PagesDeps, { request, account }: Caller): Promise<Response> {
  if (account === null) return see('/signin');
  const limits = readLimits(await request.text());
  const refusal = limits === null ? 'bad_request' : await house.setLimits(account.id, limits);
  const sentence = limits === null ? 'A guard from 50 to 95 % and whole dollars, please.' : refusal === null ? 'Saved.' : rejection(refusal).message;
  if (request.headers.get('hx-request') === null) return see('/account');
  return htmlResponse(request, String(<span safe>{sentence}</span>));
}

/** @returns null when a field is missing or out of its bounds. An empty loss field is no limit. */
export function readLimits(body: string): AccountLimits | null {
  if (body.length > FORM_BYTES_MAX) return null;
  const form = new URLSearchParams(body);
  const guard = form.get('guardPercent') ?? '';
  const loss = form.get('dailyLoss') ?? '';
  if (!/^\d{2}$/.test(guard) || Number(guard) < GUARD_PERCENT_MIN || Number(guard) > GUARD_PERCENT_MAX) return null;
  if (loss === '') return { guardPercent: Number(guard), dailyLoss: null };
  if (!/^\d{1,7}$/.test(loss) || Number(loss) < 1 || Number(loss) > LOSS_DOLLARS_MAX) return null;
  return { guardPercent: Number(guard), dailyLoss: dollars(Number(loss)) };
}

const see = (location: string): Response => new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
