import type { Watcher } from './watcher.ts';

/** The open sockets, by their own id and by the account that they belong to. */
export class Watchers {
  readonly #byId = new Map<string, Watcher>();
  readonly #byAccount = new Map<string, Set<Watcher>>();

  get size(): number {
    return this.#byId.size;
  }

  add(id: string, watcher: Watcher): void {
    this.#byId.set(id, watcher);
    const accountId = watcher.visitor.session?.accountId;
    if (accountId === undefined) return;
    const mine = this.#byAccount.get(accountId) ?? new Set();
    this.#byAccount.set(accountId, mine.add(watcher));
  }

  get(id: string): Watcher | undefined {
    return this.#byId.get(id);
  }

  ofAccount(accountId: string): ReadonlySet<Watcher> {
    return this.#byAccount.get(accountId) ?? NOBODY;
  }

  all(): Iterable<Watcher> {
    return this.#byId.values();
  }

  /** @returns the watcher that left, or undefined when it had left before. */
  remove(id: string): Watcher | undefined {
    const watcher = this.#byId.get(id);
    if (watcher === undefined) return undefined;
    this.#byId.delete(id);
    const accountId = watcher.visitor.session?.accountId;
    const mine = accountId === undefined ? undefined : this.#byAccount.get(accountId);
    mine?.delete(watcher);
    if (mine?.size === 0) this.#byAccount.delete(accountId!);
    return watcher;
  }
}

const NOBODY: ReadonlySet<Watcher> = new Set();
