import { Html } from '@elysiajs/html';
import { formatMultiplier } from '../../server/game/money.ts';
import type { Leaderboard, LeaderboardOrder, LeaderboardPeriod, Leader } from '../../server/ports/crowd.ts';
import { betsText, signedText } from '../amount.ts';
import { Moment } from '../moment.tsx';
import { NameForm, type NameFormProps } from './name-form.tsx';
import { WHO_COUNTS } from './people.tsx';

export interface LeaderboardPageProps {
  readonly period: LeaderboardPeriod;
  readonly by: LeaderboardOrder;
  readonly leaderboard: Leaderboard;
  /** Bets from before the start of the server are still being counted. */
  readonly counting: boolean;
  readonly people: number;
  /** Null for who has no practice account. */
  readonly own: NameFormProps | null;
}

const PERIODS: readonly (readonly [LeaderboardPeriod, string])[] = [
  ['day', 'Today'],
  ['week', 'This week'],
];
const ORDERS: readonly (readonly [LeaderboardOrder, string])[] = [
  ['profit', 'Profit'],
  ['hit', 'Best hit'],
];

/** The best practice accounts, of those that agreed to be shown. */
export function LeaderboardPage(props: LeaderboardPageProps): JSX.Element {
  const { period, by, leaderboard, counting, people, own } = props;
  const leaders = leaderboard.leaders[by];
  return (
    <main id="main" class="page">
      <header class="title">
        <h1>Leaderboard</h1>
        <span class="tag">practice</span>
      </header>
      <div class="choices">
        <Segments label="Period" items={PERIODS} chosen={period} href={(one) => address(one, by)} />
        <Segments label="Order" items={ORDERS} chosen={by} href={(one) => address(period, one)} />
      </div>
      {counting && (
        <p class="quiet" role="status">
          The server has just started and is still counting the bets of this week: some may be missing.
        </p>
      )}
      {leaders.length === 0 ? (
        <NobodyYet period={period} by={by} mayJoin={own !== null && own.name === null} />
      ) : (
        <section class="card flush">
          <LeaderTable leaders={leaders} by={by} ownName={own?.name ?? null} />
        </section>
      )}
      <p class="quiet">
        Bets that closed since <Moment at={leaderboard.since} as="minute" />; the next{' '}
        {period === 'day' ? 'day' : 'week'} begins <Moment at={leaderboard.until} as="minute" />. Profit is
        payouts minus stakes: play money that was granted or refilled is none. The list is made anew every
        five seconds.
      </p>
      {own !== null ? (
        <section class="card roomy settings">
          <NameForm {...own} />
        </section>
      ) : (
        <p class="quiet">
          Only practice accounts are listed, and only those that chose a public name. With real money nobody
          is named.
        </p>
      )}
      <p class="quiet" safe>
        {people > 0 ? `Here now: ${people}. ${WHO_COUNTS}` : WHO_COUNTS}
      </p>
    </main>
  );
}

const address = (period: LeaderboardPeriod, by: LeaderboardOrder): string =>
  `/leaderboard?period=${period}&by=${by}`;

function Segments<Name extends string>({
  label,
  items,
  chosen,
  href,
}: {
  label: string;
  items: readonly (readonly [Name, string])[];
  chosen: Name;
  href: (name: Name) => string;
}): JSX.Element {
  return (
    <nav class="segments" aria-label={label}>
      {items.map(([name, text]) => (
        <a href={href(name)} aria-current={name === chosen ? 'page' : undefined} safe>
          {text}
        </a>
      ))}
    </nav>
  );
}

function LeaderTable({
  leaders,
  by,
  ownName,
}: {
  leaders: readonly Leader[];
  by: LeaderboardOrder;
  ownName: string | null;
}): JSX.Element {
  return (
    <table class="table ranking">
      <thead>
        <tr>
          <th>#</th>
          <th>Name</th>
          <th class="right">Profit</th>
          <th class="right">Best hit</th>
          <th class="right wide">Bets</th>
        </tr>
      </thead>
      <tbody>
        {leaders.map(({ name, profit, hit, bets }, index) => (
          <tr class={name === ownName ? 'own' : undefined}>
            <td class="rank" safe>
              {String(index + 1)}
            </td>
            <td>
              <b safe>{name}</b>
              {name === ownName && <span class="quiet"> (you)</span>}
              <small class="quiet" safe>
                {betsText(bets)}
              </small>
            </td>
            <td class={['right money', by === 'profit' && 'leading']} safe>
              {profit === null ? '–' : signedText(profit)}
            </td>
            <td class={['right money', by === 'hit' && 'leading']} safe>
              {hit === null ? '–' : `${formatMultiplier(hit)}×`}
            </td>
            <td class="right wide" safe>
              {String(bets)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function NobodyYet({
  period,
  by,
  mayJoin,
}: {
  period: LeaderboardPeriod;
  by: LeaderboardOrder;
  mayJoin: boolean;
}): JSX.Element {
  return (
    <section class="card empty">
      <h2>{period === 'day' ? 'Nobody is on today’s list yet' : 'Nobody is on this week’s list yet'}</h2>
      <p safe>
        {(by === 'profit'
          ? 'The first practice account with a profit'
          : 'The first practice account to win') +
          ` and a public name tops it.${mayJoin ? ' Choose yours below.' : ''}`}
      </p>
      <a class="button" href="/">
        To the board
      </a>
    </section>
  );
}
