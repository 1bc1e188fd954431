import { expect } from 'bun:test';
import { join } from 'node:path';
import { compose, type Tapgrid } from '../../server/compose.ts';
import { loadConfig, type Environment } from '../../server/config.ts';
import { cellId, cellOfRow } from '../../server/game/grid.ts';
import { dollars, type Multiplier } from '../../server/game/money.ts';
import { signedText } from '../../server/game/tap.ts';
import { openHistory } from '../../server/store/open-history.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { checkLedger } from '../../server/upkeep/integrity.ts';
import { createLog } from '../../server/upkeep/log.ts';

/** Whole servers in this process, one at a time, each on a house of its own or on one of before. */
export class Houses {
  #made = 0;
  #running: Tapgrid | null = null;

  constructor(
    private readonly root: string,
    private readonly common: Environment = {},
  ) {}

  get running(): Tapgrid {
    return this.#running!;
  }

  /** Settings of a new house. */
  settings(over: Environment = {}): Environment {
    return {
      DATA_DIR: join(this.root, `house-${++this.#made}`),
      FEED: 'walk:7:1',
      PORT: '0',
      BREAKER_HYSTERESIS_MS: '0',
      LOG_LEVEL: 'silent',
      REQUESTS_PER_SECOND_MAX: '1000',
      ...this.common,
      ...over,
    };
  }

  /** @returns the origin, once there is a board. */
  async start(env: Environment): Promise<string> {
    const loaded = loadConfig(env);
    if ('errors' in loaded) throw new Error(JSON.stringify(loaded.errors));
    const running = await compose(loaded.ok, createLog('silent'), (cause) => {
      throw cause;
    });
    this.#running = running;
    await until(async () => (await fetch(`${running.origin}/api/v1/grid`)).status === 200);
    return running.origin;
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = null;
  }
}

export async function until(what: () => Promise<unknown> | unknown): Promise<void> {
  for (let tries = 0; tries < 4_000; tries++) {
    if (await what()) return;
    await Bun.sleep(25);
  }
  throw new Error(`waited in vain for ${what}`);
}

/** The frames of a socket as they come. */
export function listen(origin: string, path: string, headers: Record<string, string> = {}) {
  const frames: string[] = [];
  const socket = new WebSocket(origin.replace('http', 'ws') + path, { headers } as never);
  socket.onmessage = ({ data }) => void frames.push(String(data));
  return { frames, close: () => socket.close() };
}

/** All checks of the integrity command hold. */
export async function expectWhole(env: Environment): Promise<void> {
  const history = openHistory(join(env['DATA_DIR']!, DATABASE_FILE));
  try {
    const options = { maxGapMs: 3000, since: null, anchors: new Map(), pages: false, signatures: true };
    const { violations } = await checkLedger(history, options, {
      now: Date.now,
      steady: () => performance.now(),
    });
    expect(violations).toEqual([]);
  } finally {
    history.close();
  }
}

interface Key {
  /** base64url of the 65 raw bytes. */
  readonly publicKey: string;
  readonly sign: (text: string) => Promise<string>;
}

async function makeKey(): Promise<Key> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const pair = (await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])) as CryptoKeyPair;
  const base64url = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('base64url');
  return {
    publicKey: base64url(await crypto.subtle.exportKey('raw', pair.publicKey)),
    sign: async (text) =>
      base64url(
        await crypto.subtle.sign(
          { name: 'ECDSA', hash: 'SHA-256' },
          pair.privateKey,
          new TextEncoder().encode(text),
        ),
      ),
  };
}

/** A practice account that plays over the API. @param more headers of each of its requests. */
export async function trader(origin: string, more: Readonly<Record<string, string>> = {}) {
  const key = await makeKey();
  const json = { 'content-type': 'application/json', ...more };
  const post = async (path: string, body: object, headers: Record<string, string> = json): Promise<any> =>
    (await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  const { account, session, token } = await post('/api/v1/practice', { publicKey: key.publicKey });
  const headers = { ...json, authorization: `Bearer ${token}` };
  const get = async (path: string): Promise<any> => (await fetch(`${origin}${path}`, { headers })).json();
  /**
   * Taps the likeliest cell of the column that many windows ahead: its multiplier moves least while the tap
   * is held.
   */
  const tap = async (ahead: number, stake = 5): Promise<any> => {
    const grid = await get('/api/v1/grid');
    const column = grid.columns.filter(({ locked }: any) => !locked)[ahead];
    // Where nothing is for sale, something that was not offered is tapped.
    const offered = column.multipliers.filter((one: number | null) => one !== null);
    const multiplier = offered.length > 0 ? Math.min(...offered) : 200;
    const row = Math.max(0, column.multipliers.indexOf(multiplier));
    const order = {
      nonce: crypto.randomUUID(),
      deadline: Date.now() + 10_000,
      taps: [
        {
          cell: cellId(cellOfRow(column, row, grid.windowMs)),
          stake: dollars(stake),
          multiplier: multiplier as Multiplier,
          revision: grid.revision,
        },
      ],
    };
    const signature = await key.sign(signedText(origin, session.id, order));
    return { start: column.start, ...(await post('/api/v1/taps', { ...order, signature }, headers)) };
  };
  /** Taps again where a quote grew old on the way, or nothing was for sale after a jump of the price. */
  const taken = async (ahead: number, stake = 5): Promise<any> => {
    let answer = await tap(ahead, stake);
    for (let tries = 0; MARKET.has(answer.results?.[0].code ?? answer.error?.code) && tries < 240; tries++)
      answer = (await Bun.sleep(250), await tap(ahead, stake));
    return answer;
  };
  return {
    id: account.id as string,
    token: token as string,
    get,
    tap,
    taken,
    balance: async (): Promise<number> => (await get('/api/v1/account')).balance / 1e6,
    /** A new session for a new key, by the right of the first one. */
    comeBack: async (): Promise<any> => {
      const fresh = await makeKey();
      const { challengeId, message } = await post('/api/v1/practice/return/challenge', {
        account: account.id,
        registeredKey: key.publicKey,
        publicKey: fresh.publicKey,
      });
      return post('/api/v1/practice/return', {
        challengeId,
        signature: await key.sign(message),
        proof: await fresh.sign(`tapgrid-login-v1\n${challengeId}\n${message}`),
      });
    },
  };
}

/** What is refused because the market moved on. */
const MARKET = new Set([
  'quote_expired',
  'quote_mismatch',
  'not_for_sale',
  'price_moved',
  'halted',
  'duplicate_cell',
  'too_many_on_cell',
]);
