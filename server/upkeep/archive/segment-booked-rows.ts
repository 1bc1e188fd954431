import { present } from '../../game/present.ts';
import type { SegmentRows } from '../../ports/archive.ts';
import { PAYING_KINDS, type BookedEntry, type BookedRows, type Stretch } from '../../ports/booked.ts';

type Entry = SegmentRows['ledger'][number];

/** Rows of a segment that was fetched, without a file of its own. */
export class SegmentBookedRows implements BookedRows {
  readonly #bookedAt: ReadonlyMap<number, number>;
  readonly #bets: ReadonlyMap<string, SegmentRows['bets'][number]>;
  readonly #orders: ReadonlyMap<number, SegmentRows['intents'][number]>;

  constructor(private readonly rows: SegmentRows) {
    this.#bookedAt = new Map(rows.batches.map(({ seq, at }) => [seq, at]));
    this.#bets = new Map(rows.bets.map((bet) => [bet.id, bet]));
    this.#orders = new Map(rows.intents.map((order) => [order.id, order]));
  }

  ofAccount(accountId: string, version: number, stretch: Stretch, limit: number): BookedEntry[] {
    return this.#some(limit, stretch, (entry) => entry.accountId === accountId && entry.version > version);
  }

  paid(from: number, to: number, stretch: Stretch, limit: number): BookedEntry[] {
    const kinds: readonly string[] = PAYING_KINDS;
    return this.#some(limit, stretch, ({ batch, kind }) => {
      const at = present(this.#bookedAt.get(batch), 'commit of the row');
      return kinds.includes(kind) && at >= from && at < to;
    });
  }

  close(): void {}

  #some(limit: number, { behind, upTo }: Stretch, isMeant: (entry: Entry) => boolean): BookedEntry[] {
    const found: BookedEntry[] = [];
    for (const entry of this.rows.ledger) {
      if (entry.id <= behind || entry.id > upTo || !isMeant(entry)) continue;
      found.push(this.#booked(entry));
      if (found.length === limit) break;
    }
    return found;
  }

  #booked(entry: Entry): BookedEntry {
    const bet = entry.betId === null ? null : (this.#bets.get(entry.betId) ?? null);
    const order = bet === null ? undefined : this.#orders.get(bet.intentId);
    return {
      ...entry,
      bookedAt: present(this.#bookedAt.get(entry.batch), 'commit of the row'),
      bet,
      order: order === undefined ? null : { nonce: order.nonce, sessionId: order.sessionId, at: order.at },
    };
  }
}
