import { Html } from '@elysiajs/html';
import { IDS } from '../../../views/ids.ts';
import { AccountPage } from '../../../views/session/account.tsx';
import { OwnLimitsForms } from '../../../views/session/own-limits.tsx';
import { FOR_GOOD_WORDS, PausePage } from '../../../views/session/pause.tsx';
import { SigninElsewhere, SigninPage } from '../../../views/session/signin.tsx';
import { Guard } from '../../../views/tap/guard.tsx';
import { readDollars } from '../../game/money.ts';
import {
  DAILY_LOSS_MAX,
  GUARD_PERCENT_MAX,
  GUARD_PERCENT_MIN,
  pauseEnd,
  PAUSE_LENGTHS,
  REMINDER_MINUTES_MAX,
  type LimitsChange,
  type OwnLimits,
  type PauseLength,
} from '../../game/own-limits.ts';
import { rejection, type RejectionCode } from '../../game/rejection.ts';
import { readForm } from '../body.ts';
import type { PagesDeps } from './deps.ts';
import { nameFormOf } from '../../../views/page/shell.tsx';
import { htmlResponse, page, type Caller } from './visit.tsx';

export function signinPage({ grant, scope }: PagesDeps, caller: Caller): Response {
  const { origin, elsewhere } = caller.visit;
  if (elsewhere)
    return page(caller, { title: 'Sign in', section: 'none', children: <SigninElsewhere playAt={origin} /> });
  return caller.session
    ? see('/')
    : page(caller, {
        title: 'Sign in',
        section: 'none',
        children: <SigninPage grant={grant} scope={scope} />,
      });
}

export function accountPage(_: PagesDeps, caller: Caller): Response {
  return caller.account === null ? see('/signin') : settings(caller, caller.account.limits);
}

const FORM_BYTES_MAX = 1024;

/**
 * Takes one of the forms of own limits: the forms again for htmx, the page again for a plain form, with a
 * sentence on what became of it.
 */
export async function saveLimits({ house }: PagesDeps, caller: Caller): Promise<Response> {
  const { request, account } = caller;
  // What htmx is sent to it would swap into the form.
  if (account === null)
    return request.headers.get('hx-request') === null
      ? see('/signin')
      : new Response(null, { headers: { 'hx-redirect': '/signin', 'cache-control': 'no-store' } });
  const form = await readForm(request, { bytesMax: FORM_BYTES_MAX });
  const change =
    form instanceof URLSearchParams ? readLimits(form) : wordsOf(form ?? { code: 'bad_request' });
  const typedLoss = (form instanceof URLSearchParams ? form.get('dailyLoss') : null) ?? undefined;
  if (typeof change === 'string')
    return settings(
      caller,
      account.limits,
      { notice: change, typedLoss },
      form !== null && 'code' in form ? rejection(form.code).status : 400,
    );
  const answer = await house.changeLimits(account.id, change);
  if ('code' in answer)
    return settings(
      caller,
      account.limits,
      { notice: wordsOf(answer), typedLoss },
      rejection(answer.code).status,
    );
  return request.headers.get('hx-request') === null
    ? see('/account')
    : settings(caller, answer.limits, { notice: 'Saved.' });
}

/**
 * @returns what is to be changed, or a sentence on what was expected. An empty loss field is no limit, an
 * empty reminder none.
 */
