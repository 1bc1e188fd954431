import encoding from 'k6/encoding';
import execution from 'k6/execution';
import http, { type Response } from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { isLoopback, ORIGIN, TARGET } from './target.ts';

/** Refusals that belong to the game and to load are answers; these count what must not happen. */
export const serverErrors = new Counter('server_errors');
export const busyWithoutRetryAfter = new Counter('busy_without_retry_after');
export const tapsAccepted = new Counter('taps_accepted');
export const tapsRefused = new Counter('taps_refused');
export const tapsBusy = new Counter('taps_busy');
/** Of taps that were decided: from the request to the answer after the commit, ms. */
export const tapDuration = new Trend('tap_duration', true);

// 503 says busy and 429 slower: neither is a failed request here.
http.setResponseCallback(http.expectedStatuses({ min: 200, max: 499 }, 503));

export interface Tap {
  readonly cell: string;
  readonly stake: number;
  readonly multiplier: number;
  readonly revision: number;
}

export interface Order {
  readonly nonce: string;
  readonly deadline: number;
  readonly taps: readonly Tap[];
  readonly signature: string;
}

interface Grid {
  readonly revision: number;
  readonly windowMs: number;
  readonly stakes: readonly number[];
  readonly columns: readonly {
    readonly start: number;
    readonly band: number;
    readonly low: number;
    readonly locked: boolean;
    readonly multipliers: readonly (number | null)[];
  }[];
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const SCHEME = { name: 'ECDSA', hash: 'SHA-256' };
const DEADLINE_MS = 20_000;
/** A grid is asked for again when it is this old: the quotes that taps name hold for two seconds. */
const GRID_MS = 700;

/**
 * What every request carries. On loopback each virtual user shows an address of its own, as a proxy would
 * write it, so that limits by address see many people.
 */
function headersOf(token: string | null): Record<string, string> {
  const user = execution.vu.idInTest;
  return {
    'content-type': 'application/json',
    ...(token !== null && { authorization: `Bearer ${token}` }),
    ...(isLoopback && { 'x-forwarded-for': `10.${(user >> 16) & 255}.${(user >> 8) & 255}.${user & 255}` }),
  };
}

/** An account with a session key, as one virtual user has it. */
export class Client {
  private grid: Grid | null = null;
  private gridAt = 0;
  private readonly tapped = new Set<string>();

  private constructor(
    private readonly keys: CryptoKeyPair,
    readonly sessionId: string,
    readonly token: string,
  ) {}

  /** Opens a practice account. @returns null when the server is busy. */
  static async open(): Promise<Client | null> {
    const keys = (await crypto.subtle.generateKey(CURVE, false, ['sign', 'verify'])) as CryptoKeyPair;
    const publicKey = encoding.b64encode(await crypto.subtle.exportKey('raw', keys.publicKey), 'rawurl');
    const response = http.post(`${TARGET}/api/v1/practice`, JSON.stringify({ publicKey }), {
      headers: headersOf(null),
      tags: { name: 'practice' },
    });
    watch(response);
    if (response.status !== 201) return null;
    const { session, token } = response.json() as { session: { id: string }; token: string };
    return new Client(keys, session.id, token);
  }

  get(path: string): Response {
    const response = http.get(`${TARGET}${path}`, {
      headers: headersOf(this.token),
      tags: { name: path.replace(/[0-9a-f-]{36}/, ':id') },
    });
    watch(response);
    return response;
  }

  /** A signed order on cells that this client has not tapped; null when there is nothing on sale. */
  async order(taps: number): Promise<Order | null> {
    const chosen = this.choose(taps);
    if (chosen.length === 0) return null;
    const unsigned = { nonce: crypto.randomUUID(), deadline: Date.now() + DEADLINE_MS, taps: chosen };
    const lines = chosen
      .map((tap) => `${tap.cell} ${tap.stake} ${tap.multiplier} ${tap.revision}\n`)
      .join('');
    const signature = await crypto.subtle.sign(
      SCHEME,
      this.keys.privateKey,
      bytesOf(
        `tapgrid-tap-v1\n${ORIGIN}\n${this.sessionId}\n${unsigned.nonce}\n${unsigned.deadline}\n${lines}`,
      ),
    );
    return { ...unsigned, signature: encoding.b64encode(signature, 'rawurl') };
  }

  send(order: Order): Response {
    const began = Date.now();
    const response = http.post(`${TARGET}/api/v1/taps`, JSON.stringify(order), {
      headers: headersOf(this.token),
      tags: { name: 'taps' },
    });
    watch(response);
    if (response.status === 200) {
      tapDuration.add(Date.now() - began);
      for (const { status } of (response.json() as { results: { status: string }[] }).results)
        (status === 'accepted' ? tapsAccepted : tapsRefused).add(1);
    } else if (response.status === 503) tapsBusy.add(order.taps.length);
    else tapsRefused.add(order.taps.length);
    return response;
  }

  private choose(taps: number): Tap[] {
    if (this.grid === null || Date.now() - this.gridAt > GRID_MS) {
      const response = this.get('/api/v1/grid');
      if (response.status !== 200) return [];
      this.grid = response.json() as Grid;
      this.gridAt = Date.now();
    }
    const { windowMs, revision, stakes, columns } = this.grid;
    const open = columns.filter(({ locked, start }) => !locked && start - Date.now() > windowMs * 1.2);
    const chosen: Tap[] = [];
    // A few throws at the board; a user who has tapped nearly everything waits for the next column.
    for (let tries = 0; tries < taps * 20 && chosen.length < taps && open.length > 0; tries++) {
      const column = open[Math.floor(Math.random() * open.length)]!;
      const row = Math.floor(Math.random() * column.multipliers.length);
      const multiplier = column.multipliers[row]!;
      const low = column.low + row * column.band;
      const cell = `${column.start}.${windowMs}.${low}.${low + column.band}`;
      if (multiplier === null || this.tapped.has(cell)) continue;
      this.tapped.add(cell);
      chosen.push({ cell, stake: stakes[0]!, multiplier, revision });
    }
    return chosen;
  }
}

/** Headers for a socket of the API. */
export const socketHeaders = (token: string): Record<string, string> => headersOf(token);
export const SOCKET_URL = `${TARGET.replace(/^http/, 'ws')}/api/v1/stream`;

/** 503 is an answer, and has to say when to come back; every other 5xx is a fault. */
export function watch(response: Response): void {
  if (response.status === 503) {
    if (!(Number(response.headers['Retry-After']) > 0)) busyWithoutRetryAfter.add(1);
  } else if (response.status >= 500 || response.status === 0) serverErrors.add(1);
}

/** Signed texts are ASCII. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
  return bytes;
}

let client: Client | null = null;

/** The account of this virtual user, opened with its first iteration. */
export async function mine(): Promise<Client | null> {
  client ??= await Client.open();
  return client;
}
