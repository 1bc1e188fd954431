import { cellId, cellOfRow } from '../../server/game/grid.ts';
import type { Micros, Multiplier } from '../../server/game/money.ts';
import type { Cents } from '../../server/game/price.ts';
import { signedText, type SignedTaps, type Tap } from '../../server/game/tap.ts';
import { Journal } from './journal.ts';

/**
 * A trader in a process of its own: it writes down what it is about to send, sends it, writes down the answer, and when there was none asks again with
 * the same nonce. Arguments: origin, journal, number of traders. It ends when it is told to by SIGTERM, after the unanswered orders were asked about.
 */
const [origin, journalPath, traders] = process.argv.slice(2) as [string, string, string];
const journal = new Journal(journalPath);
const DEADLINE_MS = 20_000;
const ANSWER_MS_MAX = 2_000;
/** It ends by itself when whoever started it is gone. */
const LIFE_MS_MAX = 600_000;
setTimeout(() => process.exit(3), LIFE_MS_MAX).unref();
let ending = false;
process.on('SIGTERM', () => {
  ending = true;
});

interface Grid {
  readonly revision: number;
  readonly windowMs: number;
  readonly stakes: readonly Micros[];
  readonly columns: readonly { readonly start: number; readonly band: number; readonly low: Cents; readonly locked: boolean; readonly multipliers: readonly (Multiplier | null)[] }[];
}

class Trader {
  readonly #keys: CryptoKeyPair;
  readonly #unanswered: SignedTaps[] = [];

  private constructor(
    keys: CryptoKeyPair,
    private readonly accountId: string,
    private readonly sessionId: string,
    private readonly token: string,
  ) {
    this.#keys = keys;
  }

  static async open(): Promise<Trader> {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', keys.publicKey)).toString('base64url');
    for (;;) {
      const response = await call('/api/v1/practice', { method: 'POST', body: JSON.stringify({ publicKey }) });
      if (response?.status === 201) {
        const { account, session, token } = (await response.json()) as { account: { id: string }; session: { id: string }; token: string };
        journal.write({ kind: 'account', accountId: account.id, sessionId: session.id });
        return new Trader(keys, account.id, session.id, token);
      }
      await Bun.sleep(100);
    }
  }

  async play(): Promise<void> {
    while (!ending || this.#unanswered.length > 0) {
      const retry = this.#unanswered[0];
      if (retry !== undefined) {
        if (await this.#send(retry, true)) this.#unanswered.shift();
        else await Bun.sleep(100);
        continue;
      }
      const order = await this.#order();
      if (order === null) {
        await Bun.sleep(100);
        continue;
      }
      journal.write({ kind: 'intent', accountId: this.accountId, order });
      if (!(await this.#send(order, false))) this.#unanswered.push(order);
      await Bun.sleep(5);
    }
  }

  /** @returns whether the server told what became of the order. */
  async #send(order: SignedTaps, retry: boolean): Promise<boolean> {
    const response = await call('/api/v1/taps', { method: 'POST', body: JSON.stringify(order), headers: { authorization: `Bearer ${this.token}` } });
    if (response === null) return false;
    const body = (await response.json().catch(() => null)) as { results?: []; error?: { code: string } } | null;
    const code = body?.error?.code ?? null;
    if (body === null || code === 'unknown' || code === 'rate_limited' || code === 'busy' || (retry && code === 'halted')) return false;
    journal.write({ kind: 'answer', nonce: order.nonce, retry, results: body.results ?? null, code });
    return true;
  }

  async #order(): Promise<SignedTaps | null> {
    const response = await call('/api/v1/grid', {});
    if (response?.status !== 200) return null;
    const grid = (await response.json()) as Grid;
    const taps: Tap[] = [];
    for (const column of grid.columns) {
      if (column.locked || Math.random() < 0.7) continue;
      const rows = column.multipliers.flatMap((multiplier, row) => (multiplier === null ? [] : [row]));
      const row = rows[Math.floor(Math.random() * rows.length)];
      if (row === undefined) continue;
      taps.push({ cell: cellId(cellOfRow(column, row, grid.windowMs)), stake: grid.stakes[0]!, multiplier: column.multipliers[row]!, revision: grid.revision });
    }
    if (taps.length === 0) return null;
    const unsigned = { nonce: crypto.randomUUID(), deadline: Date.now() + DEADLINE_MS, taps: taps.slice(0, 4) };
    const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, this.#keys.privateKey, new TextEncoder().encode(signedText(origin, this.sessionId, unsigned)));
    return { ...unsigned, signature: Buffer.from(signature).toString('base64url') };
  }
}

/** Null when the server is not there or did not answer. */
async function call(path: string, init: RequestInit): Promise<Response | null> {
  const headers = { 'content-type': 'application/json', ...(init.headers as Record<string, string> | undefined) };
  return fetch(origin + path, { ...init, headers, signal: AbortSignal.timeout(ANSWER_MS_MAX) }).catch(() => null);
}

const all = await Promise.all(Array.from({ length: Number(traders) }, () => Trader.open()));
await Promise.all(all.map((trader) => trader.play()));
journal.close();
