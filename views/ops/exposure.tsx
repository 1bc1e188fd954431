import { Html } from '@elysiajs/html';
import { formatDollars, type Currency, micros } from '../../server/game/money.ts';
import type { CellExposure, Exposure, Operations } from '../../server/ports/operations.ts';
import { bandEnd, bandText, betsText } from '../amount.ts';
import { clockSecond } from '../clock.ts';

export interface ExposureProps {
  readonly currency: Currency;
  /** Of the board. */
  readonly windowMs: number;
  /** Whether the house has no other board. */
  readonly isOnly: boolean;
  readonly exposure: Exposure;
  readonly columns: Operations['columns'];
  readonly price: number | null;
  readonly at: number;
}

const WIDTH = 400;
const HEIGHT = 220;
const SCALE = 52;
const BARS = 34;
const COLUMNS_MAX = 60;

/**
 * The board as a map of what it may cost: the warmer a cell, the more it may cost beside the others, and red
 * from three quarters of its limit on; the bars below are whole columns.
 */
export function ExposureCard({ currency, windowMs, isOnly, price, at, ...all }: ExposureProps): JSX.Element {
  const columns = all.columns.filter((column) => column.windowMs === windowMs);
  const exposure = {
    ...all.exposure,
    cells: all.exposure.cells.filter((cell) => cell.windowMs === windowMs),
  };
  const money = currency === 'PLAY' ? 'play money' : 'real money';
  const board = isOnly ? '' : ` · ${windowMs / 1000} s windows`;
  const starts = [
    ...new Set([...columns.map(({ start }) => start), ...exposure.cells.map(({ start }) => start)]),
  ]
    .sort((a, b) => a - b)
    .slice(0, COLUMNS_MAX);
  const map = mapOf(starts, columns, exposure.cells);
  const labelled = starts.filter((_, index) => index % 4 === 0 && index < starts.length - 2);
  const risk = exposure.cells.reduce((sum, cell) => sum + cell.risk, 0);
  const dearest = {
    cell: Math.max(0, ...exposure.cells.map((cell) => cell.risk)),
    column: Math.max(0, ...starts.map((start) => columnRisk(exposure.cells, start))),
  };
  return (
    <section class="card exposure">
      <h2 safe>{`Exposure · ${money}${board}`}</h2>
      {map === null ? (
        <p class="quiet">The map appears with the first quotes.</p>
      ) : (
        <svg
          class="chart"
          viewBox={`0 0 ${WIDTH} ${HEIGHT + BARS + 18}`}
          role="img"
          aria-label={
            `${exposure.cells.length} cells with open bets, ` + `worst case ${formatDollars(micros(risk))}`
          }
        >
          {columns.map((column) => (
            <rect
              class={column.locked ? 'column locked' : 'column'}
              x={map.x(column.start)}
              y={map.y(column.low + column.rows * column.band)}
              width={map.width}
              height={map.height(column.rows * column.band)}
            />
          ))}
          {exposure.cells.map((cell) => (
            <HeatCell
              cell={cell}
              cap={exposure.caps.cell}
              dearest={dearest.cell}
              x={map.x(cell.start)}
              y={map.y(cell.high)}
              width={map.width}
              height={map.height(cell.high - cell.low)}
            />
          ))}
          {price !== null && (
            <line class="now" x1={String(SCALE)} x2={String(WIDTH)} y1={map.y(price)} y2={map.y(price)} />
          )}
          {map.prices.map((one) => (
            <text class="axis" x={String(SCALE - 6)} y={map.y(one)} dy="3.5" text-anchor="end" safe>
              {bandEnd(one)}
            </text>
          ))}
          <line
            class="base"
            x1={String(SCALE)}
            x2={String(WIDTH)}
            y1={String(HEIGHT + BARS)}
            y2={String(HEIGHT + BARS)}
          />
          {starts.map((start) => (
            <ColumnBar
              x={map.x(start)}
              width={map.width}
              risk={columnRisk(exposure.cells, start)}
              cap={exposure.caps.column}
              dearest={dearest.column}
            />
          ))}
          {labelled.map((start) => (
            <text class="axis" x={map.x(start)} y={String(HEIGHT + BARS + 14)} safe>
              {start <= at ? 'now' : clockSecond(start)}
            </text>
          ))}
        </svg>
      )}
      {exposure.cells.length === 0 ? (
        map !== null && <p class="quiet">No open bets. The map fills with the first ones.</p>
      ) : (
        <>
          <p class="quiet legend">
            <i class="key heat least"></i> <i class="key heat middle"></i> <i class="key heat"></i>{' '}
            <span safe>
              {`up to ${formatDollars(micros(dearest.cell))} a cell, ` +
                `${limitText(dearest.cell, exposure.caps.cell)}`}
            </span>
          </p>
          <p class="quiet legend">
            <i class="key colbar"></i>{' '}
            <span safe>
              {`up to ${formatDollars(micros(dearest.column))} a column, ` +
                `${limitText(dearest.column, exposure.caps.column)}`}
            </span>{' '}
            <i class="key full"></i> more than 75 % <i class="key now"></i> price
          </p>
          <TopCells cells={exposure.cells} />
        </>
      )}
    </section>
  );
}

