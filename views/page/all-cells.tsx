import { Html } from '@elysiajs/html';
import { MULTIPLIER_MAX } from '../../server/game/formula.ts';
import { openHalfWidthMax, type ClosedBecause, type Trust } from '../../server/game/learned/gate.ts';

interface Figures {
  readonly cells: number;
  readonly quoted: number | null;
  readonly realised: number | null;
  readonly d: number | null;
  readonly h: number | null;
}

/** One range of multipliers, hundredths. */
interface RangeFigures extends Figures {
  readonly from: number;
  readonly to: number;
  readonly earned: Trust;
  /** Why it takes no bets; null where it does. */
  readonly closedBecause: ClosedBecause | null;
  /** Of all cells that ordinary margins would put there, on offer or not. */
  readonly evidence: Figures;
}

/** Shares of a stake; times in ms. Of one board. */
interface BoardCells {
  /** Length of its windows; null while the shadow book is empty. */
  readonly windowMs?: number | null;
  /** UTC epoch ms; null while the shadow book is empty. */
  readonly from: number | null;
  readonly to: number | null;
  readonly all: Figures;
  readonly buckets: readonly RangeFigures[];
  /** By the time from the quote to the opening of the window. */
  readonly leads: readonly (Figures & { readonly belowMs: number | null })[];
  /** By the hour of the day, UTC. */
  readonly hours: readonly (Figures & { readonly hour: number })[];
}

/** Of the default board, and of each; none where nothing is known yet. */
export interface AllCellsProps extends BoardCells {
  readonly boards?: readonly (BoardCells & { readonly name: string })[];
}

const DAY_MS = 86_400_000;

/** What every cell on the board promised and paid, tapped or not. */
export function AllCells(props: AllCellsProps): JSX.Element {
  return (
    <section class="card" id="all-cells">
      <h2>All cells on the board</h2>
      <CellsKept {...props} />
    </section>
  );
}

/**
 * The same without a frame: by multiplier, time ahead and hour, and why a range takes no bets; other boards
 * folded below.
 */
export function CellsKept({ boards = [], ...usual }: AllCellsProps): JSX.Element {
  if (boards.length < 2) return <BoardKept {...usual} />;
  const named = boards.find(({ windowMs }) => windowMs === usual.windowMs);
  return (
    <>
      {named && <p safe>{`${boardText(named)}:`}</p>}
      <BoardKept {...usual} />
      {boards
        .filter((board) => board !== named)
        .map((board) => (
          <details class="kept">
            <summary safe>{boardText(board)}</summary>
            <BoardKept {...board} />
          </details>
        ))}
    </>
  );
}

/** "The quick board, windows of 2 s"; one that has no name but its length is called by that alone. */
const boardText = ({
  name,
  windowMs,
}: {
  readonly name: string;
  readonly windowMs?: number | null;
}): string => {
  const windows = `windows of ${(windowMs ?? 0) / 1_000}\u00a0s`;
  return /^\d/.test(name) ? `Board with ${windows}` : `The ${name} board, ${windows}`;
};

function BoardKept({ from, to, all, buckets, leads, hours }: BoardCells): JSX.Element {
  if (from === null || to === null || all.cells === 0)
    return (
      <>
        <p class="quiet">
          Every cell counts here, tapped or not. The first figures appear within ten minutes of the first
          price.
        </p>
        <Closed buckets={buckets} />
      </>
    );
  return (
    <>
      <p class="quiet" safe>
        {`Every cell of one board in eight seconds, tapped or not, with the same stake on each: ` +
          `${spanText(from, to)}.`}
      </p>
      <CellsTable
        title="Multiplier"
        rows={[
          ...buckets.map((bucket) => ({
            name: rangeText(bucket),
            figures: bucket,
            earned: EARNED[bucket.earned],
          })),
          { name: 'all', figures: all },
        ]}
      />
      <Closed buckets={buckets} />
      <details class="kept">
        <summary>By time ahead, and by hour</summary>
        <CellsTable
          title="Opens in"
          rows={leads.map((figures, index) => ({
            name: leadText(leads[index - 1]?.belowMs ?? null, figures.belowMs),
            figures,
          }))}
        />
        <CellsTable
          title="Hour, UTC"
          rows={hours.map((figures) => ({
            name: `${String(figures.hour).padStart(2, '0')}:00`,
            figures,
          }))}
        />
      </details>
    </>
  );
}

