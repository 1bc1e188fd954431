/** A figure and what it must keep to. */
export interface Bound {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A figure that could not be taken holds nothing. */
export const holds = ({ value, atLeast = -Infinity, atMost = Infinity }: Bound): boolean =>
  value >= atLeast && value <= atMost;

/** One line a figure: name, value, bound, whether it holds. */
export function boundTable(bounds: readonly Bound[]): string {
  const rows = bounds.map((bound) => [
    bound.name,
    `${number(bound.value)} ${bound.unit}`.trim(),
    `${bound.atLeast === undefined ? `≤ ${bound.atMost}` : `≥ ${bound.atLeast}`} ${bound.unit}`.trim(),
    holds(bound) ? 'holds' : 'DOES NOT HOLD',
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')).join('\n');
}

const number = (value: number): string => String(Math.round(value * 10) / 10);
