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
/** Cells that have a bet already and are passed over without counting as a try. */
const TAKEN_MAX = 24;
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
  'too_many_on_cell',
  'unknown_cell',
  'rate_limited',
]);

/**
 * Does what a trader does, with play money: opens a practice account where there is none, looks at the board,
 * taps, and looks whether the bet that it watches was decided.
 * @param taken cells that have a bet already; those that it finds are added.
 */
export async function probe(
  place: Place,
  known: Trader | null,
  now: () => number,
  taken: Set<string> = new Set(),
): Promise<Probed> {
  const trader = known ?? (await practise(place));
  if (typeof trader === 'string') return { trader: null, why: trader };
  const open = await stillOpen(place, trader);
  if (open !== null && now() - open.placedAt >= DECIDED_MS_MAX)
    return { trader, why: `bet ${open.id} is not decided after five minutes` };
  let why = '';
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    if (tries > 0) await Bun.sleep(REST_MS);
    const tap = chosen(await call(place, '/api/v1/grid'), taken);
    if (typeof tap === 'string') {
      why = tap;
      continue;
    }
    const began = performance.now();
    const answer = await order(place, trader, tap, now());
    const tapMs = performance.now() - began;
    const result = answer.body?.results?.[0];
    if (result?.status === 'accepted' || result?.code === 'duplicate_cell') taken.add(tap.cell);
    if (result?.status === 'accepted')
      return {
        trader: { ...trader, bet: open ?? { id: result.betId, placedAt: now() } },
        betId: result.betId,
        tapMs,
        stake: tap.stake,
      };
    // Signed out, or out of play money: the next account is as good.
    if (answer.status === 401 || result?.code === 'insufficient_balance')
      return known === null ? { trader: null, why: refusalOf(answer) } : probe(place, null, now);
    why = result === undefined ? refusalOf(answer) : result.code;
    if (why === 'duplicate_cell' && taken.size < TAKEN_MAX) tries -= 1;
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

/** The bet that is watched while it is open: the next one takes its place once it is decided. */
async function stillOpen(place: Place, { bet, token }: Trader): Promise<Trader['bet']> {
  if (bet === null) return null;
  const { status, body } = await call(place, `/api/v1/bets/${bet.id}/receipt`, { token });
  return status === 200 && (body.status === 'placed' || body.status === 'locked') ? bet : null;
}

/**
 * The likeliest cell of the last column on offer, at the lowest stake: what costs least and waits longest.
 * @param taken cells to leave alone.
 */
function chosen(answer: Answer, taken: ReadonlySet<string>): Tap | string {
  if (answer.status !== 200) return `no board: ${refusalOf(answer)}`;
  const { columns, revision, stakes, windowMs } = answer.body;
  const column = columns.findLast(
    ({ locked, multipliers }: { locked: boolean; multipliers: readonly (number | null)[] }) =>
      !locked && multipliers.some((one) => one !== null),
  );
  if (column === undefined) return 'no column is open for bets';
  const onOffer = (column.multipliers as readonly (Tap['multiplier'] | null)[])
    .flatMap((multiplier, row) =>
      multiplier === null ? [] : [{ multiplier, cell: cellId(cellOfRow(column, row, windowMs)) }],
    )
    .filter(({ cell }) => !taken.has(cell))
    .sort((one, other) => one.multiplier - other.multiplier);
  const [likeliest] = onOffer;
  if (likeliest === undefined) return 'each cell of the last column has a bet already';
  return { ...likeliest, stake: stakes[0], revision };
}

async function order(place: Place, trader: Trader, tap: Tap, now: number): Promise<Answer> {
  const unsigned = { nonce: crypto.randomUUID(), deadline: now + DEADLINE_MS, taps: [tap] };
  const signature = await sign(trader, signedText(trader.origin, trader.sessionId, unsigned));
  return call(place, '/api/v1/taps', { token: trader.token, body: { ...unsigned, signature } });
}
