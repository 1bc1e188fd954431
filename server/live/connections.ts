import type { Connection } from './connection.ts';

/** The open sockets, all and by the account that they belong to. */
export class Connections {
  readonly #all = new Set<Connection>();
  readonly #byAccount = new Map<string, Set<Connection>>();
  /** Pages by who has them open. */
  readonly #pagesOf = new Map<string, number>();

  get size(): number {
    return this.#all.size;
  }

  /**
   * Who has a page open, however many: each account once, and of those who are not signed in each address
   * once. Programs are no people, and nor is what a page of another site opens.
   */
  get people(): number {
    return this.#pagesOf.size;
  }

  add(connection: Connection): void {
    this.#all.add(connection);
    this.#countPage(connection, 1);
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
    this.#countPage(connection, -1);
    const accountId = connection.caller.session?.accountId;
    const mine = accountId === undefined ? undefined : this.#byAccount.get(accountId);
    mine?.delete(connection);
    if (mine?.size === 0) this.#byAccount.delete(accountId!);
    return true;
  }

  #countPage({ caller }: Connection, change: 1 | -1): void {
    if (caller.kind !== 'page' || caller.isGuest) return;
    const who = caller.session?.accountId ?? `at ${caller.address}`;
    const pages = (this.#pagesOf.get(who) ?? 0) + change;
    if (pages > 0) this.#pagesOf.set(who, pages);
    else this.#pagesOf.delete(who);
  }
}

const NOBODY: ReadonlySet<Connection> = new Set();
