import type { Database, Statement } from 'bun:sqlite';
import { isUnrestricted, UNRESTRICTED, type Restriction } from '../../game/restriction.ts';
import { RESTRICTED_ACCOUNTS, restrictionOf, type RestrictedRow } from '../restricted.ts';
import { prepare } from '../database.ts';

/** Accounts that may be blocked or limited at one time: they are at hand for each tap. */
const RESTRICTED_ACCOUNTS_MAX = 100_000;

/** What operators have set for accounts, as the newest of their actions on each says. */
export class Restrictions {
  readonly #restricted = new Map<string, Restriction>();
  readonly #player: Statement;

  constructor(db: Database) {
    this.#player = prepare(db, `SELECT id FROM accounts WHERE id = $1 AND kind = 'player'`);
    for (const row of prepare<RestrictedRow>(db, RESTRICTED_ACCOUNTS).iterate())
      this.#keep(row.accountId, restrictionOf(row));
  }

  of(accountId: string): Restriction {
    return this.#restricted.get(accountId) ?? UNRESTRICTED;
  }

  /** @returns what held before, or why nothing was changed. */
  change(accountId: string, to: Partial<Restriction>): Restriction | 'not_found' | 'too_many' {
    if (this.#player.get(accountId) === null) return 'not_found';
    const before = this.of(accountId);
    if (isUnrestricted(before) && this.#restricted.size >= RESTRICTED_ACCOUNTS_MAX) return 'too_many';
    this.#keep(accountId, { ...before, ...to });
    return before;
  }

  #keep(accountId: string, restriction: Restriction): void {
    if (isUnrestricted(restriction)) this.#restricted.delete(accountId);
    else this.#restricted.set(accountId, restriction);
  }
}