export function readLimits(form: URLSearchParams): LimitsChange | string {
  const [guard, loss, reminder] = ['guardPercent', 'dailyLoss', 'reminderMinutes'].map(
    (name) => form.get(name)?.trim() ?? null,
  );
  const change: { -readonly [Name in keyof LimitsChange]: LimitsChange[Name] } = {};
  if (guard != null) {
    if (!/^\d{2}$/.test(guard) || Number(guard) < GUARD_PERCENT_MIN || Number(guard) > GUARD_PERCENT_MAX)
      return `Enter a guard as a whole number of percent from ${GUARD_PERCENT_MIN} to ${GUARD_PERCENT_MAX}.`;
    change.guardPercent = Number(guard);
  }
  if (loss != null) {
    const amount = loss === '' ? null : readDollars(loss.replace(/^\$/, ''));
    if (loss !== '' && (amount === null || amount < 1 || amount > DAILY_LOSS_MAX))
      return (
        'Enter a daily loss limit in dollars above 0 and up to 1,000,000, like 50 or 12.50, or leave ' +
        'it empty for none. To stop betting, take a break below.'
      );
    change.dailyLoss = amount;
  }
  if (reminder != null) {
    if (
      reminder !== '' &&
      (!/^\d{1,4}$/.test(reminder) || Number(reminder) < 1 || Number(reminder) > REMINDER_MINUTES_MAX)
    )
      return `Choose a reminder every 1 to ${REMINDER_MINUTES_MAX} minutes, or never.`;
    change.reminderMinutes = reminder === '' ? null : Number(reminder);
  }
  return Object.keys(change).length === 0 ? 'Nothing to change.' : change;
}

/** What a pause means, before it begins. */
export function pausePage(_: PagesDeps, caller: Caller): Response {
  const length = caller.url.searchParams.get('length');
  return caller.account === null
    ? see('/signin')
    : isPause(length)
      ? pauseQuestion(caller, length)
      : see('/account');
}

/** Begins a pause that was confirmed; one for good only with the words for it. */
export async function beginPause({ house }: PagesDeps, caller: Caller): Promise<Response> {
  const { request, account } = caller;
  if (account === null) return see('/signin');
  const form = await readForm(request, { bytesMax: FORM_BYTES_MAX });
  const length = form instanceof URLSearchParams ? form.get('length') : null;
  if (!(form instanceof URLSearchParams) || !isPause(length)) return see('/account');
  if (length === 'for-good' && form.get('confirm')?.trim().toLowerCase() !== FOR_GOOD_WORDS)
    return pauseQuestion(caller, length, `Not paused: type “${FOR_GOOD_WORDS}” to confirm.`, 400);
  const answer = await house.changeLimits(account.id, { pause: length });
  return 'code' in answer
    ? pauseQuestion(caller, length, wordsOf(answer), rejection(answer.code).status)
    : see('/account');
}

const isPause = (text: string | null): text is PauseLength =>
  text !== null && Object.hasOwn(PAUSE_LENGTHS, text);

function pauseQuestion(caller: Caller, length: PauseLength, error?: string, status = 200): Response {
  const { limits, currency } = caller.account!;
  const children = (
    <PausePage
      length={length}
      until={pauseEnd(length, caller.now)}
      pausedUntil={limits.pausedUntil}
      currency={currency}
      {...(error !== undefined && { error })}
    />
  );
  return page(caller, { title: 'Take a break', section: 'account', status, children });
}

/**
 * The limits as they are now: the forms alone for htmx, which shows an answer of any kind, else the whole
 * page.
 */
function settings(
  caller: Caller,
  limits: OwnLimits,
  said: { readonly notice?: string; readonly typedLoss?: string | undefined } = {},
  status = 200,
): Response {
  const { request, account, visit } = caller;
  if (request.headers.get('hx-request') !== null)
    return htmlResponse(
      request,
      String(<OwnLimitsForms limits={limits} {...said} />) + guardOnBoard(request, limits.guardPercent),
    );
  return page(caller, {
    title: 'Account',
    section: 'account',
    status,
    children: (
      <AccountPage
        limits={limits}
        restriction={account!.restriction}
        address={account!.address}
        publicName={nameFormOf(visit)}
        isSpent={visit.trader!.sessionBalance.isSpent}
        theme={visit.theme}
        {...said}
      />
    ),
  });
}

/** The forms come up on every page; on the board the guard stands besides. */
function guardOnBoard(request: Request, percent: number): string {
  if (URL.parse(request.headers.get('hx-current-url') ?? '')?.pathname !== '/') return '';
  return (
    `<hx-partial hx-target="#${IDS.guard}" ` +
    `hx-swap="outerHTML">${String(<Guard percent={percent} signedIn />)}</hx-partial>`
  );
}

const wordsOf = ({ code, message }: { readonly code: RejectionCode; readonly message?: string }): string =>
  message ?? rejection(code).message;

const see = (location: string): Response =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
