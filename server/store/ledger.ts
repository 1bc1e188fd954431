import type { Database } from 'bun:sqlite';
import type { ExposureCaps } from '../game/exposure.ts';
import { CURRENCIES, type Currency, type Micros } from '../game/money.ts';
import { Failure, messageOf } from '../ports/failure.ts';
import type { Commit, Operation, OperationResult } from '../ports/ledger.ts';
import { prepare } from './database.ts';
import { Approvals } from './posting/approvals.ts';
import { Archiving } from './posting/archiving.ts';
import { Batch } from './posting/batch.ts';
import { BlockedRanges } from './posting/blocked-ranges.ts';
import { CalendarBook } from './posting/calendar-book.ts';
import { Entries } from './posting/entries.ts';
import { MaintenancePlan } from './posting/maintenance-plan.ts';
import { Names } from './posting/names.ts';
import { OpenBook } from './posting/open-book.ts';
import { OwnLimitsDesk } from './posting/own-limits.ts';
import { Operating } from './posting/operating.ts';
import { OracleLog } from './posting/oracle-log.ts';
import { Placing } from './posting/placing.ts';
import { Refusing } from './posting/refusing.ts';
import { Registry } from './posting/registry.ts';
import { Restrictions } from './posting/restrictions.ts';
import { Settling } from './posting/settling.ts';
import { Tallies } from './posting/tallies.ts';
import { batchHash, GENESIS_HASH } from './proof/hash.ts';
import { insertInto, type Insert } from './row-statements.ts';
import { BATCHES } from './rows/batch.ts';
import { lockLine } from './rows/bet.ts';

/**
 * The ledger on one SQLite connection, which nothing else writes. A batch of operations is one transaction
 * and one link of the chain. What it keeps in memory follows from the rows; after a failed batch memory and
 * rows may disagree, so it refuses everything from then on.
 */
export class SqliteLedger {
  readonly #db: Database;
  readonly #insertBatch: Insert<typeof BATCHES>;
  readonly #entries: Entries;
  readonly #log: OracleLog;
  readonly #tallies: Tallies;
  readonly #placing: Placing;
  readonly #settling: Settling;
  readonly #registry: Registry;
  readonly #ownLimits: OwnLimitsDesk;
  readonly #names: Names;
  readonly #refusing: Refusing;
  readonly #operating: Operating;
  readonly #archiving: Archiving;
  #head: { readonly batch: number; readonly hash: string; readonly at: number };
  #failure: unknown = null;

