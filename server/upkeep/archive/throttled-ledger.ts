import { present } from '../../game/present.ts';
import {
  DELETED_TABLES,
  type ArchiveOperation,
  type ArchiveResult,
  type DeletedTable,
} from '../../ports/archive.ts';
import { Failure } from '../../ports/failure.ts';
import type { ArchiverParts } from './archive-run.ts';
import { Throttle, type ThrottleLimits } from './throttle.ts';

/** Pages that one run gives back at most, 256 MiB: each is written once more. */
const SHRINK_PAGES_MAX = 65_536;

/** The ledger as the archiver has it: between the taps, a slice at a time. */
export class ThrottledLedger {
  readonly #throttle: Throttle;
  readonly #deleted = new Map<DeletedTable, number>(DELETED_TABLES.map((table) => [table, 0]));

  /** @param deleting is called for each deleted slice. */
  constructor(
    private readonly ledger: ArchiverParts['write'],
    private readonly limits: ThrottleLimits,
    private readonly deleting: () => void | Promise<void>,
  ) {
    this.#throttle = new Throttle(limits);
  }

  /** Rows that were deleted, by table. */
  get deleted(): Readonly<Record<DeletedTable, number>> {
    return Object.fromEntries(this.#deleted) as Record<DeletedTable, number>;
  }

  /**
   * Deletes what is archived and no longer needed, table by table.
   * @param ordersBefore orders that came before this time may go, UTC epoch ms.
   */
  async delete(ordersBefore: number, progressed: (part: number) => void = () => {}): Promise<void> {
    for (const [index, table] of DELETED_TABLES.entries()) {
      for (let after: number | null = 0; after !== null; ) {
        const result: Extract<ArchiveResult, { kind: 'archived' }> = await this.write({
          kind: 'archive-delete',
          table,
          after,
          rowsMax: this.#throttle.rows,
          ordersBefore,
        });
        if (result.deleted > 0) await this.deleting();
        this.#deleted.set(table, present(this.#deleted.get(table), 'count of the table') + result.deleted);
        after = result.next;
      }
      progressed((index + 1) / DELETED_TABLES.length);
    }
  }

  /**
   * Gives free pages of the file back to the disk.
   * @param pagesKept of them stay, for what comes next.
   * @returns how many were given back.
   */
  async shrink(pagesKept: number): Promise<number> {
    const throttle = new Throttle(this.limits);
    for (let given = 0; ; ) {
      const pagesMax = Math.min(throttle.rows, SHRINK_PAGES_MAX - given);
      const began = performance.now();
      const { deleted, next, tookMs } = await this.write({ kind: 'archive-shrink', pagesMax, pagesKept });
      throttle.fit(tookMs, performance.now() - began);
      given += deleted;
      if (next === null || given >= SHRINK_PAGES_MAX) return given;
    }
  }

  /** Rests after each, so that taps have the writer most of the time. */
  async write(operation: ArchiveOperation): Promise<Extract<ArchiveResult, { kind: 'archived' }>> {
    const began = performance.now();
    const result = await this.ledger(operation);
    const passedMs = performance.now() - began;
    if (result.kind === 'not-archived')
      throw new Failure('archive_stopped', `the ledger refuses: ${result.reason}`);
    if (operation.kind === 'archive-delete') this.#throttle.fit(result.tookMs, passedMs);
    await Bun.sleep(this.#throttle.restMs(result.tookMs, passedMs));
    return result;
  }
}
