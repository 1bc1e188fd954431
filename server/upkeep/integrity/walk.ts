import { betsPerCell, termsFor } from '../../game/terms.ts';
import type { History, NumberedTable } from '../../ports/history.ts';
import { GENESIS_HASH } from '../../store/proof/hash.ts';
import { LedgerChain } from '../../store/proof/ledger-chain.ts';
import type { BatchRow } from '../../store/rows/batch.ts';
import { ApprovedActions } from './approved-actions.ts';
import { BetBook } from './bet-book.ts';
import { ChainOrder } from './chain-order.ts';
import { Columns } from './columns.ts';
import type { Findings } from './findings.ts';
import { LedgerStreams } from './ledger-streams.ts';
import { MaintainedBets } from './maintained-bets.ts';
import { Money } from './money.ts';
import { NewsRevisions } from './news-revisions.ts';
import { Operators } from './operators.ts';
import { Oracle } from './oracle.ts';
import { Quotes } from './quotes.ts';
import { RestrictedBets } from './restricted-bets.ts';
import { ShadowBlocks } from './shadow-blocks.ts';

/**
 * A read transaction holds back the checkpoint of the live file, so none lasts longer than this plus one
 * batch.
 */
const SLICE_MS = 500;
const BATCHES_PER_PAGE = 500;
/** Ticks before the part that is walked. */
const RECALLED_TICKS = 16_384;

export interface WalkOptions {
  /** Of bets from before any terms were written down. */
  readonly maxGapMs: number;
  /** The first batch to check. */
  readonly from: number;
  /** Heads that were noted elsewhere, by batch. */
  readonly anchors: ReadonlyMap<number, readonly Anchor[]>;
}

export interface Anchor {
  readonly hash: string;
  /** Where it was noted. */
  readonly source: string;
}

export interface WalkCounts {
  readonly batches: number;
  readonly bets: number;
  readonly entries: number;
  readonly ticks: number;
  readonly revisions: number;
  readonly accounts: number;
  readonly relocked: number;
  readonly reresolved: number;
  readonly shadowed: number;
}

/**
 * Walks the ledger batch by batch as if rebuilding it, in short snapshots, until it has caught up with the
 * writer; in the last snapshot the state of the file must equal the result of the batches.
 */
export class Walk {
  readonly #money: Money;
  readonly #oracle: Oracle;
  readonly #book: BetBook;
  readonly #columns: Columns;
  readonly #quotes: Quotes;
  readonly #order: ChainOrder;
  readonly #operators: Operators;
  readonly #approved: ApprovedActions;
  readonly #restricted: RestrictedBets;
  readonly #maintained: MaintainedBets;
  readonly #news: NewsRevisions;
  readonly #shadow: ShadowBlocks;
  readonly #rows: LedgerStreams;
  readonly #chain: LedgerChain;
  readonly #whole: boolean;
  #head: { readonly seq: number; readonly hash: string; readonly at: number };
  /** Batches up to which every bet that was read is known; bets that are read later are known further. */
  #knownUpTo = 0;
  #counts = { batches: 0, bets: 0, entries: 0, ticks: 0, revisions: 0, accounts: 0 };

