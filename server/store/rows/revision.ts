import type { Drift } from '../../game/learned/cell-class.ts';
import { defaultWindow } from '../../game/boards.ts';
import { learnedFor } from '../../game/learned/learned-boards.ts';
import type { LearnedBoards } from '../../game/learned/learned-quote.ts';
import type { CommonInputs } from '../../game/formula.ts';
import type { QuoteInputs } from '../../game/odds.ts';
import type { Cents } from '../../game/price.ts';
import type { GridRevision, Pause } from '../../game/revision.ts';
import { line } from './line.ts';
import { decodeColumns, encodeColumns } from './quoted-columns.ts';
import { addedLater, integer, named, orNull, real, table, text, textOf, type RowOf } from './table.ts';

/** All that one re-quoting of the grid depended on: units as in {@link QuoteInputs}. */
export const REVISIONS = table('revisions', {
  revision: integer,
  at: integer,
  tickSeq: integer,
  batch: integer,
  model: integer,
  spot: integer,
  v10: real,
  vf: real,
  cw: real,
  edge: real,
  margin: real,
  haircut: real,
  capHundredths: integer,
  tickMs: integer,
  /** As `quoted-columns.ts` writes them. */
  columns: named('quoted_columns', text),
  pause: orNull(textOf<Pause>()),
  /** Of model 2; `learned` is the number of a block of the shadow book, 0 the prior. */
  scaleBp: addedLater(real, 0),
  drift: addedLater(integer, 0),
  learned: addedLater(integer, 0),
  /** Time of the entry of the news calendar on whose terms it was priced; 0 without one. */
  headline: addedLater(integer, 0),
});

export type RevisionRow = RowOf<typeof REVISIONS>;

/** Its line in the ledger chain: all of it but the batch, whose line it stands under. */
export const revisionLine = (row: RevisionRow): string =>
  line(
    'revision',
    row.revision,
    row.at,
    row.tickSeq,
    row.model,
    row.spot,
    row.v10,
    row.vf,
    row.cw,
    row.edge,
    row.margin,
    row.haircut,
    row.capHundredths,
    row.tickMs,
    row.columns,
    row.pause,
    ...(row.model === 1 ? [] : [row.scaleBp, row.drift, row.learned]),
    ...(row.headline === 0 ? [] : [row.headline]),
  );

/** A revision as it is stored; {@link revisionOf} gives exactly the same one back. */
export function revisionRow(
  { revision, at, tickSeq, inputs, columns, pause, headline }: GridRevision,
  batch: number,
): RevisionRow {
  const { model, spot, v10, vf, cw, edge, margin, haircut, capHundredths, tickMs } = inputs;
  return {
    revision,
    at,
    tickSeq,
    batch,
    model,
    spot,
    v10,
    vf,
    cw,
    edge,
    margin,
    haircut,
    capHundredths,
    tickMs,
    columns: encodeColumns(columns),
    pause,
    ...learnedColumns(inputs),
    headline: headline ?? 0,
  };
}

// An input that is added to an odds model must be stored too; until it is, this does not compile.
function learnedColumns(inputs: QuoteInputs): Pick<RevisionRow, 'scaleBp' | 'drift' | 'learned'> {
  if (inputs.model === 1) {
    const { model: _, ...common } = inputs;
    common satisfies Record<Exclude<keyof typeof common, keyof CommonInputs>, never> & CommonInputs;
    return { scaleBp: 0, drift: 0, learned: 0 };
  }
  const { scaleBp, drift, learned } = inputs;
  return { scaleBp, drift, learned: learned.version };
}

/** What the shadow book had taught up to a block. @throws Error where it is not there. */
export type Versions = (block: number) => LearnedBoards;

/** The revision that a row stands for. @param versions is asked for those of model 2. */
export function revisionOf(
  {
    revision,
    at,
    tickSeq,
    batch: _,
    columns: text,
    pause,
    headline,
    model,
    scaleBp,
    drift,
    learned,
    ...row
  }: RevisionRow,
  versions: Versions,
): GridRevision {
  const common = { ...row, spot: row.spot as Cents };
  const columns = decodeColumns(text);
  const around = { columns, pause, ...(headline > 0 && { headline }) };
  if (model !== 2) return { revision, at, tickSeq, inputs: { model: 1, ...common }, ...around };
  const known = versions(learned);
  const windows = [...new Set(columns.map(({ windowMs }) => windowMs))];
  return {
    revision,
    at,
    tickSeq,
    inputs: {
      model,
      ...common,
      scaleBp,
      drift: drift as Drift,
      learned: learnedFor(known, defaultWindow(windows)),
    },
    ...around,
    ...(windows.length > 1 && { learned: known }),
  };
}
