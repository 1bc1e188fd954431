import { Html } from '@elysiajs/html';
import { formatDollars, type Currency, type Micros } from '../../server/game/money.ts';
import { signedText } from '../amount.ts';
import { minutesText } from '../clock.ts';
import { IDS } from '../ids.ts';

/**
 * Where an account stands; `net` is what the session has won or lost so far, open stakes counted as still
 * there.
 */
export interface Standing {
  readonly currency: Currency;
  readonly balance: Micros;
  readonly net: Micros;
  readonly sinceMs: number;
  /** Play money that does not cover the lowest stake, with nothing open. */
  readonly isSpent: boolean;
}

export function Balance({ standing }: { standing: Standing }): JSX.Element {
  return (
    <a id={IDS.balance} class="balance" href="/statement">
      <BalanceText standing={standing} />
    </a>
  );
}

export function BalanceText({ standing }: { standing: Standing }): JSX.Element {
  return (
    <>
      <span class="unseen">Balance </span>
      <b safe>{formatDollars(standing.balance)}</b>{' '}
      <small>{standing.currency === 'PLAY' ? 'play' : 'USD'}</small>
    </>
  );
}

export function Net({ standing }: { standing: Standing | null }): JSX.Element {
  return (
    <div id={IDS.net} class="net">
      {standing && <NetText standing={standing} />}
    </div>
  );
}

export function NetText({ standing }: { standing: Standing }): JSX.Element {
  return (
    <>
      <span class="unseen">Result of this session </span>
      <b class={[standing.net > 0 && 'up']} safe>
        {signedText(standing.net)}
      </b>
      <small title="since you signed in">
        this session ·{' '}
        <span data-played="true" safe>
          {minutesText(Math.floor(standing.sinceMs / 60_000))}
        </span>
      </small>
      {standing.isSpent && (
        <button type="button" class="button small" data-refill="true">
          Refill
        </button>
      )}
    </>
  );
}