  /** @param db migrated, and open for writing. */
  constructor(db: Database, caps: ExposureCaps) {
    this.#db = db;
    this.#insertBatch = insertInto(db, BATCHES);
    this.#archiving = new Archiving(db);
    const { archiveEnd } = this.#archiving;
    this.#entries = new Entries(db, archiveEnd.ledgerId);
    this.#log = new OracleLog(db, archiveEnd);
    this.#tallies = new Tallies(db);
    const book = new OpenBook(db, caps);
    const restrictions = new Restrictions(db);
    const plan = new MaintenancePlan(db);
    this.#placing = new Placing(
      db,
      this.#entries,
      book,
      { restrictions, plan, betsPerCellMax: caps.betsPerCellMax },
      () => this.#archiving.archiveEnd,
    );
    this.#settling = new Settling(db, this.#entries, book, this.#tallies);
    this.#registry = new Registry(db, this.#entries, restrictions);
    this.#ownLimits = new OwnLimitsDesk(db);
    this.#names = new Names(db);
    this.#refusing = new Refusing(db);
    const ranges = new BlockedRanges(db);
    this.#operating = new Operating(db, this.#registry, this.#settling, book, {
      approvals: new Approvals(db),
      restrictions,
      ranges,
      plan,
      calendar: new CalendarBook(db),
      names: this.#names,
    });
    this.#head = prepare<{ batch: number; hash: string; at: number }>(
      db,
      'SELECT seq AS batch, hash, at FROM batches ORDER BY seq DESC LIMIT 1',
    ).get() ?? { batch: 0, hash: GENESIS_HASH, at: 0 };
  }

  /**
   * Applies the operations in order and commits. A batch that leaves the books as they are is no link of the
   * chain: the commit names the head.
   * @throws Failure `commit_unknown` when the transaction failed, or one before it did.
   */
  commit(operations: readonly Operation[], at: number): Commit {
    return this.#transaction(at, (batch) => operations.map((operation) => this.#apply(operation, batch)));
  }

  /** Gives the house of each currency its first money; a house that ever had money keeps what it has. */
  ensureBankrolls(amounts: Readonly<Record<Currency, Micros>>, at: number): void {
    this.#transaction(at, () => {
      for (const currency of CURRENCIES) this.#registry.ensureBankroll(currency, amounts[currency]);
      return [];
    });
  }

  #transaction(at: number, work: (batch: Batch) => OperationResult[]): Commit {
    if (this.#failure !== null)
      throw new Failure('commit_unknown', 'an earlier batch failed; the ledger accepts no more', {
        cause: this.#failure,
      });
    try {
      this.#db.run('BEGIN IMMEDIATE');
      // The time of a commit never falls, whatever the wall clock does.
      const batch = new Batch(this.#head.batch + 1, Math.max(at, this.#head.at));
      this.#entries.start(batch.seq);
      const results = work(batch);
      this.#entries.settle(batch.at);
      this.#tallies.write();
      const head = this.#link(batch);
      this.#db.run('COMMIT');
      this.#head = head;
      return { batch: head.batch, hash: head.hash, results };
    } catch (cause) {
      this.#failure = cause;
      this.#rollBack();
      throw new Failure('commit_unknown', `the batch failed: ${messageOf(cause)}`, {
        cause,
      });
    }
  }

  #rollBack(): void {
    try {
      if (this.#db.inTransaction) this.#db.run('ROLLBACK');
    } catch {
      // The earlier error is the one reported; either way the ledger accepts nothing more.
    }
  }

  #link(batch: Batch): { batch: number; hash: string; at: number } {
    const entries = this.#entries.lines;
    if (
      !this.#log.hasPending &&
      batch.bets.length +
        batch.locks.length +
        batch.revisions.length +
        batch.shadow.length +
        batch.actions.length +
        entries.length ===
        0
    )
      return this.#head;
    this.#log.write(batch);
    const locks = batch.locks.sort((a, b) => a.seq - b.seq).map(lockLine);
    const { seq, at, bets, revisions, shadow, actions } = batch;
    const [previousHash, tickHash] = [this.#head.hash, this.#log.hash];
    const lines = { bets, locks, entries, revisions, shadow, actions, tickHash };
    const hash = batchHash(seq, at, previousHash, lines);
    this.#insertBatch({ seq, at, previousHash, hash, tickHash });
    return { batch: seq, hash, at };
  }

  #apply(operation: Operation, batch: Batch): OperationResult {
    switch (operation.kind) {
      case 'place-bets':
        return this.#placing.place(operation, batch);
      case 'lock-bets':
        return { kind: 'settled', bets: this.#settling.lock(operation.locks, operation.at, batch) };
      case 'close-bets':
        return { kind: 'settled', bets: this.#settling.close(operation.closings, operation.at) };
      case 'record-ticks':
        this.#log.recordTicks(operation.ticks);
        return { kind: 'done' };
      case 'record-revision':
        this.#log.recordRevision(operation.revision, batch);
        return { kind: 'done' };
      case 'record-shadow':
        this.#log.recordShadow(operation.block, operation.learned, batch);
        return { kind: 'done' };
      case 'record-refusals':
        this.#refusing.record(operation);
        return { kind: 'done' };
      case 'open-account':
        return this.#registry.openAccount(operation);
      case 'start-session':
        return this.#registry.startSession(operation);
      case 'refill':
        return this.#registry.refill(operation);
      case 'see-session':
        return this.#registry.seeSession(operation);
      case 'end-sessions':
        return this.#registry.endSessions(operation);
      case 'change-limits':
        return this.#ownLimits.change(operation, batch);
      case 'name-account':
        return this.#names.change(operation);
      case 'post-transfer':
        return this.#registry.transfer(operation);
      case 'operate':
        return this.#operating.operate(operation, batch);
      case 'approve-order':
        return this.#operating.approve(operation, batch);
      case 'archive-checkpoint':
        return this.#archiving.checkpoint(operation);
      case 'archive-delete':
        return this.#archiving.delete(operation);
      case 'archive-shrink':
        return this.#archiving.shrink(operation);
    }
  }
}
