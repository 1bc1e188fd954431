import { cellId, cellOfRow } from '../../server/game/grid.ts';
import type { Micros } from '../../server/game/money.ts';
import { signedText, type Tap } from '../../server/game/tap.ts';
import { call, refusalOf, type Answer, type Place } from './house.ts';
import { newKey, sign, type Trader } from './trader.ts';

/** The outcome of a run; `why` is a sentence for people to read. */
export type Probed =
  | { readonly trader: Trader; readonly betId: string; readonly tapMs: number; readonly stake: Micros }
  | { readonly trader: Trader | null; readonly why: string };

/** The board moves while an order is on its way: so often a probe tries again with a new one. */
const TRIES_MAX = 4;
const REST_MS = 700;
const DEADLINE_MS = 10_000;
/** A bet is decided within the columns ahead, a minute and a bit; one that is open so long after is stuck. */
const DECIDED_MS_MAX = 5 * 60_000;
const PASSING = new Set([
  'quote_expired',
  'quote_mismatch',
  'column_locked',
  'price_moved',
  'not_for_sale',
  'duplicate_cell',
  'unknown_cell',
  'rate_limited',
]);

/**
 * Does what a trader does, with play money: opens a practice account where there is none, looks at the board,
 * taps, and looks whether the bet of the last run was decided.
 */
export async function probe(place: Place, known: Trader | null, now: () => number): Promise<Probed> {
  const trader = known ?? (await practise(place));
  if (typeof trader === 'string') return { trader: null, why: trader };
  const stuck = await isStuck(place, trader, now());
  if (stuck) return { trader, why: `bet ${trader.bet!.id} is not decided after five minutes` };
  let why = '';
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    if (tries > 0) await Bun.sleep(REST_MS);
    const tap = chosen(await call(place, '/api/v1/grid'));
    if (typeof tap === 'string') {
      why = tap;
      continue;
    }
    const began = performance.now();
    const answer = await order(place, trader, tap, now());
    const tapMs = performance.now() - began;
    const result = answer.body?.results?.[0];
    if (result?.status === 'accepted')
      return {
        trader: { ...trader, bet: { id: result.betId, placedAt: now() } },
        betId: result.betId,
        tapMs,
        stake: tap.stake,
      };
    // Signed out, or out of play money: the next account is as good.
    if (answer.status === 401 || result?.code === 'insufficient_balance')
      return known === null ? { trader: null, why: refusalOf(answer) } : probe(place, null, now);
    why = result === undefined ? refusalOf(answer) : result.code;
    if (!PASSING.has(result?.code ?? answer.body?.error?.code)) break;
  }
  return { trader, why };
}

async function practise(place: Place): Promise<Trader | string> {
  const { publicKey, privateKey } = await newKey();
  const answer = await call(place, '/api/v1/practice', { body: { publicKey } });
  if (answer.status !== 201) return `no practice account: ${refusalOf(answer)}`;
  const { origin, session, token } = answer.body;
  return { origin, sessionId: session.id, token, privateKey, bet: null };
}

async function isStuck(place: Place, { bet, token }: Trader, now: number): Promise<boolean> {
  if (bet === null || now - bet.placedAt < DECIDED_MS_MAX) return false;
  const { status, body } = await call(place, `/api/v1/bets/${bet.id}/receipt`, { token });
  return status === 200 && (body.status === 'placed' || body.status === 'locked');
}

/**
 * The likeliest cell of the last column on offer, at the lowest stake: what costs least and waits longest.
 */
function chosen(answer: Answer): Tap | string {
  if (answer.status !== 200) return `no board: ${refusalOf(answer)}`;
  const { columns, revision, stakes, windowMs } = answer.body;
  const column = columns.findLast(
    ({ locked, multipliers }: { locked: boolean; multipliers: readonly (number | null)[] }) =>
      !locked && multipliers.some((one) => one !== null),
  );
  if (column === undefined) return 'no column is open for bets';
  const multiplier = Math.min(...column.multipliers.filter((one: number | null) => one !== null));
  const cell = cellId(cellOfRow(column, column.multipliers.indexOf(multiplier), windowMs));
  return { cell, stake: stakes[0], multiplier: multiplier as Tap['multiplier'], revision };
}

async function order(place: Place, trader: Trader, tap: Tap, now: number): Promise<Answer> {
  const unsigned = { nonce: crypto.randomUUID(), deadline: now + DEADLINE_MS, taps: [tap] };
  const signature = await sign(trader, signedText(trader.origin, trader.sessionId, unsigned));
  return call(place, '/api/v1/taps', { token: trader.token, body: { ...unsigned, signature } });
}
