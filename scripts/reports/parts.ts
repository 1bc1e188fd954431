import { join } from 'node:path';
import type { SealedSegment } from '../../server/ports/archive.ts';
import type { BookedRows } from '../../server/ports/booked.ts';
import { AccountIndex, type AccountEnd } from '../../server/store/archive/account-index.ts';
import { FETCHED_FOLDER, fetchedName, HISTORY_FOLDER } from '../../server/store/archive/history-files.ts';
import { SqliteBookedRows } from '../../server/store/booked-rows.ts';
import { DATABASE_FILE } from '../../server/store/store.ts';
import { SegmentBookedRows } from '../../server/upkeep/archive/segment-booked-rows.ts';
import { rowsOfSegment } from '../archive/fetch.ts';
import type { ArchiveHouse } from '../archive/house.ts';
import { fromArchive } from '../archive/reached.ts';

/** The books in parts, oldest first: segments of the archive, on this disk or not, then what is live. */
export class Parts {
  readonly live: BookedRows;
  readonly #index: AccountIndex;
  readonly #history: string;
  #weeks: ReadonlyMap<number, string> = new Map();

  constructor(
    private readonly house: ArchiveHouse,
    dataDir: string,
  ) {
    this.#history = join(dataDir, HISTORY_FOLDER);
    this.live = new SqliteBookedRows(join(dataDir, DATABASE_FILE));
    this.#index = new AccountIndex(dataDir);
  }

  segments(): readonly SealedSegment[] {
    return this.house.source.segments();
  }

  /** How an account stood after the segments that moved it; null where that is not known of all of them. */
  ends(accountId: string): readonly AccountEnd[] | null {
    const known = this.#index.segments();
    return this.segments().every(({ number }) => known.has(number)) ? this.#index.ofAccount(accountId) : null;
  }

  /**
   * The rows of a segment, from this disk, else from the store.
   * @throws CommandFailure `archive_unreachable`, with exit code 3
   */
  async open(segment: SealedSegment): Promise<BookedRows> {
    for (const name of [this.#weekOf(segment), join(FETCHED_FOLDER, fetchedName(segment.number))])
      if (name !== null)
        try {
          return new SqliteBookedRows(join(this.#history, name));
        } catch {
          // It is not there, or has left the disk meanwhile.
        }
    return new SegmentBookedRows((await fromArchive(() => rowsOfSegment(this.house, segment))).rows);
  }

  close(): void {
    this.#index.close();
    this.live.close();
  }

  #weekOf({ number }: SealedSegment): string | null {
    // Files leave the disk, the oldest first, and what is sealed later is in a newer one.
    if (number > Math.max(0, ...this.#weeks.keys()))
      this.#weeks = new Map(
        this.house.weekFiles.files().flatMap(({ name, segments }) => segments.map((one) => [one, name])),
      );
    return this.#weeks.get(number) ?? null;
  }
}
