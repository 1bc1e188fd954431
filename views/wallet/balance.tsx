import { Html } from '@elysiajs/html';
import { formatDollars, type Currency, type Micros } from '../../server/game/money.ts';
import { signedText } from '../amount.ts';
import { minutesText } from '../clock.ts';
import { IDS } from '../ids.ts';

/**
 * Where an account stands; `net` is what the session has won or lost so far, open stakes counted as still
 * there.
 */
export interface SessionBalance {
  readonly currency: Currency;
  readonly balance: Micros;
  readonly net: Micros;
  readonly sinceMs: number;
  /** Play money that does not cover the lowest stake, with nothing open. */
  readonly isSpent: boolean;
}

export function Balance({ sessionBalance }: { sessionBalance: SessionBalance }): JSX.Element {
  return (
    <a id={IDS.balance} class="balance" href="/statement">
      <BalanceText sessionBalance={sessionBalance} />
    </a>
  );
}

export function BalanceText({ sessionBalance }: { sessionBalance: SessionBalance }): JSX.Element {
  return (
    <>
      <span class="unseen">Balance </span>
      <b safe>{formatDollars(sessionBalance.balance)}</b>{' '}
      <small>{sessionBalance.currency === 'PLAY' ? 'play' : 'USD'}</small>
    </>
  );
}

export function Net({ sessionBalance }: { sessionBalance: SessionBalance | null }): JSX.Element {
  return (
    <div id={IDS.net} class="net">
      {sessionBalance && <NetText sessionBalance={sessionBalance} />}
    </div>
  );
}

export function NetText({ sessionBalance }: { sessionBalance: SessionBalance }): JSX.Element {
  return (
    <>
      <span class="unseen">Result of this session </span>
      <b class={[sessionBalance.net > 0 && 'up']} safe>
        {signedText(sessionBalance.net)}
      </b>
      <small title="since you signed in">
        this session ·{' '}
        <span data-played="true" safe>
          {minutesText(Math.floor(sessionBalance.sinceMs / 60_000))}
        </span>
      </small>
      {sessionBalance.isSpent && (
        <button type="button" class="button small" data-refill="true">
          Refill
        </button>
      )}
    </>
  );
}
