import { Html } from '@elysiajs/html';
import type { Trust } from '../../server/game/learned/gate.ts';

interface Figures {
  readonly cells: number;
  readonly quoted: number | null;
  readonly realised: number | null;
  readonly d: number | null;
  readonly h: number | null;
}

export interface AllCellsProps {
  /** UTC epoch ms; null while the shadow book is empty. */
  readonly from: number | null;
  readonly to: number | null;
  readonly all: Figures;
  readonly buckets: readonly (Figures & { from: number; to: number; earned: Trust })[];
}

const DAY_MS = 86_400_000;

/** What every cell on the board promised and paid, tapped or not. */
export function AllCells({ from, to, all, buckets }: AllCellsProps): JSX.Element {
  return (
    <section class="card" id="all-cells">
      <h2>All cells on the board</h2>
      {from === null || to === null || all.cells === 0 ? (
        <p class="quiet">
          Every cell counts here, tapped or not. The first figures appear within ten minutes of the first
          price.
        </p>
      ) : (
        <>
          <p class="quiet" safe>
            {`Every cell of one board in eight seconds, tapped or not, with the same stake on each: ` +
              `${spanText(from, to)}.`}
          </p>
          <table class="table">
            <thead>
              <tr>
                <th>Multiplier</th>
                <th class="right">Promised</th>
                <th class="right">Paid</th>
                <th class="right">Difference, points</th>
                <th class="wide">Proven?</th>
              </tr>
            </thead>
            <tbody>
              {buckets.map((bucket) => (
                <CellsRow
                  name={`${bucket.from / 100}–${Math.min(bucket.to, 2500) / 100}×`}
                  figures={bucket}
                  earned={EARNED[bucket.earned]}
                />
              ))}
              <CellsRow name="all" figures={all} earned="" />
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

const EARNED: Readonly<Record<Trust, string>> = {
  certified: 'yes, within 5 points',
  provisional: 'not yet',
  closed: 'no',
};

function CellsRow({
  name,
  figures: { quoted, realised, d, h },
  earned,
}: {
  name: string;
  figures: Figures;
  earned: string;
}): JSX.Element {
  return (
    <tr>
      <td safe>{name}</td>
      <td class="right money" safe>
        {percent(quoted)}
      </td>
      <td class="right money" safe>
        {percent(realised)}
      </td>
      <td class="right money" safe>
        {d === null || h === null ? '–' : `${d < 0 ? '−' : '+'}${points(Math.abs(d))} ± ${points(h)}`}
      </td>
      <td class="wide" safe>
        {earned}
      </td>
    </tr>
  );
}

const percent = (share: number | null): string =>
  share === null ? '–' : `${(share * 100).toFixed(1)}\u00a0%`;
const points = (share: number): string => (share * 100).toFixed(1);

function spanText(from: number, to: number): string {
  const days = (to - from) / DAY_MS;
  return days >= 1.5
    ? `the last ${Math.round(days)} days`
    : `the last ${Math.max(1, Math.round(days * 24))} hours`;
}
