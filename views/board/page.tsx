import { Html } from '@elysiajs/html';
import type { Bet } from '../../server/game/bet.ts';
import type { Micros } from '../../server/game/money.ts';
import type { Cents } from '../../server/game/price.ts';
import { formatPrice } from '../../server/game/price.ts';
import type { StakeRange } from '../../server/game/stake.ts';
import type { Leaderboard } from '../../server/ports/crowd.ts';
import type { ShownBet } from '../../server/ports/shown-bet.ts';
import { OpenBets } from '../bet/open.tsx';
import { Results } from '../bet/result.tsx';
import { IDS } from '../ids.ts';
import { Leaders } from '../others/leaders.tsx';
import { OwnStakeSheet, RepeatButton, stakeAtFirst, Stakes } from '../tap/stakes.tsx';
import { Ticket } from '../tap/ticket.tsx';
import type { Today } from '../../server/ports/today.ts';
import { Net, type SessionBalance } from '../wallet/balance.tsx';
import { TodayCard } from '../wallet/today.tsx';
import { BoardView, type BoardProps } from './board.tsx';
import { Boards, type BoardsProps } from './boards.tsx';

export interface BoardPageProps extends BoardProps {
  readonly boards: BoardsProps;
  readonly feedLabel: string;
  readonly sessionBalance: SessionBalance | null;
  readonly stakes: readonly Micros[];
  /** What may be staked, by house and account. */
  readonly range: StakeRange;
  readonly open: readonly Bet[];
  readonly results: readonly ShownBet[];
  /** Null for a visitor who has not signed in. */
  readonly today: Today | null;
  /**
   * Below this part of what they saw a trader's stake comes back at the lock; null in a house that fills at
   * once.
   */
  readonly guardPercent: number | null;
  /** Of the week; null where nothing of others is shown. */
  readonly leaderboard: Leaderboard | null;
}

/** Price, board, stakes, and the trader's bets beside them. */
export function BoardPage(props: BoardPageProps): JSX.Element {
  const { board, boards, sessionBalance, stakes, range, open, results, today, at, guardPercent, feedLabel } =
    props;
  const { leaderboard } = props;
  return (
    <>
      <section class="head" aria-label="BTC price and your result">
        <Price price={board?.tick.price ?? null} />
        <small class="venue">
          BTC ·{' '}
          <span id={IDS.venue} safe>
            {feedLabel}
          </span>
        </small>
        <Net sessionBalance={sessionBalance} />
      </section>
      <main id="main" class={['main', boards.windows.length > 1 && 'several']}>
        <BoardView {...props} />
        {/* Where it is the target, a phone shows of what follows today alone. */}
        <span id={IDS.today}></span>
        <aside id={IDS.rail} class="rail" aria-label="Your bets">
          <h2>Your bets</h2>
          <a class="close" href="#main" aria-label="Close">
            ×
          </a>
          <OpenBets bets={open} />
          <TodayCard today={today} at={at} />
          <Results bets={results} />
          {leaderboard !== null && <Leaders leaderboard={leaderboard} />}
        </aside>
      </main>
      <footer class="foot">
        <Boards {...boards} />
        <Ticket stake={stakeAtFirst(stakes)} guardPercent={guardPercent} signedIn={sessionBalance !== null} />
        <RepeatButton />
        <Stakes stakes={stakes} range={range} />
        <noscript>
          <p class="quiet centre unscripted">
            You can watch without JavaScript, but tapping needs it: your browser signs every tap.
          </p>
        </noscript>
      </footer>
      {range.min < range.max && <OwnStakeSheet range={range} />}
    </>
  );
}

function Price({ price }: { price: Cents | null }): JSX.Element {
  const [whole, fraction] = price === null ? ['–', ''] : formatPrice(price).split('.');
  return (
    <h1 id={IDS.price} class="price">
      <b safe>{whole!}</b>
      <small safe>{fraction ? `.${fraction}` : ''}</small>
    </h1>
  );
}
