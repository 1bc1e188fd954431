import type { Database } from 'bun:sqlite';
import { dirname } from 'node:path';
import { present } from '../../game/present.ts';
import { firstNotBefore } from '../../game/halving.ts';
import { micros } from '../../game/money.ts';
import type { SealedSegment } from '../../ports/archive.ts';
import type { ArchivedPart } from '../../ports/archived.ts';
import { openReaderDatabase, prepare } from '../database.ts';
import { AccountIndex, type AccountEnd } from './account-index.ts';
import { readNewest, readSegments } from './archive-end.ts';

interface Checkpoint {
  readonly ledgerId: number;
  readonly balance: number;
  readonly version: number;
}

const CACHE_KIB = 1_024;

/**
 * What is in the archive and not on this disk: the live books have the segments with their times and the
 * newest checkpoint of each account, the index how each account stood at the end of every segment that moved
 * it.
 */
export class ArchivedParts {
  readonly #db: Database;
  readonly #index: AccountIndex;
  readonly #checkpoint;
  #sealed: readonly SealedSegment[] = [];

  /**
   * @param path of the live database. @param here numbers of the segments whose rows can be read on this
   * disk.
   */
  constructor(
    path: string,
    private readonly here: () => ReadonlySet<number>,
  ) {
    this.#db = openReaderDatabase(path, CACHE_KIB);
    this.#index = new AccountIndex(dirname(path));
    this.#checkpoint = prepare<Checkpoint>(
      this.#db,
      `SELECT ledger_id AS "ledgerId", balance, version FROM ledger_checkpoints WHERE account_id = $1
      AND ledger_id <= $2 ORDER BY ledger_id DESC LIMIT 1`,
    );
  }

  /** Null where every row of the account is here. */
  ofAccount(accountId: string): ArchivedPart | null {
    const sealed = this.#segments();
    if (sealed.length === 0) return null;
    const here = this.here();
    if (sealed.every(({ number }) => here.has(number))) return null;
    const newest = this.#accountEnds(accountId).find(({ segment }) => !here.has(segment));
    if (newest === undefined) return null;
    const { segment, balance, version } = newest;
    return {
      until: present(sealed[segment - 1], 'segment').endedAt,
      balance: micros(balance),
      rows: version,
      segment,
    };
  }

  /** Segments with commits of that time that are not here, by number. */
  between(from: number, to: number): number[] {
    const sealed = this.#segments().filter(({ beganAt, endedAt }) => endedAt >= from && beganAt <= to);
    if (sealed.length === 0) return [];
    const here = this.here();
    return sealed.flatMap(({ number }) => (here.has(number) ? [] : [number]));
  }

  /** Whether a segment has ledger rows of the account. */
  moved(accountId: string, number: number): boolean {
    return (
      this.#segments().length > 0 && this.#accountEnds(accountId).some(({ segment }) => segment === number)
    );
  }

  close(): void {
    this.#checkpoint.finalize();
    this.#index.close();
    this.#db.close();
  }

  /**
   * The newest first, of sealed segments. The checkpoint says the same of the newest, also where the index
   * was lost.
   */
  #accountEnds(accountId: string): readonly AccountEnd[] {
    const sealed = this.#segments();
    const indexed = this.#index.ofAccount(accountId).filter(({ segment }) => segment <= sealed.length);
    const checkpoint = this.#checkpoint.get(accountId, sealed.at(-1)?.ledgerId ?? 0);
    if (checkpoint === null || checkpoint.version === indexed[0]?.version) return indexed;
    const ending = sealed[firstNotBefore(sealed, ({ ledgerId }) => ledgerId < checkpoint.ledgerId)];
    return [{ ...checkpoint, segment: (ending ?? present(sealed.at(-1), 'segment')).number }, ...indexed];
  }

  /** Segments are only ever added: the list is read again when there is a newer one. */
  #segments(): readonly SealedSegment[] {
    const newest = readNewest(this.#db);
    if ((newest?.number ?? 0) !== (this.#sealed.at(-1)?.number ?? 0)) this.#sealed = readSegments(this.#db);
    return this.#sealed;
  }
}
