import { Html } from '@elysiajs/html';
import { dayOf } from '../../server/game/day-of-play.ts';
import { formatDollars, formatMultiplier } from '../../server/game/money.ts';
import type { Today } from '../../server/ports/today.ts';
import { betsText, signedText } from '../amount.ts';
import { IDS } from '../ids.ts';
import { Moment } from '../moment.tsx';
import { BalanceCurve } from './curve.tsx';

/** @param today null for a visitor who has not signed in */
export function TodayCard({ today, at }: { today: Today | null; at: number }): JSX.Element {
  return (
    <section class="card today">
      <h2>
        Today{' '}
        <small>
          since <Moment at={dayOf(at)} as="hour" />
        </small>
      </h2>
      <div id={IDS.todayContent}>
        {today ? <TodayContent today={today} /> : <p class="quiet">Your results of the day add up here.</p>}
      </div>
    </section>
  );
}

/** What is written anew with each bet that closes. */
export function TodayContent({ today }: { today: Today }): JSX.Element {
  const { won, lost, refunded, net, staked, paid, best, isWhole } = today;
  if (!isWhole) return <p class="quiet">Adding up your bets of today …</p>;
  if (won + lost + refunded === 0)
    return <p class="quiet">No bet has closed yet. Your first result starts the curve of your balance.</p>;
  return (
    <>
      <dl class="figures">
        <div>
          <dt>result</dt>
          <dd class={[net > 0 && 'up']} safe>
            {signedText(net)}
          </dd>
        </div>
        {best && (
          <div>
            <dt safe>{`best hit, ${formatDollars(best.payout)}`}</dt>
            <dd>
              <a href={`/bets/${best.betId}`} safe>{`${formatMultiplier(best.multiplier)}×`}</a>
            </dd>
          </div>
        )}
        <div>
          <dt safe>{streakLabel(today)}</dt>
          <dd safe>{streakText(today)}</dd>
        </div>
        {staked > 0 && (
          <div>
            <dt>returned</dt>
            <dd title="what won bets paid, of all stakes" safe>{`${percent(paid / staked)} %`}</dd>
          </div>
        )}
      </dl>
      <BalanceCurve today={today} />
      <p class="quiet" safe>
        {`${betsText(won + lost + refunded)}: ${won} won, ${lost} lost` +
          (refunded > 0 ? `, ${refunded} refunded` : '')}
      </p>
    </>
  );
}

const percent = (share: number): string =>
  share < 10 ? (100 * share).toFixed(1) : Math.floor(100 * share).toString();

const streakText = ({ streak }: Today): string => (streak === null ? '–' : String(streak.bets));
function streakLabel({ streak, wonInARowMax: most }: Today): string {
  if (streak === null) return 'in a row';
  if (streak.outcome === 'lost') return `lost in a row${most > 1 ? `, best ${most} won` : ''}`;
  return `won in a row${most > streak.bets ? `, best ${most}` : ''}`;
}
