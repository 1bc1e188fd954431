import { Failure } from '../../ports/failure.ts';
import type { TableRows, TailHead, TailSource } from '../../ports/tail.ts';
import { admit } from '../houses/admission.ts';
import { ownSnapshots, tailsOf, type OwnBooks } from '../houses/ownership.ts';
import { manifestKey, type Manifest } from './manifest.ts';
import type { ObjectStore } from './object-store.ts';
import { RowMemory } from './row-memory.ts';
import {
  encodeSegment,
  readSegment,
  readSegmentName,
  segmentKey,
  type SegmentHeader,
  type SegmentName,
  type ShippedHead,
} from './segment.ts';
import { expectAhead } from './seen-heads.ts';
import { holeAfter, newestTail } from './tail-hole.ts';

/** Rows of one segment, about. */
const SEGMENT_ROWS = 20_000;
/**
 * Rows that tell their change by a time are looked for from so long before the last shipment: they are
 * stamped before they are committed.
 */
const LOOK_BACK_MS = 120_000;

export interface Shipped {
  readonly keys: readonly string[];
  readonly head: TailHead;
  readonly at: number;
}

/** Where a tail stands: what its last whole shipment led to, and its last segment. */
interface Position {
  readonly tail: string;
  readonly number: number;
  /** Key of that segment. */
  readonly previous: string | null;
  /** Number of the snapshot that the tail began at. */
  readonly base: number;
  readonly to: ShippedHead;
}

/**
 * Writes what was committed since the last time as segments of a tail, each durable before the next. One at a
 * time.
 */
export class TailShipper {
  #memory = new RowMemory();
  #shippedAt: number | null = null;
  /** What must lie in the store still: the last segment, and the one before the last shipment. */
  #expected: readonly string[];

  private constructor(
    private readonly source: TailSource,
    private readonly store: ObjectStore,
    private readonly now: () => number,
    private readonly segmentRows: number,
    private position: Position,
  ) {
    this.#expected = [position.previous ?? manifestKey(position.tail)];
  }

  /**
   * Continues the newest tail in the store, or starts one after the newest snapshot: where a segment after
   * that is missing, or numbers that would come next are taken, a restore could not go through it.
   * @param snapshots complete ones, oldest first.
   * @param sent keys of segments that are known from elsewhere, such as the bucket.
   * @throws Failure `snapshot_needed` when there is none of this ledger, `other_house`, `books_behind`; Error
   *   for a last segment that is damaged.
   */
  static async open(
    source: TailSource,
    store: ObjectStore,
    snapshots: readonly Manifest[],
    now: () => number,
    segmentRows = SEGMENT_ROWS,
    sent: readonly string[] = [],
  ): Promise<TailShipper> {
    await expectHistory(source, store, now());
    const head = source.begin();
    try {
      const own = ownOf(source, head);
      const last = await lastPosition(store, snapshots, own, sent);
      const ours = (batch: number, hash: string) => batch === 0 || source.hashOf(batch) === hash;
      const hole = last?.hole ?? null;
      if (
        hole === null &&
        last?.to &&
        last.to.schema === head.schema &&
        ours(last.to.ledger.batch, last.to.ledger.hash)
      )
        return new TailShipper(source, store, now, segmentRows, { ...last, to: last.to });
      // A tail whose very first shipment failed half way continues from its own snapshot, after the segments
      // already there.
      const mayBegin = (snapshot: Manifest) =>
        last === null ||
        isBefore(last, snapshot) ||
        (hole === null && last.to === null && snapshot.id === last.tail);
      const base = ownSnapshots(snapshots, own).findLast(
        (snapshot) =>
          snapshot.schema === head.schema &&
          ours(snapshot.ledger.batch, snapshot.ledger.hash) &&
          mayBegin(snapshot),
      );
      if (base === undefined)
        throw new Failure(
          'snapshot_needed',
          last === null
            ? 'no snapshot of this ledger yet'
            : (hole ?? 'the shipped tail belongs to another ledger or schema'),
        );
      const { number, previous } = base.id === last?.tail ? last : { number: 0, previous: null };
      return new TailShipper(source, store, now, segmentRows, {
        ...{ tail: base.id, number, previous },
        ...{ base: base.number ?? 0, to: base },
      });
    } finally {
      source.end();
    }
  }

  /** The state up to which everything is in the store. */
  get head(): ShippedHead['ledger'] {
    return this.position.to.ledger;
  }

  /** Keys of the newest segments that it has shipped, or found there. */
  get keys(): readonly string[] {
    return this.#expected;
  }

  /**
   * Ships what came since.
   * @returns null when there was nothing.
   * @throws Failure `snapshot_needed` when the schema has changed, or what was shipped is not in the store:
   *   another disk lies over the folder, or no longer does.
   */
  async ship(): Promise<Shipped | null> {
    await this.#expectShipped();
    const at = this.now();
    const to = this.source.begin();
    try {
      if (to.schema !== this.position.to.schema)
        throw new Failure('snapshot_needed', 'the schema of the database has changed');
      const { batch, hash } = this.position.to.ledger;
      if (batch > 0 && this.source.hashOf(batch) !== hash)
        throw new Failure(
          'snapshot_needed',
          `the books are not those that were shipped: batch ${batch} is missing or differs`,
        );
      // A clock that was set back would hide changes that are found by their time.
      const since = this.#shippedAt === null || at < this.#shippedAt ? null : this.#shippedAt - LOOK_BACK_MS;
      const keys = await this.#write(to, at, this.#rows(since));
      this.#shippedAt = at;
      if (keys.length === 0) return null;
      this.#expected = [this.#expected.at(-1)!, keys.at(-1)!];
      this.position = { ...this.position, to };
      return { keys, head: to, at };
    } catch (error) {
      // What was read and not shipped must be read again.
      this.#shippedAt = null;
      this.#memory = new RowMemory();
      throw error;
    } finally {
      this.source.end();
    }
  }

