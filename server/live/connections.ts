import type { Connection } from './connection.ts';

/** The open sockets, all and by the account that they belong to. */
export class Connections {
  readonly #all = new Set<Connection>();
  readonly #byAccount = new Map<string, Set<Connection>>();

  get size(): number {
    return this.#all.size;
  }

  add(connection: Connection): void {
    this.#all.add(connection);
    const accountId = connection.caller.session?.accountId;
    if (accountId === undefined) return;
    const mine = this.#byAccount.get(accountId) ?? new Set();
    this.#byAccount.set(accountId, mine.add(connection));
  }

  ofAccount(accountId: string): ReadonlySet<Connection> {
    return this.#byAccount.get(accountId) ?? NOBODY;
  }

  all(): Iterable<Connection> {
    return this.#all;
  }

  /** @returns false when it had left before. */
  remove(connection: Connection): boolean {
    if (!this.#all.delete(connection)) return false;
    const accountId = connection.caller.session?.accountId;
    const mine = accountId === undefined ? undefined : this.#byAccount.get(accountId);
    mine?.delete(connection);
    if (mine?.size === 0) this.#byAccount.delete(accountId!);
    return true;
  }
}

const NOBODY: ReadonlySet<Connection> = new Set();
