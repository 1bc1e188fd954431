import { comeBack, practiceKept } from '../identity/practice.js';
import { tell } from '../notice/toast.js';
import { openSheet } from './sheet.js';

/*
 * A practice account lasts as long as the browser keeps its key: a page without a session signs in again by it. What became of the bets meanwhile is told by the page
 * that is loaded then.
 */

const AWAY = 'tapgrid-away';
const TRIED = 'tapgrid-came-back';
/** A browser that keeps no cookie would come back for ever. */
const AGAIN_MS = 60_000;
const LOCK = 'tapgrid-come-back';

/** Comes back where that is due, else lets the sheet offer it. */
export async function watchComeback() {
  if (document.body.dataset.session) return tellAway();
  if (!isSecureContext || crypto.subtle === undefined) return;
  const kept = await practiceKept().catch(() => null);
  if (kept === null) return;
  for (const button of document.querySelectorAll('[data-practice]')) button.textContent = 'Go on with your practice account';
  if (!kept.wasLast || !mayTry()) return;
  // Of several tabs one comes back; the others find its session.
  await navigator.locks.request(LOCK, async () => {
    const present = await practiceKept().catch(() => null);
    if (present?.sessionId === kept.sessionId) await goOn().catch(() => null);
    else location.reload();
  });
}

/** Signs in again by the kept key and loads the page anew. @throws {import('../identity/problem.js').IdentityProblem} */
async function goOn() {
  noteAway((await comeBack()).away);
  location.reload();
}

/** Notes for the next page what it has to tell. */
export function noteAway(away) {
  try {
    sessionStorage.setItem(AWAY, JSON.stringify(away));
  } catch {
    // Without storage nothing is told.
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
  sheet.querySelector('[data-away]').textContent = awayText(away);
  openSheet(sheet);
}

function takeAway() {
  try {
    const away = JSON.parse(sessionStorage.getItem(AWAY));
    sessionStorage.removeItem(AWAY);
    return away;
  } catch {
    return null;
  }
}

/** "3 of your bets closed: 1 won, 2 lost. They had staked $30.00, and $21.60 came back." */
export function awayText({ won, lost, void: refunded, staked, paid }) {
  const count = won + lost + refunded;
  const parts = [[won, 'won'], [lost, 'lost'], [refunded, 'refunded']].filter(([bets]) => bets > 0).map(([bets, what]) => `${bets} ${what}`);
  const one = count === 1;
  return `${one ? 'One' : count} of your bets closed: ${parts.join(', ')}. ${one ? 'It' : 'They'} had staked ${dollars(staked)}, and ${paid === 0 ? 'nothing' : dollars(paid)} came back.`;
}

const dollars = (micros) => (micros / 1e6).toLocaleString('en-US', { style: 'currency', currency: 'USD' });
