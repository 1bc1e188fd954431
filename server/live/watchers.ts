import type { Watcher } from './watcher.ts';

/** The open sockets, all and by the account that they belong to. */
export class Watchers {
  readonly #all = new Set<Watcher>();
  readonly #byAccount = new Map<string, Set<Watcher>>();

  get size(): number {
    return this.#all.size;
  }

  add(watcher: Watcher): void {
    this.#all.add(watcher);
    const accountId = watcher.visitor.session?.accountId;
    if (accountId === undefined) return;
    const mine = this.#byAccount.get(accountId) ?? new Set();
    this.#byAccount.set(accountId, mine.add(watcher));
  }

  ofAccount(accountId: string): ReadonlySet<Watcher> {
    return this.#byAccount.get(accountId) ?? NOBODY;
  }

  all(): Iterable<Watcher> {
    return this.#all;
  }

  /** @returns false when it had left before. */
  remove(watcher: Watcher): boolean {
    if (!this.#all.delete(watcher)) return false;
    const accountId = watcher.visitor.session?.accountId;
    const mine = accountId === undefined ? undefined : this.#byAccount.get(accountId);
    mine?.delete(watcher);
    if (mine?.size === 0) this.#byAccount.delete(accountId!);
    return true;
  }
}

const NOBODY: ReadonlySet<Watcher> = new Set();
