import { Html } from '@elysiajs/html';
import { cellOfRow, type Cell } from '../../server/game/grid.ts';
import type { BoardColumn } from '../../server/ports/events.ts';
import type { ShownBet } from '../../server/ports/shown-bet.ts';
import { cellText } from '../amount.ts';
import { BetBadge } from '../bet/badge.tsx';
import { clockSecond, countdown } from '../clock.ts';
import { cellElementId, columnElementId, headElementId } from '../ids.ts';
import { heatOf } from './heat.ts';
import { columnPlace, PAST_COLUMNS, type Place } from './place.ts';

export interface ColumnProps {
  readonly column: BoardColumn;
  readonly windowMs: number;
  /** The trader's bets, by the element of their cell. */
  readonly bets?: ReadonlyMap<string, readonly ShownBet[]>;
  /** Only the first paint needs it; later columns are placed by the page's own module. */
  readonly place?: Place;
  readonly past?: boolean;
  /** Its window is open now. */
  readonly current?: boolean;
}

/**
 * A time window: its cells from the highest price down. In the grid's terms it is a row, because its cells
 * share one time.
 */
export function Column({ column, windowMs, bets, place, past, current }: ColumnProps): JSX.Element {
  const { start, band, low, locked, multipliers } = column;
  const rows = multipliers.length;
  const rowsDown = multipliers.map((_, fromTop) => rows - 1 - fromTop);
  return (
    <div
      id={columnElementId(start, band)}
      class={[
        'col',
        past ? 'past' : current ? 'current' : locked && 'locked',
        place && columnPlace(place, start, low + rows * band, band),
      ]}
      role="row"
      aria-label={`Window from ${clockSecond(start)} to ${clockSecond(start + windowMs)} UTC`}
      data-start={String(start)}
      data-band={String(band)}
      data-low={String(low)}
    >
      {rowsDown.map((row) => (
        <CellView cell={cellOfRow(column, row, windowMs)} multiplier={multipliers[row]!} bets={bets} />
      ))}
    </div>
  );
}

function CellView({
  cell,
  multiplier,
  bets,
}: {
  cell: Cell;
  multiplier: number | null;
  bets: ColumnProps['bets'];
}): JSX.Element {
  const id = cellElementId(cell);
  const onCell = bets?.get(id);
  const heat = heatOf(multiplier);
  const attributes = {
    id,
    class: heat ? `cell ${heat}` : 'cell',
    role: 'gridcell',
    tabindex: '-1',
    'aria-disabled': multiplier ? undefined : 'true',
  } as const;
  return onCell ? (
    <div {...attributes}>
      <BetBadge bets={onCell} />
    </div>
  ) : (
    <div {...attributes} safe>
      {cellText(multiplier)}
    </div>
  );
}

/** The label above a column. */
export function ColumnHead({
  start,
  at,
  windowMs,
  place,
}: {
  start: number;
  at: number;
  windowMs: number;
  place?: Place;
}): JSX.Element {
  return (
    <span
      id={headElementId(start)}
      class={['when', place && `i${(start - place.origin) / place.windowMs + PAST_COLUMNS}`]}
      data-start={String(start)}
      safe
    >
      {headText(start, at, windowMs)}
    </span>
  );
}

const headText = (start: number, at: number, windowMs: number): string =>
  start <= at ? 'now' : start - at < windowMs ? 'locked' : countdown(start - at);
