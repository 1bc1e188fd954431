import type { BetRecord, History, NumberedTable } from '../../ports/history.ts';
import type { ActionRow } from '../../store/rows/action.ts';
import type { EntryRow } from '../../store/rows/entry.ts';
import type { RevisionRow } from '../../store/rows/revision.ts';
import type { ShadowRow } from '../../store/rows/shadow.ts';
import type { TickRow } from '../../store/rows/tick.ts';
import { RowStream } from './row-stream.ts';

/** The rows of one batch. */
interface BatchRows {
  readonly ticks: readonly TickRow[];
  readonly revisions: readonly RevisionRow[];
  readonly shadow: readonly ShadowRow[];
  readonly bets: readonly BetRecord[];
  readonly entries: readonly EntryRow[];
  readonly actions: readonly ActionRow[];
}

/** The rows of all tables that a batch has rows in, read side by side. */
export class LedgerStreams {
  readonly #ticks: RowStream<TickRow>;
  readonly #revisions: RowStream<RevisionRow>;
  readonly #shadow: RowStream<ShadowRow>;
  readonly #bets: RowStream<BetRecord>;
  readonly #entries: RowStream<EntryRow>;
  readonly #actions: RowStream<ActionRow>;

  /** @param after the number above which a table is read. */
  constructor(history: History, after: (table: NumberedTable) => number) {
    this.#ticks = new RowStream(
      (seq, limit) => history.ticksAfter(seq, limit),
      ({ seq }) => seq,
      after('ticks'),
    );
    this.#revisions = new RowStream(
      (number, limit) => history.revisionsAfter(number, limit),
      ({ revision }) => revision,
      after('revisions'),
    );
    this.#shadow = new RowStream(
      (block, limit) => history.shadowAfter(block, limit),
      ({ block }) => block,
      after('shadow_blocks'),
    );
    this.#bets = new RowStream(
      (seq, limit) => history.betsAfter(seq, limit),
      ({ seq }) => seq,
      after('bets'),
    );
    this.#entries = new RowStream(
      (id, limit) => history.entriesAfter(id, limit),
      ({ id }) => id,
      after('ledger'),
    );
    this.#actions = new RowStream(
      (seq, limit) => history.actionsAfter(seq, limit),
      ({ seq }) => seq,
      after('operator_actions'),
    );
  }

  /** Within a snapshot that was just begun. */
  refresh(): void {
    for (const stream of [
      this.#ticks,
      this.#revisions,
      this.#shadow,
      this.#bets,
      this.#entries,
      this.#actions,
    ])
      stream.refresh();
  }

  upTo(batch: number): BatchRows {
    return {
      ticks: this.#ticks.upTo(batch),
      revisions: this.#revisions.upTo(batch),
      shadow: this.#shadow.upTo(batch),
      bets: this.#bets.upTo(batch),
      entries: this.#entries.upTo(batch),
      actions: this.#actions.upTo(batch),
    };
  }

  /** Tables that have rows behind the batches that were taken, with the batch of the first. */
  left(): { readonly table: NumberedTable; readonly batch: number }[] {
    const next: Readonly<Record<NumberedTable, { readonly batch: number } | undefined>> = {
      bets: this.#bets.next(),
      ledger: this.#entries.next(),
      ticks: this.#ticks.next(),
      revisions: this.#revisions.next(),
      shadow_blocks: this.#shadow.next(),
      operator_actions: this.#actions.next(),
    };
    return (Object.entries(next) as [NumberedTable, (typeof next)[NumberedTable]][]).flatMap(
      ([table, row]) => (row === undefined ? [] : [{ table, batch: row.batch }]),
    );
  }
}