  /** Within a snapshot of the history. */
  constructor(
    private readonly history: History,
    private readonly findings: Findings,
    private readonly options: WalkOptions,
  ) {
    const { from, maxGapMs } = options;
    this.#whole = from <= 1;
    const before = this.#whole ? null : history.batch(from - 1);
    const numbers = numbersBefore(history, this.#whole ? null : from);
    this.#head = before ?? { seq: from - 1, hash: GENESIS_HASH, at: 0 };
    this.#chain = new LedgerChain(this.#head);
    this.#money = new Money(history, findings, from <= (history.firstBatch()?.seq ?? 1));
    const published = history.terms();
    this.#oracle = new Oracle(history, findings, {
      tickHash: before?.tickHash ?? GENESIS_HASH,
      newestRevision: numbers.revisions,
      // Without those of the archive, more would come than are wanted.
      ticks: history
        .ticksAfter(Math.max(0, numbers.ticks - RECALLED_TICKS), Math.min(numbers.ticks, RECALLED_TICKS))
        .filter(({ seq }) => seq <= numbers.ticks),
    });
    this.#order = new ChainOrder(this.#oracle, findings, published);
    this.#quotes = new Quotes(this.#oracle, findings);
    this.#columns = new Columns(this.#oracle, findings, (row) => {
      const terms = termsFor(row.batch, published)?.terms;
      return { maxGapMs: terms?.maxGapMs ?? maxGapMs, betsPerCellMax: betsPerCell(terms) };
    });
    this.#book = new BetBook(history, findings, this.#quotes, this.#columns, this.#order);
    if (!this.#whole) this.#book.recall(history.betsOpenAt(from, numbers.ledger), from);
    this.#operators = new Operators(findings, numbers.operator_actions);
    this.#approved = new ApprovedActions(findings, history, numbers.operator_actions);
    this.#restricted = new RestrictedBets(findings, history, numbers.operator_actions);
    this.#maintained = new MaintainedBets(findings, history, numbers.operator_actions);
    this.#news = new NewsRevisions(findings, history, numbers.operator_actions);
    this.#shadow = new ShadowBlocks(history, findings);
    this.#rows = new LedgerStreams(history, (table) => numbers[table]);
  }

  /** Where the walk stands. */
  get head(): { readonly seq: number; readonly hash: string; readonly at: number } {
    return this.#head;
  }

  get tickSeq(): number {
    return this.#oracle.last?.seq ?? 0;
  }

  get counts(): WalkCounts {
    return {
      ...this.#counts,
      bets: this.#book.placed,
      relocked: this.#quotes.relocked,
      reresolved: this.#columns.reresolved,
      shadowed: this.#shadow.rebuilt,
    };
  }

  /**
   * One slice within a snapshot that was just begun.
   * @param steadyMs a clock that never jumps.
   * @returns whether the walk has come to the end of the snapshot and held its state against the batches.
   */
  slice(steadyMs: () => number): boolean {
    this.#rows.refresh();
    const last = this.history.head()?.seq ?? 0;
    const until = steadyMs() + SLICE_MS;
    for (;;) {
      const page = this.history.batchesAfter(this.#head.seq, BATCHES_PER_PAGE);
      for (const batch of page) {
        if (batch.seq > this.#knownUpTo) this.#learn(last);
        this.#take(batch);
        if (steadyMs() >= until) return false;
      }
      if (page.length < BATCHES_PER_PAGE) break;
    }
    this.#learn(last);
    this.#settle();
    return true;
  }

  /**
   * Bets that were read as open are known up to the last batch of the snapshot in which they were read, and
   * must be read again before the walk continues.
   */
  #learn(last: number): void {
    if (this.#knownUpTo > 0) this.#book.refresh();
    this.#knownUpTo = last;
  }

  #take(batch: BatchRow): void {
    const place = `batch ${batch.seq}`;
    const rows = this.#rows.upTo(batch.seq);
    const { ticks, revisions, shadow, bets, entries, actions } = rows;
    const misplaced = [...ticks, ...revisions, ...shadow, ...bets, ...entries, ...actions].find(
      (row) => row.batch !== batch.seq,
    );
    if (misplaced !== undefined)
      this.findings.add('ledger_chain', place, `has a row that says it is of batch ${misplaced.batch}`);
    this.#oracle.takeTicks(batch, ticks);
    this.#oracle.takeRevisions(revisions);
    this.#columns.onTicks();
    this.#order.commit(batch, this.#head);
    this.#book.place(bets, batch);
    const locks = this.#book.lock(batch.seq);
    const posted = entries.map((entry) => ({ entry, closed: this.#book.post(entry) }));
    this.#money.take(batch, entries);
    this.#operators.take(actions, posted);
    this.#approved.take(actions);
    this.#restricted.take(actions, { bets, locks, entries: posted });
    this.#maintained.take(actions, bets);
    this.#news.take(actions, revisions);
    this.#shadow.take(shadow, revisions, this.#oracle.last?.at ?? 0);
    const lines = { bets, locks, entries: posted, revisions, shadow, actions };
    for (const found of this.#chain.take(batch, lines))
      this.findings.add('ledger_chain', found.place, found.detail);
    this.#anchor(batch);
    this.#head = batch;
    this.#counts.batches += 1;
    this.#counts.entries += entries.length;
    this.#counts.ticks += ticks.length;
    this.#counts.revisions += revisions.length;
  }

  #anchor({ seq, hash }: BatchRow): void {
    for (const anchor of this.options.anchors.get(seq) ?? [])
      if (anchor.hash !== hash)
        this.findings.add(
          'anchors',
          `batch ${seq}`,
          `has the hash ${hash.slice(0, 16)}…, ${anchor.source} says ${anchor.hash.slice(0, 16)}…`,
        );
  }

  #settle(): void {
    for (const { table, batch } of this.#rows.left())
      this.findings.add(
        'ledger_chain',
        `${table} of batch ${batch}`,
        `stand after the last batch ${this.#head.seq}`,
      );
    for (const [seq, anchors] of this.options.anchors)
      if (seq > this.#head.seq)
        this.findings.add('anchors', `batch ${seq}`, `is not there; ${anchors[0]!.source} has seen it`);
    const { orders, open } = this.history.counts();
    if (this.#whole && orders !== this.#book.orders)
      this.findings.add(
        'one_order',
        'intents',
        `${orders} orders are there, the bets come from ${this.#book.orders}`,
      );
    const stakes = this.#book.settle(this.#head.at, open);
    this.#counts.accounts = this.#money.settle(stakes);
    if (this.#whole)
      for (const { place, detail } of this.#book.returns.faults(this.history.tallies()))
        this.findings.add('returns', place, detail);
  }
}

/** The highest number of each table before a batch; null for the first of all. */
function numbersBefore(history: History, batch: number | null): Readonly<Record<NumberedTable, number>> {
  const before = (table: NumberedTable) => (batch === null ? 0 : history.numberBefore(table, batch));
  return {
    bets: before('bets'),
    ledger: before('ledger'),
    ticks: before('ticks'),
    revisions: before('revisions'),
    shadow_blocks: before('shadow_blocks'),
    operator_actions: before('operator_actions'),
  };
}
