import { comeBack, practiceKept, startPractice } from '../identity/practice.js';
import { IdentityProblem } from '../identity/problem.js';
import { lastSession } from '../identity/session-key.js';
import { wordsOf } from '../live/closings.js';
import { tell } from '../notice/toast.js';
import { within } from '../page/element.js';
import { timeoutAfter } from '../page/timeout.js';
import { openSheet } from './sheet.js';

/*
 * A practice account lasts as long as the browser keeps its key: a page without a session signs in again by
 * it. What became of the bets meanwhile is told by the page
 * that is loaded then.
 */

const AWAY = 'tapgrid-away';
const TRIED = 'tapgrid-came-back';
/** A browser that keeps no cookie would come back for ever. */
const AGAIN_MS = 60_000;
const LOCK = 'tapgrid-come-back';
const ANSWER_MS_MAX = 5_000;

/** On a page without a session: comes back where that is due, else lets the sheet offer it. */
export async function watchComeback() {
  if (document.body.dataset.session) return tellAway();
  // Another tab may be making the account just now.
  const kept = await inTurn(keptHere);
  if (kept === null) return;
  offer('Continue with your practice account');
  await comeBackOnce(kept);
}

/**
 * On a page whose line has ended for good: comes back if that was for its session.
 * @param {readonly string[] | null} words why it ended, of `closings.js`
 */
export async function comeBackFrom(words) {
  const kept = words === wordsOf(SIGNED_OUT) ? await inTurn(keptHere) : null;
  if (kept !== null) await comeBackOnce(kept);
}

const SIGNED_OUT = 4401;

const keptHere = async () => (isSecureContext && crypto.subtle ? practiceKept().catch(() => null) : null);

/**
 * Of several tabs one comes back; the others find its session.
 * @param {import('../identity/practice.js').Kept} kept
 */
async function comeBackOnce(kept) {
  if (!kept.wasLast || !mayTry()) return;
  const before = document.body.dataset.session ?? kept.sessionId;
  await inTurn(async () => {
    const now = await keptHere();
    if (now === null) return;
    if (now.sessionId === before) await goOn();
    location.reload();
  }).catch(() => null);
}

/** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
const inTurn = (work) => (navigator.locks ? navigator.locks.request(LOCK, work) : work());

/**
 * Into the practice account of this browser, or into a new one. @throws
 * {import('../identity/problem.js').IdentityProblem}
 */
export const startOrGoOn = () =>
  inTurn(async () => ((await practiceKept()) === null ? startPractice() : goOn()));

/**
 * For a page whose session has no key here: another tab has begun another session, or the browser lost the
 * key.
 * @returns {Promise<boolean>} whether a page is being loaded that can sign; else somebody has to sign in
 */
export async function recoverKey() {
  try {
    const [kept, last] = await inTurn(async () => [await practiceKept(), await lastSession()]);
    if (kept !== null && (kept.wasLast || last === null)) await inTurn(goOn);
    else if (last === null || last.sessionId === document.body.dataset.session || !mayTry()) return false;
    location.reload();
    return true;
  } catch {
    return false;
  }
}

/**
 * Back into this browser's practice account, unless it is signed in by now; the next page says what happened.
 */
async function goOn() {
  if (await isSignedIn()) return;
  try {
    noteAway((await comeBack()).away);
  } catch (problem) {
    if (problem instanceof IdentityProblem && problem.code === 'practice_gone') offer(fresh);
    throw problem;
  }
}

/** What the buttons say while this browser has no account to come back to. */
const fresh = document.querySelector('[data-practice]')?.textContent ?? '';

/** @param {string} words */
function offer(words) {
  for (const button of document.querySelectorAll('[data-practice]')) button.textContent = words;
}

/** Whether the session that the browser would show holds the practice account, and its key is here. */
async function isSignedIn() {
  const kept = await practiceKept();
  if (kept === null || !kept.wasLast) return false;
  const answer = await fetch('/api/v1/account', {
    cache: 'no-store',
    signal: timeoutAfter(ANSWER_MS_MAX),
  }).catch(() => null);
  return answer?.status === 200 && (await answer.json()).session.id === kept.sessionId;
}

/**
 * What became of the bets meanwhile: how many were won, lost and refunded, micro-dollars.
 * @typedef {{ won: number, lost: number, void: number, staked: number, paid: number }} Away
 * @param {Away} away
 */
function noteAway(away) {
  try {
    sessionStorage.setItem(AWAY, JSON.stringify(away));
  } catch {
    // Without storage nothing is shown.
  }
}

function mayTry() {
  try {
    const tried = Number(sessionStorage.getItem(TRIED));
    sessionStorage.setItem(TRIED, String(Date.now()));
    return Math.abs(Date.now() - tried) > AGAIN_MS;
  } catch {
    return false;
  }
}

function tellAway() {
  const away = takeAway();
  if (away === null) return;
  const closed = away.won + away.lost + away.void;
  const sheet = document.getElementById('away');
  if (closed === 0 || sheet === null) return tell('Welcome back to your practice account.', null);
  within(sheet, '[data-away]').textContent = awayText(away);
  openSheet(sheet);
}

/** @returns {Away | null} */
function takeAway() {
  try {
    const away = JSON.parse(sessionStorage.getItem(AWAY) ?? 'null');
    sessionStorage.removeItem(AWAY);
    return away;
  } catch {
    return null;
  }
}

/**
 * "3 of your bets closed: 1 won, 2 lost. They had staked $30.00, and $21.60 came back."
 * @param {Away} away
 */
function awayText({ won, lost, void: refunded, staked, paid }) {
  const count = won + lost + refunded;
  const parts = Object.entries({ won, lost, refunded })
    .filter(([, bets]) => bets > 0)
    .map(([what, bets]) => `${bets} ${what}`);
  const one = count === 1;
  const [bets, they, back] = [
    one ? 'One' : count,
    one ? 'It' : 'They',
    paid === 0 ? 'nothing' : dollars(paid),
  ];
  return (
    `${bets} of your bets closed: ${parts.join(', ')}. ${they} had staked ${dollars(staked)} and ` +
    `returned ${back}.`
  );
}

/** @param {number} micros */
const dollars = (micros) => (micros / 1e6).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
