import type { Database } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import { systemCodeOf } from '../../ports/failure.ts';
import type { Micros, Multiplier } from '../../game/money.ts';
import type { RejectionCode } from '../../game/rejection.ts';
import type { ArchiveEnd } from '../../ports/archive.ts';
import type { OperationResult, PlaceBets, TapResult } from '../../ports/ledger.ts';
import { prepare } from '../database.ts';
import { insertInto, newestNumber } from '../row-statements.ts';
import { INTENTS, type IntentRow } from '../rows/intent.ts';
import { plainId } from '../rows/line.ts';

/** The signed orders in the books: a nonce of an account is an order at most once. */
export class Orders {
  readonly #statements: ReturnType<typeof statements>;
  #next: number;

  constructor(
    db: Database,
    private readonly archived: () => Pick<ArchiveEnd, 'intentId'>,
  ) {
    this.#statements = statements(db);
    this.#next = 1 + Math.max(archived().intentId, newestNumber(db, INTENTS));
  }

  /** Number of the order that is being placed. */
  get next(): number {
    return this.#next;
  }

  /** Writes an order down under the number {@link next}, until it is kept or dropped. */
  insert(order: PlaceBets): 'new' | 'seen' | 'unknown owner' {
    try {
      const written = this.#statements.insert({
        id: this.#next,
        accountId: order.accountId,
        sessionId: order.sessionId,
        nonce: plainId(order.nonce),
        at: order.at,
        text: order.text,
        signature: order.signature,
        outcomes: null,
      });
      return written === 1 ? 'new' : 'seen';
    } catch (error) {
      if (systemCodeOf(error) === 'SQLITE_CONSTRAINT_FOREIGNKEY') return 'unknown owner';
      throw error;
    }
  }

  /** An order of which nothing became a bet leaves no row. */
  drop(): void {
    this.#statements.drop.run(this.#next);
  }

  /** @param results what became of its taps. */
  keep(results: readonly TapResult[]): void {
    const id = this.#next++;
    if (results.every(({ status }) => status === 'accepted')) return;
    this.#statements.setOutcomes.run(
      JSON.stringify(results.map((result) => (result.status === 'rejected' ? result.code : null))),
      id,
    );
  }

  /** The answer to an order that was seen before. */
  again(order: PlaceBets): OperationResult {
    const { id, text, outcomes } = present(this.#statements.order.get(order.accountId, order.nonce), 'order');
    if (text !== order.text) return { kind: 'refused', code: 'nonce_reused' };
    // Its bets are closed and in the archive, so its deadline is long past and what became of it is in the
    // history.
    if (id <= this.archived().intentId) return { kind: 'refused', code: 'deadline_passed' };
    const bets = new Map(this.#statements.betsOf.all(id).map((bet) => [bet.idx, bet]));
    const codes: (RejectionCode | null)[] =
      outcomes === null ? new Array(bets.size).fill(null) : JSON.parse(outcomes);
    const results = codes.map((code, idx): TapResult => {
      if (code !== null) return { status: 'rejected', code };
      const { betId, multiplier, lockAt, balance } = present(bets.get(idx), 'bet');
      return { status: 'accepted', betId, multiplier, lockAt, balance };
    });
    return { kind: 'placed', replayed: true, results, balance: [...bets.values()].at(-1)!.balance };
  }
}

interface PlacedRow {
  readonly idx: number;
  readonly betId: string;
  readonly multiplier: Multiplier;
  readonly lockAt: number;
  readonly balance: Micros;
}

const statements = (db: Database) => ({
  insert: insertInto(db, INTENTS, 'ON CONFLICT (account_id, nonce) DO NOTHING'),
  setOutcomes: prepare(db, 'UPDATE intents SET outcomes = $1 WHERE id = $2'),
  drop: prepare(db, 'DELETE FROM intents WHERE id = $1'),
  order: prepare<Pick<IntentRow, 'id' | 'text' | 'outcomes'>>(
    db,
    'SELECT id, signed_text AS text, outcomes FROM intents WHERE account_id = $1 AND nonce = $2',
  ),
  betsOf: prepare<PlacedRow>(
    db,
    `SELECT b.idx, b.id AS "betId", b.lock_at AS "lockAt", l.balance_after AS balance,
    CASE WHEN b.filled = 1 THEN b.locked ELSE b.shown END AS multiplier
    FROM bets b JOIN ledger l ON l.id = b.stake_entry WHERE b.intent_id = $1 ORDER BY b.idx`,
  ),
});
