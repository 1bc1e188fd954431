import type { Database, Statement } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import { BALANCE_MICROS_MAX, CURRENCIES, micros, type Currency, type Micros } from '../../game/money.ts';
import { prepare, type Binding } from '../database.ts';
import { insertInto, newestNumber, type Insert } from '../row-statements.ts';
import { ACCOUNTS, UNUSED } from '../rows/account.ts';
import { internalAccount, type InternalRole } from '../rows/internal-account.ts';
import { closedLine, type ClosedBet } from '../rows/bet.ts';
import { entryLine, LEDGER, type EntryRow } from '../rows/entry.ts';

const INTERNAL_ROLES: readonly InternalRole[] = ['house', 'open', 'funding'];

/** Accounts whose state is at hand. */
const ACCOUNTS_KEPT_MAX = 50_000;

/** An account after a movement. */
export interface Moved {
  readonly balance: Micros;
  readonly version: number;
}

/**
 * The next state of an account whose row was changed by the amount, from this version on and no other: then
 * it is the one in the row.
 */
export const movedBy = ({ balance, version }: Moved, amount: Micros): Moved => ({
  balance: micros(balance + amount),
  version: version + 1,
});

/** The row of an account has another version than is remembered: a bug, or somebody else who writes. */
export const disagreement = (accountId: string): Error =>
  new Error(`account ${accountId} is not as the ledger has it`);

/**
 * The ledger rows of a batch. Each movement of a player is a row of its own; the other side is summed per
 * internal account and posted once, by {@link settle}, so that the balances of a currency add up to zero at
 * every commit.
 */
export class Entries {
  readonly #insert: Insert<typeof LEDGER>;
  readonly #move: Statement<{ balance: number; version: number }, Binding[]>;
  readonly #account: Statement<{ balance: number; version: number }, Binding[]>;
  readonly #accounts = new Map<string, Moved>();
  readonly #internal = new Map<string, number>();
  readonly #counters = new Map<string, number>();
  readonly #openFunding: Insert<typeof ACCOUNTS>;
  /** Of each currency the account that gives now: see {@link #fundingFor}. */
  readonly #funding = new Map<Currency, { readonly id: string; readonly number: number }>();
  #nextId: number;
  #batch = 0;
  #lines: string[] = [];

  /** @param archived highest id in the archive: no id comes twice. */
  constructor(db: Database, archived: number) {
    this.#insert = insertInto(db, LEDGER);
    this.#move = prepare(
      db,
      `UPDATE accounts SET balance = balance + $1, version = version + 1 WHERE id = $2
      RETURNING balance, version`,
    );
    this.#nextId = 1 + Math.max(archived, newestNumber(db, LEDGER));
    this.#account = prepare(db, 'SELECT balance, version FROM accounts WHERE id = $1');
    this.#openFunding = insertInto(db, ACCOUNTS);
    for (const currency of CURRENCIES) {
      for (const role of INTERNAL_ROLES) {
        const id = internalAccount(role, currency);
        this.#internal.set(id, micros(present(this.#account.get(id), 'account').balance));
      }
      for (
        let number = 1, id = fundingAccount(currency, 1), found = this.#account.get(id);
        found !== null;
        id = fundingAccount(currency, ++number), found = this.#account.get(id)
      ) {
        this.#internal.set(id, micros(found.balance));
        this.#funding.set(currency, { id, number });
      }
    }
  }

  start(batch: number): void {
    this.#batch = batch;
    this.#lines = [];
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Id that the next row will have. */
  get nextId(): number {
    return this.#nextId;
  }

  /** What the house has of a currency now, the movements of this batch included. */
  bankroll(currency: Currency): Micros {
    return micros(this.#internalBalance(internalAccount('house', currency)));
  }

  /** Whether the house could take this stake and all that are open, if every one of them is lost. */
  hasRoomFor(currency: Currency, stake: Micros): boolean {
    return (
      this.bankroll(currency) + this.#internalBalance(internalAccount('open', currency)) + stake <=
      BALANCE_MICROS_MAX
    );
  }

  /**
   * How the account stands now, the movements of this batch included: every one of them is posted here.
   * @throws Error when there is no such account: a bug.
   */
  accountOf(accountId: string): Moved {
    const known = this.#accounts.get(accountId);
    if (known !== undefined) return known;
    const found = this.#account.get(accountId);
    if (found === null) throw new Error(`there is no account ${accountId}`);
    return this.#keep(accountId, { balance: micros(found.balance), version: found.version });
  }

  /** Writes the row of a player's movement that his account already made. */
  post(
    accountId: string,
    kind: EntryRow['kind'],
    amount: Micros,
    moved: Moved,
    betId: string | null,
    at: number,
    closed?: ClosedBet,
  ): void {
    const row: EntryRow = {
      id: this.#nextId++,
      batch: this.#batch,
      accountId,
      at,
      kind,
      amount: micros(amount),
      balanceAfter: micros(moved.balance),
      version: moved.version,
      betId,
    };
    this.#insert(row);
    this.#lines.push(entryLine(row));
    if (closed) this.#lines.push(closedLine(closed));
    this.#keep(accountId, moved);
  }

  /** Adds to the batch's movement of an internal account. */
  counter(role: InternalRole, currency: Currency, amount: Micros): void {
    const id = role === 'funding' ? this.#fundingFor(currency, amount) : internalAccount(role, currency);
    this.#counters.set(id, micros((this.#counters.get(id) ?? 0) + amount));
    this.#internal.set(id, micros(this.#internalBalance(id) + amount));
  }

  /** Posts the summed other sides. */
  settle(at: number): void {
    for (const [id, amount] of this.#counters) {
      if (amount === 0) continue;
      const moved = present(this.#move.get(micros(amount), id), 'account');
      this.post(
        id,
        'counter',
        micros(amount),
        { balance: micros(moved.balance), version: moved.version },
        null,
        at,
      );
    }
    this.#counters.clear();
  }

  /**
   * What funding gave only grows, and 10,000 dollars of play money for half a million accounts come to the
   * bound: when one account has given enough, the next one takes over.
   */
  #fundingFor(currency: Currency, amount: Micros): string {
    const { id, number } = present(this.#funding.get(currency), 'funding account');
    if (Math.abs(this.#internalBalance(id) + amount) <= BALANCE_MICROS_MAX) return id;
    const next = { id: fundingAccount(currency, number + 1), number: number + 1 };
    this.#openFunding({ ...UNUSED, id: next.id, kind: 'funding', currency });
    this.#internal.set(next.id, 0);
    this.#funding.set(currency, next);
    return next.id;
  }

  /** The balance of an account of the house itself, the movements of this batch included. */
  #internalBalance(id: string): number {
    return present(this.#internal.get(id), `account ${id}`);
  }

  #keep(accountId: string, moved: Moved): Moved {
    if (this.#accounts.size >= ACCOUNTS_KEPT_MAX) this.#accounts.clear();
    this.#accounts.set(accountId, moved);
    return moved;
  }
}

const fundingAccount = (currency: Currency, number: number): string =>
  number === 1 ? internalAccount('funding', currency) : `${internalAccount('funding', currency)}:${number}`;
