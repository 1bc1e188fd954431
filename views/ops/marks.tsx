import { Html } from '@elysiajs/html';
import { MARK_AFTER_MS } from '../../server/game/mark-sums.ts';
import type { AccountMarks, MarkFigures } from '../../server/ports/readings.ts';
import { betsText } from '../amount.ts';
import { gainText } from './gain.ts';

/** Accounts in whose favour the price moves in the seconds after their bets are locked. */
export function MarksCard({ marks }: { marks: MarkFigures }): JSX.Element {
  const { accounts, marked, gaining } = marks;
  return (
    <section class="card marks">
      <h2>Accounts that gain after the lock</h2>
      <p class="quiet" safe>
        {accounts === 0
          ? marked === 0
            ? 'No bet was priced again since the start.'
            : `Bets priced again since the start: ${marked}. No account has figures: they begin anew ` +
              'when its hold changes.'
          : `${accounts === 1 ? '1 account' : `${accounts} accounts`}, ${betsText(marked)} since the ` +
            `start; ${gaining.length === 0 ? 'none gains' : `${gaining.length} gain`} beyond chance.`}
      </p>
      {gaining.length > 0 && (
        <>
          <ul class="actions">
            {gaining.map((account) => (
              <Gaining account={account} />
            ))}
          </ul>
          <p class="quiet">
            They see prices earlier, or know better. A longer hold takes away a head start, smaller stakes
            bound what it costs, or nothing is done: <code>tapgrid accounts limit</code>. The trader sees it.
          </p>
        </>
      )}
    </section>
  );
}

function Gaining({ account }: { account: AccountMarks }): JSX.Element {
  const { accountId, bets, edge, gains } = account;
  return (
    <li>
      <b safe>{accountId}</b>{' '}
      <span safe>
        {gains?.map((gain, index) => `${MARK_AFTER_MS[index]! / 1_000} s: ${gainText(gain)}`).join(' · ') ??
          ''}
      </span>
      <small safe>{`${betsText(bets)} · edge ${(edge * 100).toFixed(1)} %`}</small>
    </li>
  );
}
