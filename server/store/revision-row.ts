import type { QuoteInputs } from '../game/odds.ts';
import type { Cents } from '../game/price.ts';
import type { GridRevision, Pause, QuotedColumn } from '../game/revision.ts';
import type { RevisionLine } from './posting/chain.ts';

/** Columns of `revisions` under the names of {@link RevisionLine}. */
export const REVISION_COLUMNS = `revision, at, tick_seq AS "tickSeq", model, spot, v10, vf, cw, edge, margin, haircut, cap_hundredths AS "capHundredths",
  tick_ms AS "tickMs", quoted_columns AS columns, pause`;

/** A revision as it is stored; {@link revisionOf} gives exactly the same one back. */
export function revisionRow({ revision, at, tickSeq, inputs, columns, pause }: GridRevision): RevisionLine {
  const { model, spot, v10, vf, cw, edge, margin, haircut, capHundredths, tickMs, ...others } = inputs;
  // An input that is added to the odds model must be stored too; until it is, this does not compile.
  others satisfies Record<string, never>;
  return {
    revision,
    at,
    tickSeq,
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

export function revisionOf({ revision, at, tickSeq, columns, pause, ...inputs }: RevisionLine): GridRevision {
  return {
    revision,
    at,
    tickSeq,
    inputs: { ...inputs, model: inputs.model as QuoteInputs['model'], spot: inputs.spot as Cents },
    columns: columns === '' ? [] : columns.split(' ').map(decodeColumn),
    pause: pause as Pause | null,
  };
}

const encodeColumn = ({ start, band, low, haircut }: QuotedColumn): string =>
  `${start}:${band}:${low}:${haircut}`;

function decodeColumn(text: string): QuotedColumn {
  const [start, band, low, haircut] = text.split(':').map(Number) as [number, number, number, number];
  return { start, band, low: low as Cents, haircut };
}
