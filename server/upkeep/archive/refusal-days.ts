import { isRecord } from '../../game/outside-value.ts';
import type { Page } from '../../ports/books.ts';
import { isFailure, messageOf } from '../../ports/failure.ts';
import type { RefusalRow, RefusalsWanted } from '../../ports/refusals.ts';
import { isUnanswered } from '../../ports/unanswered.ts';
import { sha256, type ObjectStore } from '../backup/object-store.ts';

const DAY_MS = 86_400_000;
/** Rows are written up to a minute after their time, and later where the disk was full. */
const SETTLED_MS = DAY_MS;
const PAGE_ROWS = 200;
const LEVEL = 3;
const FORMAT = 'tapgrid-refusals-1';
/** Where the days of a house are put. */
export const refusalsPrefix = (house: string): string => `refusals/${house}/`;

const NAME = /^(\d{4}-\d\d-\d\d)\.jsonl\.zst$/;

/** What the books hold of refused orders, newest first. */
export interface RefusalSource {
  refusals(wanted: RefusalsWanted, cursor: string | null, limit: number): Page<RefusalRow>;
}

/**
 * Refused orders in an object store, a UTC day an object, before they leave the books. A day is written once
 * it is long over, read back, and never changed.
 */
export class RefusalDays {
  readonly #prefix: string;

  constructor(
    private readonly store: ObjectStore,
    private readonly house: string,
  ) {
    this.#prefix = refusalsPrefix(house);
  }

  /**
   * Writes every day that is over and not there yet.
   * @param from of the oldest rows that may still be in the books, UTC epoch ms.
   * @returns the days, `2026-06-15`. @throws Failure `object_differs` where one reads back as another.
   */
  async archive(books: RefusalSource, from: number, now: number): Promise<string[]> {
    const there = new Set(await this.days());
    const written: string[] = [];
    for (let start = from - (from % DAY_MS); start + DAY_MS + SETTLED_MS <= now; start += DAY_MS) {
      const day = dayOf(start);
      if (there.has(day)) continue;
      const rows = rowsOf(books, start);
      if (rows.length === 0) continue;
      await this.#put(day, rows);
      written.push(day);
    }
    return written;
  }

  /** Oldest first. */
  async days(): Promise<string[]> {
    const keys = await this.store.list(this.#prefix);
    return keys.flatMap((key) => NAME.exec(key.slice(this.#prefix.length))?.[1] ?? []).sort();
  }

  /** The rows of a day, oldest first; none where that day is not there. @throws Error where it is damaged. */
  async rows(day: string): Promise<RefusalRow[]> {
    let packed: Uint8Array;
    try {
      packed = await this.store.get(this.#keyOf(day));
    } catch (cause) {
      if (isFailure(cause, 'object_missing')) return [];
      throw cause;
    }
    const [head = '', ...lines] = new TextDecoder()
      .decode(await Bun.zstdDecompress(packed))
      .trimEnd()
      .split('\n');
    const said: unknown = JSON.parse(head);
    const { format, house, day: named, rows } = isRecord(said) ? said : {};
    if (format !== FORMAT || house !== this.house || named !== day || rows !== lines.length)
      throw new Error(`${this.#keyOf(day)} is not what its name says`);
    return lines.map((line) => JSON.parse(line) as RefusalRow);
  }

  /**
   * Reads every day. @returns a sentence for each that is not as its name says.
   * @throws Error when the store does not answer.
   */
  async faults(): Promise<string[]> {
    const found: string[] = [];
    for (const day of await this.days())
      try {
        await this.rows(day);
      } catch (cause) {
        if (isUnanswered(cause)) throw cause;
        found.push(`refused orders of ${day}: ${messageOf(cause)}`);
      }
    return found;
  }

  async #put(day: string, rows: readonly RefusalRow[]): Promise<void> {
    const head = { format: FORMAT, house: this.house, day, rows: rows.length };
    const raw = Buffer.from(`${[head, ...rows].map((line) => JSON.stringify(line)).join('\n')}\n`);
    const key = this.#keyOf(day);
    await this.store.put(key, await Bun.zstdCompress(raw, { level: LEVEL }));
    if (sha256(await Bun.zstdDecompress(await this.store.get(key))) !== sha256(raw))
      throw new Error(`${this.store.name} ${key} reads back differently`);
  }

  #keyOf(day: string): string {
    return `${this.#prefix}${day}.jsonl.zst`;
  }
}

function rowsOf(books: RefusalSource, start: number): RefusalRow[] {
  const rows: RefusalRow[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Page<RefusalRow> = books.refusals({ from: start, to: start + DAY_MS }, cursor, PAGE_ROWS);
    rows.push(...page.rows);
    if ((cursor = page.cursor) === null) return rows.reverse();
  }
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
