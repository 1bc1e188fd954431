import type { Database, Statement } from 'bun:sqlite';
import { PRIOR_BOARDS } from '../game/learned/learned-boards.ts';
import type { LearnedBoards } from '../game/learned/learned-quote.ts';
import { prepare, type Binding } from './database.ts';
import type { Versions } from './rows/revision.ts';
import { versionOf, type VersionRow } from './rows/shadow.ts';

/** Versions at hand; a board names one for five minutes. */
const VERSIONS_KEPT_MAX = 64;

/** What the shadow book had taught by the end of its blocks, each read once. */
export class LearnedVersions {
  readonly #row: Statement<VersionRow, Binding[]>;
  readonly #kept = new Map<number, LearnedBoards>();

  /** @param elsewhere is asked for blocks that are not in this file. */
  constructor(
    db: Database,
    private readonly elsewhere?: Versions,
  ) {
    this.#row = prepare(
      db,
      `SELECT block, window_ms AS "windowMs", windows, factors, buckets FROM shadow_blocks WHERE block = $1`,
    );
  }

  /** @throws Error where the block is not there. */
  readonly of: Versions = (block) => {
    const known = block === PRIOR_BOARDS.version ? PRIOR_BOARDS : this.#kept.get(block);
    if (known !== undefined) return known;
    const version = this.#read(block);
    if (this.#kept.size >= VERSIONS_KEPT_MAX) this.#kept.clear();
    this.#kept.set(block, version);
    return version;
  };

  finalize(): void {
    this.#row.finalize();
  }

  #read(block: number): LearnedBoards {
    const row = this.#row.get(block);
    if (row !== null) return versionOf(row);
    if (this.elsewhere !== undefined) return this.elsewhere(block);
    throw new Error(`there is no block ${block} of the shadow book`);
  }
}
