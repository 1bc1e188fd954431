import type { Database } from 'bun:sqlite';
import { present } from '../../game/present.ts';
import { skeletonOf } from '../../game/trader-name.ts';
import type { Operation, OperationResult } from '../../ports/ledger.ts';
import { prepare } from '../database.ts';
import { insertInto } from '../row-statements.ts';
import { NAMES } from '../rows/name.ts';

/** Names that may be shown at one time: the engine has them at hand, and ranks their accounts. */
const NAMED_ACCOUNTS_MAX = 50_000;

const DONE: OperationResult = { kind: 'done' };
const refused = (code: 'not_found' | 'practice_only' | 'name_taken' | 'names_full'): OperationResult => ({
  kind: 'refused',
  code,
});

/** Who is called what: each name once, compared by what look-alikes share. */
export class Names {
  readonly #statements: ReturnType<typeof statements>;

  constructor(db: Database) {
    this.#statements = statements(db);
  }

  /** The same name again changes nothing, nor does taking back one that is not there. */
  change({ accountId, name, at }: Extract<Operation, { kind: 'name-account' }>): OperationResult {
    const account = this.#statements.account.get(accountId);
    if (account === null) return refused('not_found');
    if (account.currency !== 'PLAY') return refused('practice_only');
    const before = this.#statements.name.get(accountId)?.name ?? null;
    if (before === name) return DONE;
    if (name === null) return this.#keep(accountId, null, null, at);
    const skeleton = skeletonOf(name);
    const owner = this.#statements.owner.get(skeleton)?.accountId ?? accountId;
    if (owner !== accountId) return refused('name_taken');
    if (before === null && this.#count() >= NAMED_ACCOUNTS_MAX) return refused('names_full');
    return this.#keep(accountId, name, skeleton, at);
  }

  /** @returns whether there was one. */
  remove(accountId: string, at: number): boolean {
    const known = this.#statements.name.get(accountId)?.name ?? null;
    if (known !== null) this.#keep(accountId, null, null, at);
    return known !== null;
  }

  #keep(accountId: string, name: string | null, skeleton: string | null, at: number): OperationResult {
    // Copies are told by the time what changed, so it never falls, whatever the clock does.
    const newest = this.#statements.newest.get()?.changedAt ?? 0;
    this.#statements.keep({ accountId, name, skeleton, changedAt: Math.max(at, newest) });
    return DONE;
  }

  #count = (): number => present(this.#statements.count.get(), 'count of names').names;
}

const statements = (db: Database) => ({
  account: prepare<{ currency: string }>(
    db,
    `SELECT currency FROM accounts WHERE id = $1 AND kind = 'player'`,
  ),
  name: prepare<{ name: string | null }>(db, 'SELECT name FROM account_names WHERE account_id = $1'),
  owner: prepare<{ accountId: string }>(
    db,
    'SELECT account_id AS "accountId" FROM account_names WHERE skeleton = $1',
  ),
  newest: prepare<{ changedAt: number }>(
    db,
    'SELECT changed_at AS "changedAt" FROM account_names ORDER BY changed_at DESC LIMIT 1',
  ),
  // The index of the names alone is read: some hundred kilobytes at most, when somebody takes a first name.
  count: prepare<{ names: number }>(db, 'SELECT COUNT(*) AS names FROM account_names WHERE name IS NOT NULL'),
  keep: insertInto(
    db,
    NAMES,
    `ON CONFLICT (account_id) DO UPDATE SET name = excluded.name, skeleton = excluded.skeleton,
      changed_at = excluded.changed_at`,
  ),
});