  /** Another disk that comes between two shipments shows at the next one, by the segment before. */
  async #expectShipped(): Promise<void> {
    for (const key of this.#expected)
      if (!(await this.store.list(key)).includes(key))
        throw new Failure('snapshot_needed', `${key} is no longer in ${this.store.name}`);
  }

  *#rows(since: number | null): Generator<TableRows> {
    const { to } = this.position;
    yield* this.source.added({ batch: to.ledger.batch, numbers: to.numbers });
    this.#memory.begin();
    for (const rows of this.source.changed(since)) {
      const news = this.#memory.news(rows);
      if (news.rows.length > 0) yield news;
    }
    // An account whose own limits went back to the usual is not among those that are looked for any more.
    for (const rows of this.source.accounts(this.#memory.gone('accounts'))) {
      const news = this.#memory.otherwise(rows);
      if (news.rows.length > 0) yield news;
    }
  }

  async #write(to: TailHead, at: number, all: Iterable<TableRows>): Promise<string[]> {
    const keys: string[] = [];
    const from = { batch: this.position.to.ledger.batch, hash: this.position.to.ledger.hash };
    let tables: TableRows[] = [];
    let rows = 0;
    const flush = async (complete: boolean): Promise<void> => {
      const header: SegmentHeader = {
        format: 'tapgrid-tail-1',
        number: this.position.number + 1,
        previous: this.position.previous === null ? null : hashOfKey(this.position.previous),
        base: this.position.base,
        from,
        to,
        at,
        part: keys.length,
        complete,
      };
      const bytes = encodeSegment({ header, tables });
      const key = segmentKey(this.position.tail, header, bytes);
      await this.store.put(key, bytes);
      keys.push(key);
      // Counted at once: a shipment that fails half way leaves its segments behind, and the next one comes
      // after them.
      this.position = { ...this.position, number: header.number, previous: key };
      tables = [];
      rows = 0;
    };
    for (const table of all) {
      if (rows >= this.segmentRows) await flush(false);
      tables.push(table);
      rows += table.rows.length;
    }
    if (tables.length > 0 || keys.length > 0) await flush(true);
    return keys;
  }
}

/** @throws Error for books of before houses had ids. */
export function ownOf(source: Pick<TailSource, 'hashOf' | 'newestBatch'>, { house }: TailHead): OwnBooks {
  if (house === null)
    throw new Error('the books have no house id yet: start the server of this version first');
  return {
    house,
    // The books change while a store is asked what it has seen of them: their end is read after that.
    get end() {
      return source.newestBatch();
    },
    hashOf: (batch) => source.hashOf(batch),
  };
}

/** Whether a tail began at a snapshot before this one. */
const isBefore = ({ base, tail }: Pick<Position, 'base' | 'tail'>, { number = 0, id }: Manifest): boolean =>
  base < number || (base === number && tail < id);

const hashOfKey = (key: string): string => key.replace(/^.*([0-9a-f]{64})\.jsonl\.zst$/, '$1');

/** @throws Failure `other_house`, `books_behind`: nothing of theirs may be shipped here. */
async function expectHistory(source: TailSource, store: ObjectStore, at: number): Promise<void> {
  const head = source.begin();
  // Their end is asked for after that of what was seen of them, and no snapshot may hide it.
  source.end();
  const own = ownOf(source, head);
  await admit(store, own, { adopt: false, at });
  await expectAhead(store, own);
}

/**
 * Where the newest tail of the house ended: the number after which the next segment comes, the last whole
 * shipment, null when none ended, and why nothing can follow it, null where something can.
 */
async function lastPosition(
  store: ObjectStore,
  snapshots: readonly Manifest[],
  own: OwnBooks,
  sent: readonly string[],
): Promise<
  (Omit<Position, 'to'> & { readonly to: ShippedHead | null; readonly hole: string | null }) | null
> {
  const tail = newestTail(await tailsOf(store, snapshots, own), own);
  const last = tail?.segments.at(-1);
  if (tail === undefined || last === undefined) return null;
  const newest = ownSnapshots(snapshots, own).at(-1);
  const hole =
    newest === undefined
      ? 'there is no snapshot of this house any more'
      : ((await holeAfter(store, tail.segments, newest)) ?? takenAfter(last, sent));
  const position = { tail: last.tail, number: last.number, previous: last.key, base: tail.base, hole };
  for (const name of tail.segments.toReversed()) {
    const { header } = await readSegment(store, name);
    if (header.complete) return { ...position, to: header.to };
  }
  return { ...position, to: null };
}

/** Two segments of one number would be a fork. */
function takenAfter({ tail, number }: SegmentName, sent: readonly string[]): string | null {
  const lost = sent.map(readSegmentName).find((name) => name?.tail === tail && name.number > number);
  return lost ? `segment ${lost.number} of the tail ${tail} is missing: it was sent from here` : null;
}
