import type { Cell, Column } from './grid.ts';
import type { Drift } from './learned/cell-class.ts';
import { learnedFor } from './learned/learned-boards.ts';
import type { LearnedBoards, LearnedVersion } from './learned/learned-quote.ts';
import type { Multiplier } from './money.ts';
import type { Quote } from './formula.ts';
import { lockQuote, quote, type QuoteInputs, type StagedQuote } from './odds.ts';

/** Why no bets are taken although there are prices (odds, section 5). */
export const PAUSES = ['shock', 'frozen', 'venues_apart', 'thin'] as const;
export type Pause = (typeof PAUSES)[number];

/** A column with the share that exposure takes off its multipliers. */
export interface QuotedColumn extends Column {
  readonly haircut: number;
}

/**
 * Everything that one re-quoting of the grid depended on. One row a revision is persisted, and from it every
 * multiplier shown or locked then can be computed again.
 */
export interface GridRevision {
  readonly revision: number;
  readonly at: number;
  readonly tickSeq: number;
  /**
   * Common to all columns; each column's haircut, and what was learned of its board, replaces what is here.
   */
  readonly inputs: QuoteInputs;
  /** What was learned of each board; left out where `inputs` says it for all of them. */
  readonly learned?: LearnedBoards;
  /** Of every board, boards and columns in the order of their times. */
  readonly columns: readonly QuotedColumn[];
  readonly pause: Pause | null;
  /** Time of the entry of the news calendar on whose terms it was priced; left out without one. */
  readonly headline?: number;
}

/**
 * One quote with all that went into it: what a receipt shows. Probabilities are plain numbers, prices cents,
 * multipliers hundredths.
 */
export interface QuoteRecord {
  readonly model: number;
  readonly revision: number;
  readonly at: number;
  readonly tickSeq: number;
  readonly spot: number;
  readonly v10: number;
  readonly vf: number;
  readonly cw: number;
  /** These three of model 2 alone. */
  readonly scaleBp?: number;
  readonly drift?: Drift;
  readonly learned?: LearnedVersion;
  readonly leadMs: number;
  readonly edge: number;
  readonly margin: number;
  readonly haircut: number;
  readonly capHundredths: number;
  /** Time of the entry of the news calendar that widened the edge; left out without one. */
  readonly headline?: number;
  readonly tickMs: number;
  readonly probability: number;
  readonly multiplier: Multiplier | null;
}

/** The column that has this window. */
export const columnAt = (
  revision: GridRevision,
  { startMs, windowMs: length }: Pick<Cell, 'startMs' | 'windowMs'>,
): QuotedColumn | undefined =>
  revision.columns.find(({ start, windowMs }) => start === startMs && windowMs === length);

/**
 * What the revision offered for the cell; `multiplier` is null when it took no bets. A cell of a column
 * that the revision does not have was never on offer.
 */
export const shownQuote = (revision: GridRevision, cell: Cell): QuoteRecord => record(revision, cell, quote);

/** The multiplier at which a held tap is filled by this revision; null when it counts as moved. */
export const lockedQuote = (revision: GridRevision, cell: Cell): QuoteRecord =>
  record(revision, cell, lockQuote);

/** What the revision offered for the cell, with the stages that led to its probability. */
export const stagedQuote = (revision: GridRevision, cell: Cell): StagedQuote =>
  quote(inputsFor(revision, cell), cell.low, cell.high, cell.startMs - revision.at, cell.windowMs);

/** What the cells of a column are priced by; `haircut` is the column's own. */
export const inputsOfColumn = (
  { inputs, learned }: Pick<GridRevision, 'inputs' | 'learned'>,
  windowMs: number,
  haircut: number,
): QuoteInputs =>
  inputs.model === 1 || learned === undefined
    ? { ...inputs, haircut }
    : { ...inputs, haircut, learned: learnedFor(learned, windowMs) };

/** A column's own haircut replaces the revision's. */
const inputsFor = (revision: GridRevision, cell: Cell): QuoteInputs =>
  inputsOfColumn(revision, cell.windowMs, columnAt(revision, cell)?.haircut ?? revision.inputs.haircut);

function record(
  revision: GridRevision,
  cell: Cell,
  price: (...cell: Parameters<typeof quote>) => Quote,
): QuoteRecord {
  const leadMs = cell.startMs - revision.at;
  const inputs = inputsFor(revision, cell);
  const { probability, multiplier } = price(inputs, cell.low, cell.high, leadMs, cell.windowMs);
  const { revision: number, at, tickSeq, headline } = revision;
  const common = { revision: number, at, tickSeq, ...(headline !== undefined && { headline }) };
  return { ...common, leadMs, ...inputs, probability, multiplier };
}
