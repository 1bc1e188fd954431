import { cellId, cellOfRow } from '../../server/game/grid.ts';
import type { Micros, Multiplier } from '../../server/game/money.ts';
import type { Cents } from '../../server/game/price.ts';
import { signedText, type SignedTaps } from '../../server/game/tap.ts';

interface Grid {
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

interface Answer {
  readonly status: number;
  readonly replayed: boolean | null;
  readonly betIds: readonly string[];
  readonly code: string | null;
}

const DEADLINE_MS = 29_000;
const TRIES_MAX = 200;

/** A trader who sends one order again and again, to see whether it is ever taken for another. */
export class Repeater {
  private constructor(
    private readonly origin: string,
    private readonly keys: CryptoKeyPair,
    private readonly sessionId: string,
    private readonly token: string,
  ) {}

  static async open(origin: string): Promise<Repeater> {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ]);
    const publicKey = Buffer.from(await crypto.subtle.exportKey('raw', keys.publicKey)).toString('base64url');
    const response = await fetch(`${origin}/api/v1/practice`, {
      method: 'POST',
      body: JSON.stringify({ publicKey }),
      headers: { 'content-type': 'application/json' },
    });
    const { session, token } = (await response.json()) as { session: { id: string }; token: string };
    return new Repeater(origin, keys, session.id, token);
  }

  /** A new order on one cell that was accepted, and its bet. @throws when none is taken */
  async place(): Promise<{ readonly order: SignedTaps; readonly betId: string }> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const order = await this.#order();
      const answer = order && (await this.send(order));
      if (order && answer?.betIds.length === 1 && !answer.replayed)
        return { order, betId: answer.betIds[0]! };
      await Bun.sleep(50);
    }
    throw new Error('no order was taken');
  }

  async send(order: SignedTaps): Promise<Answer> {
    const response = await fetch(`${this.origin}/api/v1/taps`, {
      method: 'POST',
      body: JSON.stringify(order),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      signal: AbortSignal.timeout(60_000),
    });
    const body = (await response.json()) as {
      replayed?: boolean;
      results?: { betId?: string }[];
      error?: { code: string };
    };
    return {
      status: response.status,
      replayed: body.replayed ?? null,
      betIds: (body.results ?? []).flatMap(({ betId }) => betId ?? []),
      code: body.error?.code ?? null,
    };
  }

  /** The same nonce under other content, rightly signed. */
  async changed(order: SignedTaps): Promise<SignedTaps> {
    return this.#signed({ ...order, deadline: order.deadline - 1 });
  }

  /** The end of the session, as it is told. */
  async signOut(): Promise<number> {
    return (
      await fetch(`${this.origin}/api/v1/session`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${this.token}` },
      })
    ).status;
  }

  async #order(): Promise<SignedTaps | null> {
    const grid = (await (await fetch(`${this.origin}/api/v1/grid`)).json()) as Grid;
    const cells = grid.columns.flatMap((column) =>
      column.locked
        ? []
        : column.multipliers.flatMap((multiplier, row) =>
            multiplier === null ? [] : [{ column, row, multiplier }],
          ),
    );
    const cell = cells[Math.floor(Math.random() * cells.length)];
    if (cell === undefined) return null;
    const tap = {
      cell: cellId(cellOfRow(cell.column, cell.row, grid.windowMs)),
      stake: grid.stakes[0]!,
      multiplier: cell.multiplier,
      revision: grid.revision,
    };
    return this.#signed({ nonce: crypto.randomUUID(), deadline: Date.now() + DEADLINE_MS, taps: [tap] });
  }

  async #signed(order: Pick<SignedTaps, 'nonce' | 'deadline' | 'taps'>): Promise<SignedTaps> {
    const unsigned = { nonce: order.nonce, deadline: order.deadline, taps: order.taps };
    const signature = await crypto.subtle.sign(
      { name: 'ECDSA', hash: 'SHA-256' },
      this.keys.privateKey,
      new TextEncoder().encode(signedText(this.origin, this.sessionId, unsigned)),
    );
    return { ...unsigned, signature: Buffer.from(signature).toString('base64url') };
  }
}