function HeatCell({
  cell,
  cap,
  dearest,
  x,
  y,
  width,
  height,
}: {
  cell: CellExposure;
  cap: number;
  dearest: number;
  x: string;
  y: string;
  width: string;
  height: string;
}): JSX.Element {
  const warmth = dearest > 0 ? cell.risk / dearest : 1;
  return (
    <rect
      class={isNearly(cell.risk, cap) ? 'heat full' : 'heat'}
      x={x}
      y={y}
      width={width}
      height={height}
      fill-opacity={(0.15 + 0.85 * warmth).toFixed(2)}
    >
      <title safe>
        {`${bandText(cell)}, ${clockSecond(cell.start)}: ${betsText(cell.bets)}, ` +
          `${formatDollars(micros(cell.stake))} staked, worst case ${formatDollars(micros(cell.risk))}`}
      </title>
    </rect>
  );
}

function ColumnBar({
  x,
  width,
  risk,
  cap,
  dearest,
}: {
  x: string;
  width: string;
  risk: number;
  cap: number;
  dearest: number;
}): JSX.Element {
  const height = dearest > 0 ? (risk / dearest) * (BARS - 6) : 0;
  return (
    <rect
      class={isNearly(risk, cap) ? 'colbar full' : 'colbar'}
      x={x}
      y={(HEIGHT + BARS - height).toFixed(1)}
      width={width}
      height={height.toFixed(1)}
    />
  );
}

const NEARLY = 0.75;
const isNearly = (risk: number, cap: number): boolean => risk > NEARLY * cap;
const limitText = (risk: number, cap: number): string =>
  cap > 0 ? `${((risk / cap) * 100).toFixed(risk < 0.1 * cap ? 1 : 0)} % of its limit` : 'over its limit';

const LISTED = 3;

/** The map in words, for those who read: the cells that may cost most. */
function TopCells({ cells }: { cells: readonly CellExposure[] }): JSX.Element {
  const top = [...cells].sort((a, b) => b.risk - a.risk).slice(0, LISTED);
  return (
    <dl class="facts">
      {top.map((cell) => (
        <>
          <dt safe>{`${bandText(cell)} at ${clockSecond(cell.start)}`}</dt>
          <dd safe>{`${betsText(cell.bets)}, ${formatDollars(micros(cell.risk))}`}</dd>
        </>
      ))}
    </dl>
  );
}

interface HeatMap {
  readonly width: string;
  readonly prices: readonly number[];
  x(start: number): string;
  y(price: number): string;
  height(span: number): string;
}

/** Places over all columns and bets together; null while there is neither. */
function mapOf(
  starts: readonly number[],
  columns: ExposureProps['columns'],
  cells: readonly CellExposure[],
): HeatMap | null {
  const lows = [...columns.map(({ low }) => low), ...cells.map(({ low }) => low)];
  if (lows.length === 0) return null;
  const low = Math.min(...lows);
  const high = Math.max(
    ...columns.map((column) => column.low + column.rows * column.band),
    ...cells.map((cell) => cell.high),
  );
  const step = (WIDTH - SCALE) / starts.length;
  const places = new Map(starts.map((start, index) => [start, SCALE + index * step]));
  const y = (price: number): string => (((high - price) / (high - low)) * HEIGHT).toFixed(1);
  return {
    width: Math.max(1, step - 1.5).toFixed(1),
    prices: [0.06, 0.28, 0.5, 0.72, 0.94].map((part) => Math.round((low + (high - low) * part) / 100) * 100),
    x: (start) => (places.get(start) ?? -WIDTH).toFixed(1),
    y,
    height: (span) => Math.max(1, (span / (high - low)) * HEIGHT - 1).toFixed(1),
  };
}

const columnRisk = (cells: readonly CellExposure[], start: number): number =>
  cells.reduce((sum, cell) => sum + (cell.start === start ? cell.risk : 0), 0);