/** Why ranges take no bets; nothing where all do. */
function Closed({ buckets }: Pick<BoardCells, 'buckets'>): JSX.Element {
  const closed = buckets.filter(({ closedBecause }) => closedBecause !== null);
  return closed.length === 0 ? (
    <></>
  ) : (
    <ul class="quiet">
      {closed.map((bucket) => (
        <li safe>{`${rangeText(bucket)} takes no bets: ${reasonText(bucket)}.`}</li>
      ))}
    </ul>
  );
}

function reasonText({ closedBecause, from, evidence: { d, h } }: RangeFigures): string {
  if (d === null) return 'none of its cells has been decided yet';
  if (h === null)
    return closedBecause === 'overpays'
      ? `its cells have paid ${points(d)} points more than they promise, by ${LITTLE_DATA}`
      : `there is ${LITTLE_DATA}`;
  if (closedBecause === 'overpays')
    return `its cells would pay ${signed(d, h)} points more than they promise, which is not chance`;
  const known = `what its cells pay is known to ± ${points(h)} points`;
  return `${known}, and ± ${points(openHalfWidthMax(from))} are needed`;
}

/** Where there is no interval yet. */
const LITTLE_DATA = 'less than two hours of data';

const EARNED: Readonly<Record<Trust, string>> = {
  certified: 'proven within 5 points',
  provisional: 'not proven: wider margins',
  closed: 'closed',
};

interface RowProps {
  readonly name: string;
  readonly figures: Figures;
  readonly earned?: string;
}

function CellsTable({ title, rows }: { title: string; rows: readonly RowProps[] }): JSX.Element {
  const isJudged = rows.some(({ earned }) => earned !== undefined);
  return (
    <table class="table">
      <thead>
        <tr>
          <th safe>{title}</th>
          <th class="right">Promised</th>
          <th class="right">Paid</th>
          <th class="right">Points apart</th>
          {isJudged && <th class="wide">State</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <CellsRow {...row} isJudged={isJudged} />
        ))}
      </tbody>
    </table>
  );
}

function CellsRow({
  name,
  figures: { quoted, realised, d, h },
  earned = '',
  isJudged,
}: RowProps & { isJudged: boolean }): JSX.Element {
  return (
    <tr>
      <td>
        <span safe>{name}</span>
        {earned !== '' && (
          <small class="quiet" safe>
            {earned}
          </small>
        )}
      </td>
      <td class="right money" safe>
        {percent(quoted)}
      </td>
      <td class="right money" safe>
        {percent(realised)}
      </td>
      {d !== null && h === null ? (
        <td class="right words quiet" safe>
          {LITTLE_DATA}
        </td>
      ) : (
        <td class="right money" safe>
          {d === null || h === null ? '–' : signed(d, h)}
        </td>
      )}
      {isJudged && (
        <td class="wide" safe>
          {earned}
        </td>
      )}
    </tr>
  );
}

const percent = (share: number | null): string =>
  share === null ? '–' : `${(share * 100).toFixed(1)}\u00a0%`;
const points = (share: number): string => (share * 100).toFixed(1);
const signed = (d: number, h: number): string => `${d < 0 ? '−' : '+'}${points(Math.abs(d))} ± ${points(h)}`;
const rangeText = ({ from, to }: Pick<RangeFigures, 'from' | 'to'>): string =>
  `${from / 100}–${Math.min(to, MULTIPLIER_MAX) / 100}×`;
const leadText = (fromMs: number | null, belowMs: number | null): string =>
  belowMs === null ? `${(fromMs ?? 0) / 1000} s and more` : `${(fromMs ?? 0) / 1000}–${belowMs / 1000} s`;

function spanText(from: number, to: number): string {
  const days = (to - from) / DAY_MS;
  const hours = Math.round(days * 24);
  const minutes = Math.round((to - from) / 60_000);
  if (days >= 1.5) return `the last ${Math.round(days)} days`;
  if (hours > 1) return `the last ${hours} hours`;
  return minutes < 60 ? `the last ${minutes} minutes` : 'the last hour';
}
