import { Html } from '@elysiajs/html';
import { micros } from '../../server/game/money.ts';
import type { Leaderboard } from '../../server/ports/crowd.ts';
import { signedText } from '../amount.ts';
import { IDS } from '../ids.ts';

/** Beside the board. */
const LEADERS_LISTED = 5;

/** The best practice accounts of the week, in a card beside the board. */
export function Leaders({ leaderboard }: { leaderboard: Leaderboard }): JSX.Element {
  return (
    <section class="card leaders">
      <h2>
        <a href="/leaderboard?period=week">This week, practice</a>
      </h2>
      <ol
        id={IDS.leaders}
        class="list"
        data-empty="Nobody yet. Choose a public name in your account to be the first."
      >
        <LeaderRows leaderboard={leaderboard} />
      </ol>
    </section>
  );
}

export function LeaderRows({ leaderboard }: { leaderboard: Leaderboard }): JSX.Element {
  return (
    <>
      {leaderboard.leaders.profit.slice(0, LEADERS_LISTED).map(({ name, profit }, index) => (
        <li>
          <span>
            <small safe>{String(index + 1)}</small> <span safe>{name}</span>
          </span>
          <b class="money" safe>
            {signedText(profit ?? micros(0))}
          </b>
        </li>
      ))}
    </>
  );
}
