import { Html } from '@elysiajs/html';
import { CURRENCIES, formatDollars, type Currency, micros } from '../../server/game/money.ts';
import type { BankrollPoint, Exposure, BankrollFigures, Operations } from '../../server/ports/operations.ts';
import { signedText } from '../amount.ts';

/** What the house has, made, and may lose; a currency in which it has nothing is left out. */
export function MoneyCard({
  operations: { at, money, exposure, sockets, queued, walBytes, memoryBytes },
}: {
  operations: Operations;
}): JSX.Element {
  const used = CURRENCIES.filter((currency) => currency === 'PLAY' || money[currency].bankroll !== 0);
  return (
    <section class="card">
      <h2>House</h2>
      <div class="houses">
        {used.map((currency) => (
          <Bankroll currency={currency} money={money[currency]} exposure={exposure[currency]} at={at} />
        ))}
      </div>
      {!used.includes('USD') && (
        <p class="quiet hint">
          No real-money bets: the house has no bankroll for them (USD_BANKROLL_DOLLARS at the first start).
        </p>
      )}
      <p class="quiet chips">
        <span safe>{counted(sockets, 'socket')}</span>
        <span safe>{`${counted(queued, 'tap')} waiting`}</span>
        <span safe>{`${megabytes(walBytes)} write-ahead log`}</span>
        <span safe>{`${megabytes(memoryBytes)} memory`}</span>
      </p>
    </section>
  );
}

function Bankroll({
  currency,
  money,
  exposure,
  at,
}: {
  currency: Currency;
  money: BankrollFigures;
  exposure: Exposure;
  at: number;
}): JSX.Element {
  const { bankroll, today, week, history } = money;
  const bets = sum(exposure, 'bets');
  return (
    <article class="house">
      <h3 safe>{currency === 'PLAY' ? 'Play money' : 'Real money'}</h3>
      <p class="figure-line money" safe>
        {formatDollars(micros(bankroll))}
      </p>
      <p class="gains">
        <Gain amount={today} when="profit today" /> <Gain amount={week} when="in 7 days" />
      </p>
      <BankrollLine
        points={[...(history.length > 0 ? history : [{ at: at - 1, bankroll }]), { at, bankroll }]}
      />
      <p class="pair">
        <span class="quiet">Open stakes</span>{' '}
        <span safe>
          {bets === 0
            ? 'none'
            : `${formatDollars(micros(sum(exposure, 'stake')))} in ${counted(bets, 'bet')}`}
        </span>
      </p>
      <Meter name="Worst case" value={sum(exposure, 'risk')} most={exposure.caps.total} />
    </article>
  );
}

const Gain = ({ amount, when }: { amount: number; when: string }): JSX.Element => (
  <span class={['money', amount > 0 && 'up', amount < 0 && 'down']}>
    <span safe>{signedText(micros(amount))}</span> <small safe>{when}</small>
  </span>
);

const WIDTH = 480;
const HEIGHT = 72;
const MARGIN = 6;

/** The bankroll over a week; the dashed line is where it began. */
function BankrollLine({ points }: { points: readonly BankrollPoint[] }): JSX.Element {
  const values = points.map(({ bankroll }) => bankroll);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [first, last] = [points[0]!, points.at(-1)!];
  const x = (when: number): string =>
    (last.at === first.at ? WIDTH : ((when - first.at) / (last.at - first.at)) * WIDTH).toFixed(1);
  const y = (value: number): string =>
    (high === low
      ? HEIGHT / 2
      : HEIGHT - MARGIN - ((value - low) / (high - low)) * (HEIGHT - 2 * MARGIN)
    ).toFixed(1);
  const line = points.map((point) => `${x(point.at)},${y(point.bankroll)}`).join(' ');
  const words =
    high === low
      ? 'the bankroll has not changed in 7 days'
      : `bankroll in 7 days between ${formatDollars(micros(low))} and ${formatDollars(micros(high))}`;
  return (
    <svg
      class={['chart', 'bankroll', last.bankroll < first.bankroll && 'down']}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words}
    >
      <polygon class="under" points={`0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} />
      <line class="began" x1="0" x2={String(WIDTH)} y1={y(first.bankroll)} y2={y(first.bankroll)} />
      <polyline points={line} />
    </svg>
  );
}

/** How much of what is allowed is used; from three quarters on it turns red. */
function Meter({ name, value, most }: { name: string; value: number; most: number }): JSX.Element {
  const share = most > 0 ? Math.min(1, value / most) : value > 0 ? 1 : 0;
  return (
    <>
      <p class="pair">
        <span class="quiet" safe>
          {name}
        </span>{' '}
        <span safe>{`${formatDollars(micros(value))} of ${formatDollars(micros(most))}`}</span>
      </p>
      <svg
        class="meter"
        viewBox={`0 0 ${WIDTH} 8`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${Math.round(share * 100)} % of the limit`}
      >
        <rect class="track" x="0" y="0" width={String(WIDTH)} height="8" />
        {share > 0 && (
          <rect
            class={share > 0.75 ? 'filled full' : 'filled'}
            x="0"
            y="0"
            width={Math.max(3, share * WIDTH).toFixed(1)}
            height="8"
          />
        )}
      </svg>
    </>
  );
}

const sum = ({ cells }: Exposure, of: 'stake' | 'risk' | 'bets'): number =>
  cells.reduce((total, cell) => total + cell[of], 0);
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
