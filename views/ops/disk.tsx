import { Html } from '@elysiajs/html';
import type { DiskState } from '../../server/ports/operations.ts';

const WIDTH = 480;
const HEIGHT = 110;
const HALT_SHARE = 0.85;
const DAYS_SHORT = 14;

/**
 * How full the disk was over the last week, the line at which no more bets are taken, and when that is
 * reached at the present pace.
 */
export function DiskCard({ disk, at }: { disk: DiskState; at: number }): JSX.Element {
  const { points, totalBytes, usedBytes, usedShare, daysLeft } = disk;
  const from = points[0]?.at ?? at;
  const x = (when: number): string =>
    (at === from ? WIDTH : ((when - from) / (at - from)) * WIDTH).toFixed(1);
  const y = (bytes: number): string =>
    (HEIGHT - (totalBytes === 0 ? 0 : bytes / totalBytes) * HEIGHT).toFixed(1);
  const line = points.map((point) => `${x(point.at)},${y(point.usedBytes)}`).join(' ');
  return (
    <section class="card disk">
      <h2 safe>{`Disk · ${Math.round(usedShare * 100)} % of ${gigabytes(totalBytes)} used`}</h2>
      <p
        class={
          usedShare >= HALT_SHARE || (daysLeft !== null && daysLeft < DAYS_SHORT)
            ? 'figure-line short'
            : 'figure-line'
        }
        safe
      >{`${gigabytes(totalBytes - usedBytes)} free`}</p>
      <p class="quiet" safe>
        {usedShare >= HALT_SHARE ? 'No new bets are taken.' : forecast(daysLeft)}
      </p>
      <svg
        class="chart"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${gigabytes(usedBytes)} of ${gigabytes(totalBytes)} used; ${forecast(daysLeft)}`}
      >
        <rect class="track" x="0" y="0" width={String(WIDTH)} height={String(HEIGHT)} />
        <polygon
          class="used"
          points={
            `0,${HEIGHT} 0,${y(points[0]?.usedBytes ?? usedBytes)} ${line} ${WIDTH},${y(usedBytes)} ` +
            `${WIDTH},${HEIGHT}`
          }
        />
        <line
          class="bound"
          x1="0"
          x2={String(WIDTH)}
          y1={y(totalBytes * HALT_SHARE)}
          y2={y(totalBytes * HALT_SHARE)}
        />
      </svg>
      <p class="quiet legend">
        <i class="key used"></i> used <i class="key bound"></i> no new bets from 85 %
      </p>
    </section>
  );
}

const gigabytes = (bytes: number): string =>
  `${(bytes / 1024 ** 3).toFixed(bytes < 100 * 1024 ** 3 ? 1 : 0)} GiB`;

function forecast(daysLeft: number | null): string {
  if (daysLeft === null) return 'The forecast appears after an hour.';
  if (daysLeft === Infinity) return 'Not growing.';
  if (daysLeft > 999) return 'More than 999 days until 85 %.';
  return `${daysLeft < 10 ? daysLeft.toFixed(1) : Math.floor(daysLeft)} days until 85 % at this rate.`;
}
