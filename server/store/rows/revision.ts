import type { QuoteInputs } from '../../game/odds.ts';
import type { Cents } from '../../game/price.ts';
import type { GridRevision, Pause, QuotedColumn } from '../../game/revision.ts';
import { line } from './line.ts';
import { integer, named, orNull, real, table, text, textOf, type RowOf } from './table.ts';

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
  /** `start:band:low:haircut` of each column, joined by spaces. */
  columns: named('quoted_columns', text),
  pause: orNull(textOf<Pause>()),
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
  );

/** A revision as it is stored; {@link revisionOf} gives exactly the same one back. */
export function revisionRow(
  { revision, at, tickSeq, inputs, columns, pause }: GridRevision,
  batch: number,
): RevisionRow {
  const { model, spot, v10, vf, cw, edge, margin, haircut, capHundredths, tickMs, ...others } = inputs;
  // An input that is added to the odds model must be stored too; until it is, this does not compile.
  others satisfies Record<string, never>;
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
    columns: columns.map(encodeColumn).join(' '),
    pause,
  };
}

/** The revision that a row stands for. */
export function revisionOf({
  revision,
  at,
  tickSeq,
  batch: _,
  columns,
  pause,
  ...inputs
}: RevisionRow): GridRevision {
  return {
    revision,
    at,
    tickSeq,
    inputs: { ...inputs, model: inputs.model as QuoteInputs['model'], spot: inputs.spot as Cents },
    columns: columns === '' ? [] : columns.split(' ').map(decodeColumn),
    pause,
  };
}

const encodeColumn = ({ start, band, low, haircut }: QuotedColumn): string =>
  `${start}:${band}:${low}:${haircut}`;

function decodeColumn(text: string): QuotedColumn {
  const [start, band, low, haircut] = text.split(':').map(Number) as [number, number, number, number];
  return { start, band, low: low as Cents, haircut };
}
