import { Html } from '@elysiajs/html';
import { formatDollars, micros } from '../../server/game/money.ts';
import { isUnrestricted, type AccountLimit, type Restriction } from '../../server/game/restriction.ts';

/** On every page of an account that is blocked; empty for any other. */
export function RestrictionBanner({ restriction }: { restriction: Restriction }): JSX.Element {
  if (!restriction.blocked) return <HeldBanner holdMs={restriction.holdMs} />;
  return (
    <p class="banner halt blocked">
      <b>Your account is blocked</b>
      <span> — you cannot bet</span>
      <span class="more">; open bets continue and are paid</span>
    </p>
  );
}

/** Taps of the account are held longer than those of others. */
function HeldBanner({ holdMs }: { holdMs: number | null }): JSX.Element {
  if (holdMs === null) return '';
  return (
    <p class="banner warn held">
      <a href="/rules#hold" safe>{`Your taps are held for ${holdMs / 1000} s`}</a>
      <span class="more">, longer than others, by the operator</span>
    </p>
  );
}

const LIMITS: readonly (readonly [limit: AccountLimit, label: string])[] = [
  ['stakeMax', 'Highest stake of one tap'],
  ['dailyStake', 'Stakes in one UTC day'],
  ['openPayout', 'What open bets could pay'],
];

/**
 * What the operator has set for the account, in addition to its trader's limits; empty if there is nothing.
 */
export function RestrictionCard({ restriction }: { restriction: Restriction }): JSX.Element {
  if (isUnrestricted(restriction)) return '';
  const set = LIMITS.flatMap(([limit, label]) => {
    const most = restriction[limit];
    return most === null ? [] : [{ label, most: micros(most) }];
  });
  return (
    <section class="operator-limits">
      <h2>Set by the operator</h2>
      {restriction.blocked && (
        <p class="warning">
          Your account is blocked. You cannot bet, and once signed out you cannot sign in again. Open bets
          continue and are paid, and your balance stays yours. To ask why, contact the operator.
        </p>
      )}
      {restriction.holdMs !== null && (
        <p>
          Your taps are held for <b safe>{`${restriction.holdMs / 1000} s`}</b> before they are locked, longer
          than others: <a href="/rules#hold">why this may happen</a>.
        </p>
      )}
      {set.length > 0 && (
        <dl class="facts">
          {set.map(({ label, most }) => (
            <>
              <dt safe>{label}</dt>
              <dd class="money" safe>
                {formatDollars(most)}
              </dd>
            </>
          ))}
        </dl>
      )}
      {set.length > 0 && (
        <p class="quiet">These apply in addition to your own limits; the tighter one counts.</p>
      )}
    </section>
  );
}
