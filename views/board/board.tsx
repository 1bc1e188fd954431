import { Html } from '@elysiajs/html';
import type { Multiplier } from '../../server/game/money.ts';
import type { Cents } from '../../server/game/price.ts';
import type { Win } from '../../server/ports/crowd.ts';
import type { Board, BoardColumn } from '../../server/ports/events.ts';
import type { ShownBet } from '../../server/ports/shown-bet.ts';
import { bandEnd } from '../amount.ts';
import { byCell } from '../bet/on-cell.ts';
import { cellElementId, columnElementId, IDS } from '../ids.ts';
import { Column, ColumnHead } from './column.tsx';
import { HEAT } from './heat.ts';
import { PriceLine, type PricePoint } from './line.tsx';
import { Outdated } from './outdated.tsx';
import { WinTape } from '../others/wins.tsx';
import { elapsedPlace, placeOf, rowsPlace, topPlace, zoomClass, type Place } from './place.ts';

export interface BoardProps {
  /** Null until the first quotes after a start. */
  readonly board: Board | null;
  readonly points: readonly PricePoint[];
  readonly bets: readonly ShownBet[];
  readonly at: number;
  /** A longer hole between two points is a gap, ms. */
  readonly gapMs: number;
  /** No bets right now at the first paint: halted or paused. */
  readonly closed: boolean;
  /** How large its trader has it, in percent. */
  readonly zoom: number;
  /** Bets of one trader on one cell. */
  readonly betsPerCellMax: number;
  /** Taps of one order. */
  readonly tapsPerSignatureMax: number;
  /** The newest wins of everybody; null where nothing of others is shown. */
  readonly wins: readonly Win[] | null;
}

/** Cells of one swipe, whatever an order may have: more are not meant. */
const SWIPED_MAX = 16;

const LABEL =
  'Price bands by time window. Arrows move, Enter taps, 1 to 6 choose the stake, R repeats the last taps. ' +
  'Plus and minus zoom, Page up and down move the board, Home brings the price back.';

export function BoardView({
  board,
  points,
  bets,
  at,
  gapMs,
  closed,
  zoom,
  betsPerCellMax,
  tapsPerSignatureMax,
  wins,
}: BoardProps): JSX.Element {
  if (board === null || board.columns.length === 0) return <BoardOpening />;
  const place = placeOf(board);
  const onCells = betsByCell(bets);
  const past = pastColumns(bets, board);
  return (
    <section class={['board', zoomClass(zoom)]} aria-label="Board">
      <Outdated />
      <div class={['colhead', elapsedPlace(place, at)]} aria-hidden="true">
        <div id={IDS.heads}>
          {board.columns.map((column) => (
            <ColumnHead start={column.start} at={at} windowMs={board.windowMs} place={place} />
          ))}
        </div>
        <small id={IDS.past}></small>
      </div>
      <div
        id={IDS.grid}
        class={['grid', elapsedPlace(place, at), rowsPlace(board, place), closed && 'closed']}
        role="grid"
        aria-label={LABEL}
        tabindex="0"
        data-origin={String(place.origin)}
        data-anchor={String(place.anchor)}
        data-band={String(place.band)}
        data-window={String(board.windowMs)}
        data-rows={String(board.rows)}
        data-bets={String(betsPerCellMax)}
        data-taps={String(Math.min(SWIPED_MAX, tapsPerSignatureMax))}
        data-heat={`${HEAT.h3} ${HEAT.h2} ${HEAT.h1}`}
        data-at={String(at)}
        data-gap={String(gapMs)}
        data-line={points.map(([when, price]) => `${when - at} ${price}`).join(' ')}
      >
        <div class="scale" aria-hidden="true">
          <div id={IDS.rules} class="rules">
            <PriceRules place={place} />
          </div>
        </div>
        <PriceLine points={points} at={at} gapMs={gapMs} place={place} />
        <div class="pane">
          <div class="rise">
            <div class="sway">
              <canvas class="past" aria-hidden="true"></canvas>
              <i class="mark" aria-hidden="true" hidden></i>
              <div class="drift">
                <canvas aria-hidden="true"></canvas>
                <p id={IDS.coach} class="coach" aria-hidden="true" hidden>
                  <b></b>
                  <span></span>
                </p>
                <div id={IDS.plane} class="plane">
                  {past.map((column) => (
                    <Column column={column} windowMs={board.windowMs} bets={onCells} place={place} past />
                  ))}
                  {board.columns.map((column) => (
                    <Column
                      column={column}
                      windowMs={board.windowMs}
                      bets={onCells}
                      place={place}
                      current={column.start <= at}
                    />
                  ))}
                </div>
              </div>
            </div>
          </div>
        </div>
      </div>
      {wins !== null && <WinTape wins={wins} />}
      <ZoomButton zoom={zoom} />
      <button id={IDS.toPrice} class="to-price" type="button" hidden>
        Back to the price
      </button>
      <ClosedPlate />
    </section>
  );
}

