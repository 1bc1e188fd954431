import { cellId, type Cell } from '../../server/game/grid.ts';
import { dollars, type Multiplier } from '../../server/game/money.ts';
import type { Cents } from '../../server/game/price.ts';
import { signedText } from '../../server/game/tap.ts';
import type { Operation, OperationResult, PlaceBets } from '../../server/ports/ledger.ts';

const ACCOUNTS = 400;
const WINDOW_MS = 5_000;
const BAND = 1_000;
const ROWS = 64;
const CLOSINGS_MAX = 2_000;

/** Limits and bankrolls under which nothing is ever refused. */
export const SETTING = {
  caps: {
    cellShare: 1,
    columnShare: 1,
    totalShare: 1,
    accountShare: 1,
    openBetsMax: 1_000_000,
    betsPerCellMax: 5,
  },
  bankrolls: { PLAY: dollars(500_000_000), USD: dollars(0) },
};

interface Placed {
  readonly betId: string;
  readonly placedAt: number;
}

/**
 * Many traders straight at the ledger: bets that are held, locked, and lose a while later. Ids, nonces and
 * signatures are as random as those of real orders, so that indexes and compression have the same work. Only
 * one `Traders` may record ticks in a file after another.
 */
export class Traders {
  #bets = 0;
  #ticks = 0;
  readonly #held: Placed[] = [];
  readonly #open: Placed[] = [];

  constructor(
    private readonly name: string,
    public now: number,
  ) {}

  async join(send: (operation: Exclude<Operation, PlaceBets>) => Promise<OperationResult>): Promise<void> {
    for (let n = 0; n < ACCOUNTS; n++) {
      const id = `${this.name}-${n}`;
      await send({
        kind: 'open-account',
        accountId: id,
        currency: 'PLAY',
        address: null,
        grant: dollars(1_000_000),
        at: this.now,
      });
      await send({
        kind: 'start-session',
        session: {
          id: `key-${id}`,
          accountId: id,
          currency: 'PLAY',
          tokenHash: id,
          publicKey: `public-${id}`,
          stakeMax: dollars(100),
          dailyCap: dollars(1e8),
          createdAt: this.now,
          expiresAt: this.now + 1e9,
          seenAt: this.now,
        },
      });
    }
  }

  tick(): Operation {
    const revision = ++this.#ticks;
    const number = this.now * 100 + revision;
    return {
      kind: 'record-revision',
      revision: {
        revision: number,
        at: this.now,
        tickSeq: 1,
        pause: null,
        inputs: {
          model: 1,
          spot: 7_600_000 as Cents,
          v10: 1,
          vf: 1,
          cw: 1,
          edge: 0.05,
          margin: 0,
          haircut: 0,
          capHundredths: 2500,
          tickMs: 100,
        },
        columns: [],
      },
    };
  }

  /** One order of one tap each. */
  taps(count: number): PlaceBets[] {
    return Array.from({ length: count }, () => this.#tap(this.#bets++));
  }

  /** The order is durable: its bet will be locked and closed. */
  accepted({ taps, at }: PlaceBets): void {
    for (const tap of taps) if (typeof tap !== 'string') this.#held.push({ betId: tap.betId, placedAt: at });
  }

  /** Those that were placed `afterMs` ago are locked. */
  locks(afterMs: number): Operation[] {
    const due = this.#due(this.#held, afterMs);
    this.#open.push(...due);
    return due.length === 0
      ? []
      : [
          {
            kind: 'lock-bets',
            at: this.now,
            locks: due.map(({ betId }) => ({ betId, multiplier: 210 as Multiplier, revision: this.#ticks })),
          },
        ];
  }

  /** Those that are locked and were placed `afterMs` ago lose. */
  closings(afterMs: number): Operation[] {
    const closed = this.#due(this.#open, afterMs);
    const operations: Operation[] = [];
    for (let from = 0; from < closed.length; from += CLOSINGS_MAX) {
      operations.push({
        kind: 'close-bets',
        at: this.now,
        closings: closed
          .slice(from, from + CLOSINGS_MAX)
          .map(({ betId }) => ({ betId, outcome: 'lost', tickSeq: 1, closedAt: this.now })),
      });
    }
    return operations;
  }

  #due(bets: Placed[], afterMs: number): Placed[] {
    const due = bets.findIndex(({ placedAt }) => placedAt > this.now - afterMs);
    return bets.splice(0, due === -1 ? bets.length : due);
  }

  #tap(number: number): PlaceBets {
    const accountId = `${this.name}-${number % ACCOUNTS}`;
    const round = Math.floor(number / ACCOUNTS);
    const low = (7_000_000 + (round % ROWS) * BAND) as Cents;
    const cell: Cell = {
      startMs: Math.ceil(this.now / WINDOW_MS) * WINDOW_MS + WINDOW_MS * (2 + Math.floor(round / ROWS)),
      windowMs: WINDOW_MS,
      low,
      high: (low + BAND) as Cents,
    };
    const [betId, nonce] = [Bun.randomUUIDv7('hex', this.now), crypto.randomUUID()];
    const taps = [
      { cell: cellId(cell), stake: dollars(1), multiplier: 200 as Multiplier, revision: this.#ticks },
    ];
    return {
      kind: 'place-bets',
      accountId,
      sessionId: `key-${accountId}`,
      currency: 'PLAY',
      simulated: true,
      rule: 2,
      nonce,
      text: signedText('https://taps.example', `key-${accountId}`, { nonce, deadline: this.now, taps }),
      signature: Buffer.from(crypto.getRandomValues(new Uint8Array(64))).toString('base64url'),
      dailyCap: dollars(1e8),
      at: this.now,
      taps: [
        {
          betId,
          cell,
          stake: dollars(1),
          shown: 200 as Multiplier,
          shownRevision: this.#ticks,
          guardPercent: 80,
          lockAt: this.now + 400,
          filled: null,
          multiplierMax: 300 as Multiplier,
        },
      ],
    };
  }
}
