import { cellId, cellOfRow } from '../../server/game/grid.ts';
import type { Micros, Multiplier } from '../../server/game/money.ts';
import type { Cents } from '../../server/game/price.ts';
import { signedText, type SignedTaps, type Tap } from '../../server/game/tap.ts';

export interface Grid {
  readonly revision: number;
  readonly windowMs: number;
  readonly stakes: readonly Micros[];
  readonly columns: readonly {
    readonly start: number;
    readonly band: number;
    readonly low: Cents;
    readonly locked: boolean;
    readonly multipliers: readonly (Multiplier | null)[];
  }[];
}
export interface Answer {
  readonly replayed: boolean;
  readonly results: readonly { readonly status: string; readonly betId?: string; readonly code?: string }[];
  /** Why none of its taps was even looked at. */
  readonly error?: { readonly code: string };
}

/** A minute, for a machine on which others work. */
const TRIES_MAX = 600;

/** Asks a server; `fetch` where it is in reach. */
export type Ask = (url: string, request?: RequestInit) => Promise<Response>;

/** A practice account that plays by the API. @param ask how the house is reached. */
export async function apiTrader(firstOrigin: string, ask: Ask = fetch) {
  let origin = firstOrigin;
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ]);
  const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', keys.publicKey)).toString('base64url');
  const call = async <Body>(path: string, token: string | null, body?: unknown): Promise<Body> => {
    const response = await ask(origin + path, {
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return (await response.json()) as Body;
  };
  const { session, token } = await call<{ session: { id: string }; token: string }>(
    '/api/v1/practice',
    null,
    { publicKey },
  );
  const send = (order: SignedTaps) => call<Answer>('/api/v1/taps', token, order);
  /** A cell that is for sale; null while none is, as right after a start. */
  const offer = async (): Promise<Tap | null> => {
    const grid = await call<Partial<Grid>>('/api/v1/grid', null);
    const column = grid.columns?.findLast(
      ({ locked, multipliers }) => !locked && multipliers.some((multiplier) => multiplier !== null),
    );
    if (column === undefined) return null;
    const row = column.multipliers.findIndex((multiplier) => multiplier !== null);
    return {
      cell: cellId(cellOfRow(column, row, grid.windowMs!)),
      stake: grid.stakes![0]!,
      multiplier: column.multipliers[row]!,
      revision: grid.revision!,
    };
  };
  const tap = async (): Promise<{ order: SignedTaps; answer: Answer }> => {
    const found = await offer();
    if (found === null) throw new Error('no cell is for sale');
    return order([found]);
  };
  const order = async (taps: readonly Tap[]): Promise<{ order: SignedTaps; answer: Answer }> => {
    const unsigned = { nonce: crypto.randomUUID(), deadline: Date.now() + 20_000, taps };
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      keys.privateKey,
      new TextEncoder().encode(signedText(origin, session.id, unsigned)),
    );
    const order = { ...unsigned, signature: Buffer.from(signature).toString('base64url') };
    return { order, answer: await send(order) };
  };
  /** Taps until it is accepted: nothing is for sale for a moment after a start or a jump of the price. */
  const taken = async () => {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const found = await offer();
      const tapped = found && (await order([found]));
      if (tapped?.answer.results !== undefined && accepted(tapped.answer).length === 1) return tapped;
      await Bun.sleep(100);
    }
    throw new Error('no bet was taken');
  };
  /** Asks with a method, as the account. */
  const change = (method: string, path: string, body?: unknown) =>
    ask(origin + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    /** The house is at another address from now on, which is what is signed. */
    signFor: (other: string) => void (origin = other),
    taken,
    tap,
    send,
    order,
    change,
    grid: () => call<Grid>('/api/v1/grid', null),
    ask: <Body>(path: string) => call<Body>(path, token),
  };
}

export type ApiTrader = Awaited<ReturnType<typeof apiTrader>>;

/** Ids of the bets that an order became. */
export const accepted = ({ results }: Answer): string[] =>
  (results ?? []).filter(({ status }) => status === 'accepted').map(({ betId }) => betId!);