/** The columns alone, for a page that has been away: it takes those that it lacks. */
export function BoardColumns({
  board,
  bets,
  at,
}: Pick<BoardProps, 'bets' | 'at'> & { readonly board: Board }): JSX.Element {
  const onCells = betsByCell(bets);
  return (
    <>
      {board.columns.map((column) => (
        <>
          <ColumnHead start={column.start} at={at} windowMs={board.windowMs} />
          <Column column={column} windowMs={board.windowMs} bets={onCells} />
        </>
      ))}
    </>
  );
}

function BoardOpening(): JSX.Element {
  return (
    <section class="board" aria-label="Board" data-opening="true">
      <p class="plate">
        <b>The market is opening</b>
        <small>The board will appear with the first prices.</small>
      </p>
    </section>
  );
}

/** Tells how large the board is, where that is not as usual; a press makes it so. */
function ZoomButton({ zoom }: { zoom: number }): JSX.Element {
  return (
    <button
      id={IDS.zoom}
      class="zoom"
      type="button"
      aria-label={`Zoom ${zoom} %. Back to 100 %`}
      hidden={zoom === 100}
      safe
    >
      {`${zoom} %`}
    </button>
  );
}

/** Why the board does not sell at this moment; the page's own module writes it. */
function ClosedPlate(): JSX.Element {
  return (
    <p id={IDS.closed} class="plate" hidden>
      <b></b>
      <small></small>
      <a class="button small" href="/" hidden>
        Reload
      </a>
    </p>
  );
}

const RULES_EACH_WAY = 12;

function PriceRules({ place }: { place: Place }): JSX.Element {
  const middle = Math.round(place.anchor / place.band);
  const prices = Array.from(
    { length: 2 * RULES_EACH_WAY + 1 },
    (_, i) => (middle + RULES_EACH_WAY - i) * place.band,
  ).filter((price) => price > 0);
  return (
    <>
      {prices.map((price) => (
        <i class={topPlace(place, price)} safe>
          {bandEnd(price)}
        </i>
      ))}
    </>
  );
}

const betsByCell = (bets: readonly ShownBet[]): ReadonlyMap<string, readonly ShownBet[]> =>
  byCell(bets, cellElementId);

/** Windows that are over are off the board, but a trader's results in them drift out in sight. */
function pastColumns(bets: readonly ShownBet[], board: Board): BoardColumn[] {
  const first = board.columns[0]!.start;
  const recent = bets.filter(
    ({ cell }) => cell.startMs < first && cell.startMs >= first - 5 * board.windowMs,
  );
  return Map.groupBy(recent, ({ cell }) => columnElementId(cell.startMs, cell.high - cell.low))
    .values()
    .map((all) => {
      const { startMs: start, low: someLow, high: someHigh } = all[0]!.cell;
      const low = Math.min(...all.map((bet) => bet.cell.low)) as Cents;
      const band = someHigh - someLow;
      const rows = Math.min(40, Math.round((Math.max(...all.map((bet) => bet.cell.high)) - low) / band));
      return {
        start,
        band,
        low,
        locked: true,
        multipliers: Array.from<Multiplier | null>({ length: rows }).fill(null),
      };
    })
    .toArray();
}
